//! Rows as the targets of a network.

use super::super::Task;
use super::columns::{complete, flags};
use super::state::{ClassForm, FittedTarget};
use crate::lists::try_map;
use crate::preprocessing::Table;
use crate::{Result, Scalar};
use nalgebra::DMatrix;

impl FittedTarget {
    /// The targets of a network: rows × outputs, or one column for [`ClassForm::Index`].
    pub(in super::super) fn encode<T: Scalar>(&self, table: &Table, form: ClassForm) -> Result<DMatrix<T>> {
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
