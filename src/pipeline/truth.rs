//! The truth about the rows of a table, for scores.

use super::{FittedTarget, Task};
use crate::Result;
use crate::checksum::{continue_crc32c, continue_with_numbers, crc32c};
use crate::preprocessing::Table;
use crate::scores::Truth;
use nalgebra::DMatrix;

/// The true classes, numbers or labels of rows.
#[derive(Debug, Clone)]
pub(crate) enum TrueValues {
    Classes { labels: Vec<usize>, n_classes: usize },
    Numbers(DMatrix<f64>),
    Indicators(DMatrix<f64>),
}

impl TrueValues {
    pub(crate) fn of(target: &FittedTarget, table: &Table) -> Result<Self> {
        Ok(match target.task() {
            Task::Binary | Task::Multiclass => {
                TrueValues::Classes { labels: target.classes(table)?, n_classes: target.labels().len() }
            }
            Task::Regression | Task::MultiRegression => TrueValues::Numbers(target.values(table)?),
            Task::Multilabel => TrueValues::Indicators(target.values(table)?),
        })
    }

    /// Concatenates the truths of blocks of rows.
    pub(super) fn joined(target: &FittedTarget, blocks: Vec<TrueValues>) -> Self {
        let (mut classes, mut values) = (Vec::new(), Vec::new());
        for block in blocks {
            match block {
                TrueValues::Classes { labels, .. } => classes.extend(labels),
                TrueValues::Numbers(block) | TrueValues::Indicators(block) => {
                    values.extend(block.transpose().iter().copied());
                }
            }
        }
        let matrix = |values: &[f64]| {
            let columns = target.outputs();
            DMatrix::from_row_slice(values.len() / columns.max(1), columns, values)
        };
        match target.task() {
            Task::Binary | Task::Multiclass => {
                TrueValues::Classes { labels: classes, n_classes: target.labels().len() }
            }
            Task::Regression | Task::MultiRegression => TrueValues::Numbers(matrix(&values)),
            Task::Multilabel => TrueValues::Indicators(matrix(&values)),
        }
    }

    /// The checksum of these rows of a table and of the values in them.
    pub(super) fn checksum(&self, rows: &[usize]) -> u32 {
        let sum = rows.iter().fold(crc32c(&[]), |sum, &row| continue_crc32c(sum, &(row as u64).to_le_bytes()));
        match self {
            TrueValues::Classes { labels, n_classes } => {
                continue_with_numbers(sum, [*n_classes].iter().chain(labels).map(|&class| class as f64))
            }
            TrueValues::Numbers(values) | TrueValues::Indicators(values) => {
                continue_with_numbers(sum, values.iter().copied())
            }
        }
    }

    pub(crate) fn truth(&self) -> Truth<'_> {
        match self {
            TrueValues::Classes { labels, n_classes } => Truth::Classes { labels, n_classes: *n_classes },
            TrueValues::Numbers(numbers) => Truth::Numbers(numbers),
            TrueValues::Indicators(indicators) => Truth::Indicators(indicators),
        }
    }
}
