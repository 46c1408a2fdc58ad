//! The outputs of the target, whose association with columns is measured.

use crate::Result;
use crate::pipeline::{Target, Task};
use crate::preprocessing::Table;

/// One output of the target: a class or a number for each row.
pub(super) enum Outcome {
    /// Whether the row has a label.
    Label { name: String, is: Vec<bool> },
    /// A number.
    Number { name: String, values: Vec<f64> },
}

impl Outcome {
    /// The outcomes of a target: one for a binary target, one for each class, label or number otherwise.
    pub(super) fn of(target: &Target, table: &Table) -> Result<Vec<Outcome>> {
        let fitted = target.learned(&table.select(target.columns())?)?;
        let names = target.columns();
        Ok(match target.task() {
            Task::Binary => {
                let is = fitted.classes(table)?.into_iter().map(|class| class == 1).collect();
                vec![Outcome::Label { name: fitted.labels()[1].to_string(), is }]
            }
            Task::Multiclass => {
                let classes = fitted.classes(table)?;
                let of = |index: usize| classes.iter().map(|class| *class == index).collect();
                let labels = fitted.labels().iter().enumerate();
                labels.map(|(index, label)| Outcome::Label { name: label.to_string(), is: of(index) }).collect()
            }
            Task::Multilabel => {
                let values = fitted.values(table)?;
                let of = |index: usize| values.column(index).iter().map(|value| *value == 1.0).collect();
                names
                    .iter()
                    .enumerate()
                    .map(|(index, name)| Outcome::Label { name: name.clone(), is: of(index) })
                    .collect()
            }
            Task::Regression | Task::MultiRegression => {
                let values = fitted.values(table)?;
                let of = |index: usize| values.column(index).iter().copied().collect();
                names
                    .iter()
                    .enumerate()
                    .map(|(index, name)| Outcome::Number { name: name.clone(), values: of(index) })
                    .collect()
            }
        })
    }

    pub(super) fn name(&self) -> &str {
        match self {
            Outcome::Label { name, .. } | Outcome::Number { name, .. } => name,
        }
    }

    /// 1 and 0 for a label.
    pub(super) fn as_numbers(&self) -> Vec<f64> {
        match self {
            Outcome::Label { is, .. } => is.iter().map(|is| f64::from(u8::from(*is))).collect(),
            Outcome::Number { values, .. } => values.clone(),
        }
    }
}
