//! Categories as numbers, once they are known.

use super::fitted_one_hot_encoder::{group_of_each, invalid_places};
use super::known_values::{KnownValues, repeated_name};
use super::transformer::stated;
use super::{Column, FittedTransformer, MissingCode, RowValue, Table, UnknownCode, Value};
use crate::lists::try_map;
use crate::{Error, Result};
use serde::{Deserialize, Serialize};

/// A fitted [`OrdinalEncoder`](struct@super::OrdinalEncoder), with the categories of the training rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FittedOrdinalEncoder {
    pub(crate) columns: Vec<OrdinalColumn>,
    pub(crate) unknown: UnknownCode,
    pub(crate) missing: MissingCode,
}

/// The categories of a column in the order of their codes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OrdinalColumn {
    pub(crate) name: String,
    pub(crate) categories: Vec<Value>,
    /// Whether a value was missing at the fit.
    pub(crate) missing: bool,
    /// The places of the infrequent categories in ascending order.
    pub(crate) infrequent: Vec<usize>,
}

impl OrdinalColumn {
    fn known(&self) -> KnownValues<'_> {
        KnownValues { name: &self.name, values: &self.categories, missing: self.missing }
    }

    /// The number of codes without that of a missing value.
    fn groups(&self) -> usize {
        self.categories.len() - self.infrequent.len() + usize::from(!self.infrequent.is_empty())
    }

    /// The code of each category, that of a missing value last.
    pub(crate) fn codes(&self, missing: MissingCode) -> Vec<f64> {
        let groups = group_of_each(self.categories.len(), &self.infrequent);
        let of_missing = match missing {
            MissingCode::Category => self.groups() as f64,
            MissingCode::Missing => f64::NAN,
            MissingCode::Value(code) => code,
        };
        groups.into_iter().map(|group| group as f64).chain(self.missing.then_some(of_missing)).collect()
    }

    /// Whether a number is the code of a category.
    fn has(&self, code: f64, missing_too: bool) -> bool {
        let count = self.groups() + usize::from(missing_too && self.missing);
        code >= 0.0 && code < count as f64 && code.fract() == 0.0
    }
}

impl FittedOrdinalEncoder {
    /// The categories of an encoded column, the infrequent ones among them, in the order of their codes.
    pub fn categories(&self, column: &str) -> Option<&[Value]> {
        self.column(column).map(|known| known.categories.as_slice())
    }

    /// The categories of an encoded column that share one code, since they are infrequent.
    pub fn infrequent_categories(&self, column: &str) -> Option<Vec<&Value>> {
        self.column(column)
            .map(|known| known.infrequent.iter().filter_map(|&place| known.categories.get(place)).collect())
    }

    fn column(&self, name: &str) -> Option<&OrdinalColumn> {
        self.columns.iter().find(|known| known.name == name)
    }

    /// The code of an unknown category, if it is no error.
    pub(crate) fn unknown_code(&self) -> Option<f64> {
        match self.unknown {
            UnknownCode::Error => None,
            UnknownCode::Missing => Some(f64::NAN),
            UnknownCode::Value(code) => Some(code),
        }
    }

    /// The codes of a table's column.
    pub(super) fn codes(&self, column: &OrdinalColumn, table: &Table) -> Result<Vec<f64>> {
        let (known, codes, unknown) = (column.known(), column.codes(self.missing), self.unknown_code());
        let code = |(row, place): (usize, Option<usize>)| {
            let code = place.and_then(|place| codes.get(place).copied()).or(unknown);
            code.ok_or_else(|| known.unknown(table, row))
        };
        known.places(table)?.into_iter().enumerate().map(code).collect()
    }

    /// The argument, the code and the column where a code for unknown or missing values is that of a category.
    pub(super) fn ambiguous(&self) -> Option<(&'static str, f64, &str)> {
        let of_category = self.missing == MissingCode::Category;
        self.columns.iter().find_map(|column| match (self.unknown, self.missing) {
            (UnknownCode::Value(code), _) if column.has(code, of_category) => Some(("unknown", code, &*column.name)),
            (_, MissingCode::Value(code)) if column.missing && column.has(code, false) => {
                Some(("missing", code, &*column.name))
            }
            _ => None,
        })
    }

    /// Why it cannot have come of a fit.
    pub(super) fn invalid(&self) -> Option<String> {
        let column = |column: &OrdinalColumn| {
            let places = || invalid_places(&column.name, column.categories.len(), &column.infrequent);
            column.known().invalid().or_else(places)
        };
        let found = self.columns.iter().find_map(column);
        let found = found.or_else(|| repeated_name(self.columns.iter().map(|column| column.name.as_str())));
        found.or_else(|| {
            self.ambiguous()
                .map(|(argument, code, name)| format!("{argument} is {code}, the code of a category of \"{name}\""))
        })
    }

    /// The categories of codes.
    fn decoded(&self, column: &OrdinalColumn, table: &Table) -> Result<Column> {
        let known = column.known();
        let (codes, unknown) = (column.codes(self.missing), self.unknown_code());
        let frequent = (0..column.categories.len()).filter(|place| column.infrequent.binary_search(place).is_err());
        let mut of_group: Vec<usize> = frequent.collect();
        of_group.extend((!column.infrequent.is_empty()).then(|| known.len()));
        let missing = codes.last().copied().filter(|_| column.missing);
        let is = |code: f64, other: Option<f64>| {
            other.is_some_and(|other| code == other || (code.is_nan() && other.is_nan()))
        };
        let place = |(row, &code): (usize, &f64)| match code {
            code if is(code, missing) || is(code, unknown) => Ok(None),
            code if column.has(code, false) => Ok(of_group.get(code as usize).copied()),
            code => {
                let reason = format!("{}: {code} is the code of no category of \"{}\"", table.place(row), column.name);
                Err(Error::Layer { layer: "OrdinalEncoder".into(), reason })
            }
        };
        let places = try_map(table.numbers(&column.name)?.iter().enumerate(), place)?;
        known.column(places.into_iter(), "infrequent")
    }
}

impl FittedTransformer for FittedOrdinalEncoder {
    fn inputs(&self) -> Vec<&str> {
        self.columns.iter().map(|column| column.name.as_str()).collect()
    }

    fn outputs(&self) -> Vec<String> {
        self.columns.iter().map(|column| column.name.clone()).collect()
    }

    fn width(&self) -> usize {
        self.columns.len()
    }

    fn transform(&self, table: &Table) -> Result<Table> {
        let made = |column: &OrdinalColumn| Ok((column.name.clone(), Column::Number(self.codes(column, table)?)));
        Ok(table.of_same_rows(try_map(self.columns.iter(), made)?))
    }

    fn write_row<'a>(&'a self, values: &[RowValue<'a>], made: &mut Vec<RowValue<'a>>) -> bool {
        values.iter().zip(&self.columns).all(|(value, column)| {
            let Some(place) = column.known().place_of(*value) else { return false };
            let code = place.and_then(|place| column.codes(self.missing).get(place).copied()).or(self.unknown_code());
            code.map(|code| made.push(RowValue::number(code))).is_some()
        })
    }

    /// Where infrequent categories share a code, a string is `"infrequent"` and a number or boolean is missing, as is an unknown
    /// one.
    fn inverse_transform(&self, table: &Table) -> Result<Table> {
        let made = |column: &OrdinalColumn| Ok((column.name.clone(), self.decoded(column, table)?));
        Ok(table.of_same_rows(try_map(self.columns.iter(), made)?))
    }

    fn state(&self) -> Result<serde_json::Value> {
        stated("OrdinalEncoder", self)
    }
}
