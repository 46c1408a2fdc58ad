//! Columns of categories that are mapped to numbers.

use super::category_counts::CategoryCounts;
use super::known_values::{KnownValues, repeated_name};
use super::transformer::{Features, each_of_one};
use super::{Column, RowValue, Table, Value};
use crate::{Error, Result};
use serde::{Deserialize, Serialize};

/// A column's categories and the numbers that they become.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct MappedColumn {
    pub(crate) name: String,
    pub(crate) categories: Vec<Value>,
    /// Whether a missing value is a category, the last one.
    pub(crate) missing: bool,
    /// The names of the columns that it becomes.
    pub(crate) outputs: Vec<String>,
    /// For each of these the number of each category, followed by that of an unknown one.
    pub(crate) values: Vec<Vec<f64>>,
}

impl MappedColumn {
    pub(super) fn known(&self) -> KnownValues<'_> {
        KnownValues { name: &self.name, values: &self.categories, missing: self.missing }
    }

    /// The place of each row among the numbers.
    pub(super) fn places(&self, table: &Table) -> Result<Vec<usize>> {
        let unknown = self.known().len();
        Ok(self.known().places(table)?.into_iter().map(|place| place.unwrap_or(unknown)).collect())
    }

    fn numbers(values: &[f64], places: &[usize]) -> impl Iterator<Item = f64> {
        places.iter().map(|&place| values.get(place).copied().unwrap_or(f64::NAN))
    }

    /// The numbers of each category, none for the missing one.
    pub(super) fn encodings(&self) -> Vec<(Option<&Value>, Vec<f64>)> {
        let of = |place: usize| self.values.iter().filter_map(|values| values.get(place).copied()).collect();
        let categories = self.categories.iter().map(Some).chain(self.missing.then_some(None));
        categories.enumerate().map(|(place, category)| (category, of(place))).collect()
    }

    fn invalid(&self) -> Option<String> {
        let (name, count) = (&self.name, self.known().len() + 1);
        let fits = |values: &Vec<f64>| values.len() == count && values.iter().all(|value| value.is_finite());
        self.known().invalid().or_else(|| {
            let all =
                !self.values.is_empty() && self.outputs.len() == self.values.len() && self.values.iter().all(fits);
            (!all).then(|| format!("\"{name}\" has no number for each of its categories"))
        })
    }
}

/// Columns by their categories.
pub(super) fn counted(table: &Table, name: &str) -> Result<CategoryCounts> {
    let counted = CategoryCounts::of(table, name)?;
    super::one_hot_encoder::given_once("an encoder", name, &counted)?;
    Ok(counted)
}

/// A column without numbers yet.
pub(super) fn unmapped(table: &Table, name: &str) -> Result<MappedColumn> {
    let counted = counted(table, name)?;
    let (missing, categories) = (counted.missing > 0, counted.values);
    Ok(MappedColumn { name: name.to_owned(), categories, missing, outputs: Vec::new(), values: Vec::new() })
}

pub(super) fn inputs(columns: &[MappedColumn]) -> Vec<&str> {
    columns.iter().map(|column| column.name.as_str()).collect()
}

pub(super) fn outputs(columns: &[MappedColumn]) -> Vec<String> {
    let mut names = Vec::with_capacity(width(columns));
    columns.iter().for_each(|column| names.extend_from_slice(&column.outputs));
    names
}

pub(super) fn sources(columns: &[MappedColumn]) -> Vec<Vec<usize>> {
    each_of_one(columns.iter().map(|column| column.outputs.len()))
}

pub(super) fn width(columns: &[MappedColumn]) -> usize {
    columns.iter().map(|column| column.outputs.len()).sum()
}

/// The numbers of each category of the column of that name.
pub(super) fn encodings<'a>(columns: &'a [MappedColumn], name: &str) -> Option<Vec<(Option<&'a Value>, Vec<f64>)>> {
    columns.iter().find(|known| known.name == name).map(MappedColumn::encodings)
}

/// Maps the columns and returns them as a table.
pub(super) fn transformed(columns: &[MappedColumn], table: &Table) -> Result<Table> {
    let mut made = Vec::new();
    for column in columns {
        let places = column.places(table)?;
        for (output, values) in column.outputs.iter().zip(&column.values) {
            made.push((output.clone(), Column::Number(MappedColumn::numbers(values, &places).collect())));
        }
    }
    Ok(table.of_same_rows(made))
}

/// Maps the columns and writes them as columns of a matrix.
pub(super) fn written(columns: &[MappedColumn], table: &Table, features: &mut Features<'_>) -> Result<()> {
    columns.iter().try_for_each(|column| {
        let places = column.places(table)?;
        column.values.iter().try_for_each(|values| features.numbers(MappedColumn::numbers(values, &places)))
    })
}

/// Maps one row.
pub(super) fn row_written<'a>(
    columns: &'a [MappedColumn],
    values: &[RowValue<'a>],
    made: &mut Vec<RowValue<'a>>,
) -> bool {
    values.iter().zip(columns).all(|(value, column)| {
        let Some(place) = column.known().place_of(*value) else { return false };
        let place = place.unwrap_or(column.known().len());
        made.extend(
            column.values.iter().map(|numbers| RowValue::number(numbers.get(place).copied().unwrap_or(f64::NAN))),
        );
        true
    })
}

/// Returns an error for columns that no fit can have made.
pub(super) fn checked(item: &str, columns: &[MappedColumn]) -> Result<()> {
    let invalid = columns.iter().find_map(MappedColumn::invalid);
    match invalid.or_else(|| repeated_name(columns.iter().map(|column| column.name.as_str()))) {
        None => Ok(()),
        Some(reason) => Err(Error::Configuration { item: item.into(), reason }),
    }
}

/// Makes a transformer of a fitted encoder with `columns`.
macro_rules! mapped {
    ($fitted:ident: $class:literal) => {
        impl $fitted {
            /// The number, or numbers, of each category of an encoded column; no category is the missing one.
            pub fn encodings(&self, column: &str) -> Option<Vec<(Option<&Value>, Vec<f64>)>> {
                $crate::preprocessing::mapped_columns::encodings(&self.columns, column)
            }
        }

        impl FittedTransformer for $fitted {
            fn inputs(&self) -> Vec<&str> {
                $crate::preprocessing::mapped_columns::inputs(&self.columns)
            }

            fn outputs(&self) -> Vec<String> {
                $crate::preprocessing::mapped_columns::outputs(&self.columns)
            }

            fn sources(&self) -> Vec<Vec<usize>> {
                $crate::preprocessing::mapped_columns::sources(&self.columns)
            }

            fn width(&self) -> usize {
                $crate::preprocessing::mapped_columns::width(&self.columns)
            }

            fn transform(&self, table: &Table) -> Result<Table> {
                $crate::preprocessing::mapped_columns::transformed(&self.columns, table)
            }

            fn write(&self, table: &Table, features: &mut $crate::preprocessing::Features<'_>) -> Result<()> {
                $crate::preprocessing::mapped_columns::written(&self.columns, table, features)
            }

            fn write_row<'a>(
                &'a self,
                values: &[$crate::preprocessing::RowValue<'a>],
                made: &mut Vec<$crate::preprocessing::RowValue<'a>>,
            ) -> bool {
                $crate::preprocessing::mapped_columns::row_written(&self.columns, values, made)
            }

            fn state(&self) -> Result<serde_json::Value> {
                $crate::preprocessing::transformer::stated($class, self)
            }
        }
    };
}
pub(super) use mapped;
