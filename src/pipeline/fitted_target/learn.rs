//! The fit of a target.

use super::super::{Target, Task};
use super::columns::flags;
use super::labels::labels;
use super::state::FittedTarget;
use crate::Result;
use crate::lists::try_map;
use crate::preprocessing::Table;

impl Target {
    /// Learns from the rows of a table, for code that inspects them without a fit.
    pub(crate) fn learned(&self, table: &Table) -> Result<FittedTarget> {
        self.fit(table, None)
    }

    /// Learns the labels from all rows, and the distribution of numbers from the training rows.
    pub(in super::super) fn fit(&self, train: &Table, validation: Option<&Table>) -> Result<FittedTarget> {
        self.check()?;
        let labels = || labels(train, validation, &self.columns[0]);
        let (mut classes, mut numbers) = (Vec::new(), Vec::new());
        match self.task {
            Task::Binary => classes = self.two(labels()?)?,
            Task::Multiclass => classes = self.several(labels()?)?,
            Task::Multilabel => self.columns.iter().try_for_each(|name| flags(train, name).map(drop))?,
            Task::Regression | Task::MultiRegression => {
                numbers = try_map(self.columns.iter(), |name| self.number(train, name))?;
            }
        }
        Ok(FittedTarget { target: self.clone(), labels: classes, numbers })
    }

    pub(super) fn named(&self) -> String {
        format!("Target of {}", self.columns.join(", "))
    }
}
