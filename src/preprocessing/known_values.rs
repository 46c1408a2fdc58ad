//! The categories that a fitted encoder knows, and which of them each row of a table has.

use super::scaling::finite_numbers;
use super::{Categories, Column, Found, StringColumn, Table, Value};
use crate::{Error, Result};
use std::collections::HashSet;

/// The number of rows whose categories are searched one by one.
const FEW: usize = 4;

/// The number of categories that a message names.
const NAMED: usize = 20;

/// The categories of a column, and whether a missing value is one, the last.
#[derive(Debug, Clone, Copy)]
pub(super) struct KnownValues<'a> {
    pub(super) name: &'a str,
    pub(super) values: &'a [Value],
    pub(super) missing: bool,
}

impl KnownValues<'_> {
    /// The number of categories.
    pub(super) fn len(&self) -> usize {
        self.values.len() + usize::from(self.missing)
    }

    /// The place of each row's category, none for an unknown one.
    pub(super) fn places(&self, table: &Table) -> Result<Vec<Option<usize>>> {
        if matches!(table.column(self.name)?, Column::Number(_)) {
            finite_numbers(table, self.name)?;
        }
        if let Some(places) = self.places_of_few(table)? {
            return Ok(places);
        }
        let missing = self.missing.then_some(self.values.len());
        let place = |found| match found {
            Found::Known(place) => Some(place),
            Found::Missing => missing,
            Found::Unknown => None,
        };
        Ok(Categories::of_values(self.values).find(table, self.name)?.into_iter().map(place).collect())
    }

    /// The same for a few rows of the categories' type, for which an index of all categories would take too long.
    fn places_of_few(&self, table: &Table) -> Result<Option<Vec<Option<usize>>>> {
        let column = table.column(self.name)?;
        let is_alike = |value: &Value| {
            matches!((value, column), (Value::String(_), Column::String(_)) | (Value::Number(_), Column::Number(_)))
        };
        if table.nrows() > FEW || !self.values.iter().all(is_alike) {
            return Ok(None);
        }
        let place = |row: usize| match table.value(self.name, row) {
            Some(value) => self.values.iter().position(|known| *known == value),
            None => self.missing.then_some(self.values.len()),
        };
        Ok(Some((0..table.nrows()).map(place).collect()))
    }

    /// The error for a row whose category is unknown.
    pub(super) fn unknown(&self, table: &Table, row: usize) -> Error {
        let (place, column) = (table.place(row), self.name.to_owned());
        match table.value(self.name, row) {
            None => Error::MissingValue { place, column },
            Some(value) => {
                let mut known: Vec<String> = self.values.iter().take(NAMED).map(Value::to_string).collect();
                if let more @ 1.. = self.values.len().saturating_sub(NAMED) {
                    known.push(format!("{more} more"));
                }
                Error::UnknownCategory { place, column, value: value.to_string(), known }
            }
        }
    }

    /// Why they cannot have come of a fit.
    pub(super) fn invalid(&self) -> Option<String> {
        let name = self.name;
        let not_finite = |value: &&Value| matches!(value, Value::Number(number) if !number.is_finite());
        if self.len() == 0 {
            return Some(format!("\"{name}\" has no category"));
        }
        if let Some(value) = self.values.iter().find(not_finite) {
            return Some(format!("\"{name}\" has the category {value}, which is not a finite number"));
        }
        let twice = Categories::of_values(self.values).duplicate()?;
        Some(format!("\"{name}\" has the category {} twice", self.values[twice]))
    }

    /// The column of these places, none for a missing value; a string of a place behind them is `infrequent`.
    pub(super) fn column(&self, places: impl Iterator<Item = Option<usize>>, infrequent: &str) -> Result<Column> {
        let count = |is: fn(&Value) -> bool| self.values.iter().filter(|value| is(value)).count();
        let value = |place: Option<usize>| place.and_then(|place| self.values.get(place));
        if count(|value| matches!(value, Value::String(_))) == self.values.len() && !self.values.is_empty() {
            let string = |place: Option<usize>| match value(place) {
                Some(Value::String(text)) => Some(text.as_str()),
                _ => place.filter(|place| *place >= self.len()).map(|_| infrequent),
            };
            return Ok(places.map(string).collect::<StringColumn>().into());
        }
        if count(|value| matches!(value, Value::Number(_))) == self.values.len() {
            let number = |place| match value(place) {
                Some(Value::Number(number)) => *number,
                _ => f64::NAN,
            };
            return Ok(places.map(number).collect::<Vec<f64>>().into());
        }
        if count(|value| matches!(value, Value::Boolean(_))) == self.values.len() {
            let boolean = |place| match value(place) {
                Some(Value::Boolean(value)) => Some(*value),
                _ => None,
            };
            return Ok(Column::Boolean(places.map(boolean).collect()));
        }
        // Integers, of which a number holds some and its digits are a string for the others.
        if self.values.iter().all(|value| integer(value).is_some()) {
            return Ok(Column::Integer(places.map(|place| value(place).and_then(integer)).collect()));
        }
        Err(Error::ColumnType {
            column: self.name.to_owned(),
            expected: "categories of one type, since a column has one; give them as strings".into(),
            found: "numbers, booleans and strings",
        })
    }
}

/// The integer that has this value.
fn integer(value: &Value) -> Option<i64> {
    let integer = match value {
        Value::Number(number) if number.fract() == 0.0 && number.abs() < 9.3e18 => *number as i64,
        Value::String(text) => text.parse().ok()?,
        _ => return None,
    };
    (Value::from(integer) == *value).then_some(integer)
}

/// What a category is called behind the name of its column.
pub(super) fn label(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Refuses states with two columns of one name.
pub(super) fn repeated_name<'a>(names: impl Iterator<Item = &'a str>) -> Option<String> {
    let mut seen = HashSet::new();
    names.into_iter().find(|name| !seen.insert(*name)).map(|name| format!("it has \"{name}\" twice"))
}
