//! Categories as columns, once they are known.

use nalgebra::DMatrix;
use serde::{Deserialize, Serialize};

use super::transformer::{Features, stated, table_of};
use super::{Categories, FittedTransformer, Found, Table, Value};
use crate::error::{Error, Result};
use crate::items::argument::plain;
use crate::scalar::Scalar;

/// What becomes of a category that was not there at the fit, and of a missing value.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Unknown {
    /// An error that names it.
    #[default]
    Error,
    /// Zeros in all columns of the encoded one.
    Zeros,
}

plain!(Unknown);

/// The state in a file.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OneHotState<E> {
    pub(super) encoder: E,
}

/// A [`OneHotEncoder`](struct@super::OneHotEncoder) that knows the categories of the training rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FittedOneHotEncoder {
    pub(crate) columns: Vec<EncodedColumn>,
    pub(crate) unknown: Unknown,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct EncodedColumn {
    pub(crate) name: String,
    pub(crate) categories: Vec<Value>,
    pub(crate) drop_first: bool,
}

impl EncodedColumn {
    pub(crate) fn width(&self) -> usize {
        self.categories.len().saturating_sub(usize::from(self.drop_first))
    }
}

impl FittedOneHotEncoder {
    /// The names of the new columns.
    pub fn names(&self) -> Vec<String> {
        let of_column = |column: &EncodedColumn| {
            let kept = column.categories[column.categories.len() - column.width()..].iter();
            let label = |category: &Value| match category {
                Value::Number(number) => format!("{}_{number}", column.name),
                Value::Boolean(value) => format!("{}_{value}", column.name),
                Value::Text(text) => format!("{}_{text}", column.name),
            };
            kept.map(label).collect::<Vec<_>>()
        };
        self.columns.iter().flat_map(of_column).collect()
    }

    /// The columns that are encoded.
    pub fn inputs(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|column| column.name.as_str())
    }

    /// The categories of an encoded column, in the order of the new columns.
    pub fn categories(&self, column: &str) -> Option<&[Value]> {
        self.columns.iter().find(|known| known.name == column).map(|known| known.categories.as_slice())
    }

    /// The new columns, rows × categories, of the table's columns of the same names as at the fit.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownColumn`]; [`Error::UnknownCategory`] or [`Error::MissingValue`] unless such values
    /// become zeros.
    pub fn transform<T: Scalar>(&self, table: &Table) -> Result<DMatrix<T>> {
        let mut data = Vec::new();
        let mut features = Features::of(&mut data, table.nrows())?;
        self.write(table, &mut features)?;
        let width = features.width();
        Ok(DMatrix::from_vec(table.nrows(), width, data))
    }

    /// Which new column is 1 in each row, if any.
    pub(super) fn positions(&self, column: &EncodedColumn, table: &Table) -> Result<Vec<Option<usize>>> {
        let name = &column.name;
        let position = |(row, found): (usize, Found)| match (found, self.unknown) {
            (Found::Known(index), _) => Ok(if column.drop_first { index.checked_sub(1) } else { Some(index) }),
            (_, Unknown::Zeros) => Ok(None),
            (Found::Missing, Unknown::Error) => {
                Err(Error::MissingValue { place: table.place(row), column: name.clone() })
            }
            (Found::Unknown, Unknown::Error) => Err(Error::UnknownCategory {
                place: table.place(row),
                column: name.clone(),
                value: table.value(name, row).map(|value| value.to_string()).unwrap_or_default(),
                known: column.categories.iter().map(Value::to_string).collect(),
            }),
        };
        let found = Categories::of_values(&column.categories).find(table, name)?;
        found.into_iter().enumerate().map(position).collect()
    }
}

impl FittedTransformer for FittedOneHotEncoder {
    fn inputs(&self) -> Vec<&str> {
        self.inputs().collect()
    }

    fn outputs(&self) -> Vec<String> {
        self.names()
    }

    fn width(&self) -> usize {
        self.columns.iter().map(EncodedColumn::width).sum()
    }

    fn transform(&self, table: &Table) -> Result<Table> {
        table_of(self, table)
    }

    fn write(&self, table: &Table, features: &mut Features<'_>) -> Result<()> {
        self.columns.iter().try_for_each(|column| features.indicators(column.width(), self.positions(column, table)?))
    }

    fn state(&self) -> Result<serde_json::Value> {
        stated("OneHotEncoder", &OneHotState { encoder: self })
    }
}
