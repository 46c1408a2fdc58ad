//! Categories as columns, once they are known.

use nalgebra::DMatrix;
use serde::{Deserialize, Serialize};

use super::known_values::{KnownValues, label, repeated_name};
use super::transformer::{Features, each_of_one, stated, table_of};
use super::{Column, FittedTransformer, RowValue, Table, Value};
use crate::error::{Error, Result};
use crate::items::argument::plain;
use crate::lists::{joined, try_map};
use crate::scalar::Scalar;

/// The treatment of a category that the training rows did not have, and of a missing value if none was missing in them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Unknown {
    /// An error that names it.
    #[default]
    Error,
    /// Zeros in all columns of the encoded one.
    Zeros,
    /// Encodes it as an infrequent category; zeros if no category was infrequent.
    Infrequent,
}

plain!(Unknown);

/// The state in a file.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OneHotState<E> {
    pub(super) encoder: E,
}

/// A fitted [`OneHotEncoder`](struct@super::OneHotEncoder), with the categories of the training rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FittedOneHotEncoder {
    pub(crate) columns: Vec<EncodedColumn>,
    pub(crate) unknown: Unknown,
}

/// The categories of a column: its values, followed by the missing one if there is one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct EncodedColumn {
    pub(crate) name: String,
    pub(crate) categories: Vec<Value>,
    pub(crate) drop_first: bool,
    /// Whether a missing value is a category.
    #[serde(default, skip_serializing_if = "is_false")]
    pub(crate) missing: bool,
    /// The places of the infrequent categories in ascending order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) infrequent: Vec<usize>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_false(value: &bool) -> bool {
    !*value
}

impl EncodedColumn {
    pub(super) fn known(&self) -> KnownValues<'_> {
        KnownValues { name: &self.name, values: &self.categories, missing: self.missing }
    }

    /// The number of categories after the infrequent ones became one.
    pub(crate) fn groups(&self) -> usize {
        self.known().len() - self.infrequent.len() + usize::from(!self.infrequent.is_empty())
    }

    pub(crate) fn width(&self) -> usize {
        self.groups().saturating_sub(usize::from(self.drop_first))
    }

    /// The group of each category: frequent ones in their order, then the infrequent ones.
    pub(crate) fn group_of_each(&self) -> Vec<usize> {
        group_of_each(self.known().len(), &self.infrequent)
    }

    /// The group of one category, as [`group_of_each`](Self::group_of_each) lists it.
    fn group_of(&self, place: usize) -> usize {
        match self.infrequent.binary_search(&place) {
            Ok(_) => self.groups() - 1,
            Err(before) => place - before,
        }
    }

    /// The group of an unknown category, if it has one.
    pub(crate) fn group_of_unknown(&self, unknown: Unknown) -> Option<usize> {
        (unknown == Unknown::Infrequent && !self.infrequent.is_empty()).then(|| self.groups() - 1)
    }

    /// The names of the groups.
    fn labels(&self) -> Vec<String> {
        let missing = self.missing.then(|| self.free("missing"));
        let all = self.categories.iter().map(label).chain(missing).enumerate();
        let frequent = all.filter(|(place, _)| self.infrequent.binary_search(place).is_err()).map(|(_, label)| label);
        frequent.chain((!self.infrequent.is_empty()).then(|| self.free("infrequent"))).collect()
    }

    /// A label that is no category, by appending underscores.
    fn free(&self, label: &str) -> String {
        let mut free = label.to_owned();
        while self.categories.iter().any(|category| matches!(category, Value::String(text) if *text == free)) {
            free.push('_');
        }
        free
    }

    /// Why it cannot have come of a fit.
    fn invalid(&self) -> Option<String> {
        self.known().invalid().or_else(|| invalid_places(&self.name, self.known().len(), &self.infrequent))
    }

    /// The column that was encoded as these rows of `width` numbers each.
    fn decoded(&self, rows: &[&[f64]], table: &Table, unknown: Unknown) -> Result<Column> {
        let count = table.nrows();
        let first = usize::from(self.drop_first);
        let zeros = match (self.drop_first, unknown) {
            (true, _) => UnknownRow::Group(0),
            (false, Unknown::Error) => UnknownRow::Refused,
            (false, Unknown::Infrequent) if !self.infrequent.is_empty() => UnknownRow::Refused,
            (false, _) => UnknownRow::Unknown,
        };
        // The category of each group; the infrequent ones have the last place.
        let mut of_group: Vec<usize> =
            (0..self.known().len()).filter(|place| self.infrequent.binary_search(place).is_err()).collect();
        of_group.extend((!self.infrequent.is_empty()).then(|| self.known().len()));
        let mut places = Vec::with_capacity(count);
        for row in 0..count {
            let values = || rows.iter().map(|column| column.get(row).copied().unwrap_or(f64::NAN));
            let largest = values().enumerate().fold(None, |best: Option<(usize, f64)>, (place, value)| match best {
                Some((_, most)) if value <= most || value.is_nan() => best,
                _ => Some((place, value)),
            });
            let group = match (largest, zeros) {
                (Some((place, _)), _) if values().any(|value| value != 0.0) => Some(place + first),
                (_, UnknownRow::Group(group)) => Some(group),
                (_, UnknownRow::Unknown) => None,
                (_, UnknownRow::Refused) => {
                    let reason = format!(
                        "{}: the columns of \"{}\" are all 0, which no category is",
                        table.place(row),
                        self.name
                    );
                    return Err(Error::Layer { layer: "OneHotEncoder".into(), reason });
                }
            };
            places.push(group.and_then(|group| of_group.get(group).copied()));
        }
        self.known().column(places.into_iter(), "infrequent")
    }
}

/// The meaning of a row of zeros.
#[derive(Clone, Copy)]
enum UnknownRow {
    Group(usize),
    Unknown,
    Refused,
}

/// The group of each of `count` categories: the frequent ones in their order, then the infrequent ones.
pub(super) fn group_of_each(count: usize, infrequent: &[usize]) -> Vec<usize> {
    let mut frequent = 0;
    let group = |place: usize| match infrequent.binary_search(&place) {
        Ok(_) => count - infrequent.len(),
        Err(_) => {
            frequent += 1;
            frequent - 1
        }
    };
    (0..count).map(group).collect()
}

/// Why places cannot be those of infrequent categories among `count`.
pub(super) fn invalid_places(name: &str, count: usize, infrequent: &[usize]) -> Option<String> {
    let ascends = infrequent.windows(2).all(|pair| pair[0] < pair[1]);
    let fits = infrequent.last().is_none_or(|last| *last < count);
    (!(ascends && fits))
        .then(|| format!("the infrequent categories of \"{name}\" are {infrequent:?} of {count}, not places in order"))
}

impl FittedOneHotEncoder {
    /// The names of the new columns.
    pub fn names(&self) -> Vec<String> {
        let of_column = |column: &EncodedColumn| {
            let kept = column.labels().into_iter().skip(usize::from(column.drop_first));
            kept.map(|label| format!("{}_{label}", column.name)).collect::<Vec<_>>()
        };
        joined(&self.columns, of_column)
    }

    /// The columns that are encoded.
    pub fn inputs(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|column| column.name.as_str())
    }

    /// The categories of an encoded column, the infrequent ones among them, in their order.
    pub fn categories(&self, column: &str) -> Option<&[Value]> {
        self.column(column).map(|known| known.categories.as_slice())
    }

    /// The categories of an encoded column that share one new column, since they are infrequent.
    pub fn infrequent_categories(&self, column: &str) -> Option<Vec<&Value>> {
        self.column(column)
            .map(|known| known.infrequent.iter().filter_map(|&place| known.categories.get(place)).collect())
    }

    /// Whether a missing value of an encoded column is a category, as it is if one was missing at the fit.
    pub fn has_missing(&self, column: &str) -> Option<bool> {
        self.column(column).map(|known| known.missing)
    }

    fn column(&self, name: &str) -> Option<&EncodedColumn> {
        self.columns.iter().find(|known| known.name == name)
    }

    /// The new columns, rows × categories, of the table's columns of the same names as at the fit.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownColumn`]; [`Error::UnknownCategory`] or [`Error::MissingValue`] unless such values
    /// become zeros; [`Error::InfiniteValue`] for an infinite number.
    pub fn transform<T: Scalar>(&self, table: &Table) -> Result<DMatrix<T>> {
        let mut data = Vec::new();
        let mut features = Features::of(&mut data, table.nrows())?;
        self.write(table, &mut features)?;
        let width = features.width();
        Ok(DMatrix::from_vec(table.nrows(), width, data))
    }

    /// The new column that is 1 in each row, if any.
    pub(super) fn positions(&self, column: &EncodedColumn, table: &Table) -> Result<Vec<Option<usize>>> {
        let (groups, of_unknown) = (column.group_of_each(), column.group_of_unknown(self.unknown));
        let known = column.known();
        let position = |(row, place): (usize, Option<usize>)| {
            let group = match place {
                Some(place) => groups.get(place).copied(),
                None if self.unknown == Unknown::Error => return Err(known.unknown(table, row)),
                None => of_unknown,
            };
            Ok(group.and_then(|group| group.checked_sub(usize::from(column.drop_first))))
        };
        known.places(table)?.into_iter().enumerate().map(position).collect()
    }

    /// The same, unless it cannot have come of a fit.
    pub(super) fn checked(self) -> Result<Self> {
        let invalid = self.columns.iter().find_map(EncodedColumn::invalid);
        match invalid.or_else(|| repeated_name(self.inputs())) {
            None => Ok(self),
            Some(reason) => Err(Error::Configuration { item: "OneHotEncoder".into(), reason }),
        }
    }
}

impl FittedTransformer for FittedOneHotEncoder {
    fn inputs(&self) -> Vec<&str> {
        self.inputs().collect()
    }

    fn outputs(&self) -> Vec<String> {
        self.names()
    }

    fn sources(&self) -> Vec<Vec<usize>> {
        each_of_one(self.columns.iter().map(EncodedColumn::width))
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

    fn write_row<'a>(&'a self, values: &[RowValue<'a>], made: &mut Vec<RowValue<'a>>) -> bool {
        values.iter().zip(&self.columns).all(|(value, column)| {
            let group = match column.known().place_of(*value) {
                None => return false,
                Some(None) if self.unknown == Unknown::Error => return false,
                Some(None) => column.group_of_unknown(self.unknown),
                Some(Some(place)) => Some(column.group_of(place)),
            };
            let first = made.len();
            made.resize(first + column.width(), RowValue::Number(0.0));
            let position = group.and_then(|group| group.checked_sub(usize::from(column.drop_first)));
            if let Some(one) = position.and_then(|position| made.get_mut(first + position)) {
                *one = RowValue::Number(1.0);
            }
            true
        })
    }

    /// Where infrequent categories share a column, a string is `"infrequent"` and a number or boolean is missing. A row of zeros is
    /// the category that was dropped, or missing where unknown categories become zeros, or else an error.
    fn inverse_transform(&self, table: &Table) -> Result<Table> {
        let names = self.names();
        let mut columns: Vec<&[f64]> = try_map(names.iter(), |name| table.numbers(name))?;
        let mut decoded = Vec::with_capacity(self.columns.len());
        for column in &self.columns {
            let rest = columns.split_off(column.width().min(columns.len()));
            decoded.push((column.name.clone(), column.decoded(&columns, table, self.unknown)?));
            columns = rest;
        }
        Ok(table.of_same_rows(decoded))
    }

    fn state(&self) -> Result<serde_json::Value> {
        stated("OneHotEncoder", &OneHotState { encoder: self })
    }
}
