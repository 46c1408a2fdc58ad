//! A target after the fit: its labels, or the distribution of its numbers, and the form in which a network is trained on them.

mod binary;
mod labels;
mod multiclass;
mod multilabel;
mod regression;
mod stored;
#[cfg(test)]
mod tests;

pub(super) use labels::listed;
pub(super) use regression::NumberTarget;

use super::{Target, Task};
use crate::lists::try_map;
use crate::preprocessing::{Table, Value};
use crate::{Result, Scalar};
use labels::labels;
use multilabel::flags;
use nalgebra::DMatrix;
use regression::complete;
use serde::{Deserialize, Serialize};

/// A [`Target`] that learned from the training rows: its labels, or the distribution of its numbers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FittedTarget {
    target: Target,
    /// The classes in ascending order; of a binary target the negative and the positive one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    labels: Vec<Value>,
    /// One for each column of numbers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    numbers: Vec<NumberTarget>,
}

/// How the classes of a multiclass target are passed to a loss.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ClassForm {
    /// A column for each class, 1 for that of the row.
    OneHot,
    /// One column with the index of the class.
    Index,
}

impl Target {
    /// Learns from the rows of a table, for what inspects them without a fit.
    pub(crate) fn learned(&self, table: &Table) -> Result<FittedTarget> {
        self.fit(table, None)
    }

    /// Learns the labels from all rows, and the distribution of numbers from the training rows.
    pub(super) fn fit(&self, train: &Table, validation: Option<&Table>) -> Result<FittedTarget> {
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

    fn named(&self) -> String {
        format!("Target of {}", self.columns.join(", "))
    }
}

impl FittedTarget {
    /// The description.
    pub fn target(&self) -> &Target {
        &self.target
    }

    /// The kind of the task.
    pub fn task(&self) -> Task {
        self.target.task
    }

    /// The labels of the classes in the order of their probabilities; of a binary target the negative and the positive one;
    /// empty for other tasks.
    pub fn labels(&self) -> &[Value] {
        &self.labels
    }

    /// The label whose probability a binary target predicts.
    pub fn positive_label(&self) -> Option<&Value> {
        if self.task() == Task::Binary { self.labels.get(1) } else { None }
    }

    /// The number of outputs that a network needs: one for a binary target, one for each class, number or label otherwise.
    pub fn outputs(&self) -> usize {
        match self.task() {
            Task::Binary | Task::Regression => 1,
            Task::Multiclass => self.labels.len(),
            Task::MultiRegression | Task::Multilabel => self.target.columns.len(),
        }
    }

    /// The targets of a network: rows × outputs, or one column for [`ClassForm::Index`].
    pub(super) fn encode<T: Scalar>(&self, table: &Table, form: ClassForm) -> Result<DMatrix<T>> {
        let rows = table.nrows();
        match self.task() {
            Task::Binary => {
                let classes = self.classes(table)?;
                Ok(DMatrix::from_fn(rows, 1, |row, _| T::of(classes[row] as f64)))
            }
            Task::Multiclass => {
                let classes = self.classes(table)?;
                Ok(match form {
                    ClassForm::Index => DMatrix::from_fn(rows, 1, |row, _| T::of(classes[row] as f64)),
                    ClassForm::OneHot => DMatrix::from_fn(rows, self.labels.len(), |row, class| {
                        if classes[row] == class { T::one() } else { T::zero() }
                    }),
                })
            }
            Task::Regression | Task::MultiRegression => self.encode_numbers(table),
            Task::Multilabel => {
                let columns = try_map(self.target.columns.iter(), |name| flags(table, name))?;
                Ok(DMatrix::from_fn(rows, columns.len(), |row, column| T::of(columns[column][row])))
            }
        }
    }

    /// The columns of numbers or labels as they are in the table, rows × columns.
    pub(crate) fn values(&self, table: &Table) -> Result<DMatrix<f64>> {
        let columns: Vec<&[f64]> = match self.task() {
            Task::Multilabel => try_map(self.target.columns.iter(), |name| flags(table, name))?,
            _ => try_map(self.target.columns.iter(), |name| complete(table, name))?,
        };
        Ok(DMatrix::from_fn(table.nrows(), columns.len(), |row, column| columns[column][row]))
    }
}
