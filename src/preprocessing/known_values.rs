//! The categories of a fitted encoder, and the category of each row of a table.

use super::scaling::finite_numbers;
use super::table::{spelled_boolean, spelled_number};
use super::{Categories, Column, Found, RowValue, StringColumn, Table, Value};
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
        let places = self.found_places(table)?;
        // A table has the types of its columns, and unknown ones may be wanted; a record has one value, of a type that is wrong.
        match places[..] {
            [None] if table.is_record() => self.check_type(table).map(|()| places),
            _ => Ok(places),
        }
    }

    /// Returns an error for a value of a record that none of the known ones could be, because of its type.
    fn check_type(&self, table: &Table) -> Result<()> {
        let Some(value) = table.value(self.name, 0) else { return Ok(()) };
        let is_string = |known: &Value| matches!(known, Value::String(_));
        let spells = |text: &String| spelled_number(text).is_some() || spelled_boolean(text).is_some();
        let (found, fits) = match &value {
            Value::String(text) => ("a string", spells(text) || self.values.iter().any(is_string)),
            Value::Number(_) | Value::Boolean(_) => {
                let could_be = |known: &Value| !matches!(known, Value::String(text) if !spells(text));
                let found = if matches!(value, Value::Number(_)) { "a number" } else { "a boolean" };
                (found, self.values.iter().any(could_be))
            }
        };
        let Some(example) = self.values.first().filter(|_| !fits) else { return Ok(()) };
        let (of_fit, write) = match example {
            Value::String(_) => ("strings", format!("write a string, as {example:?}", example = label(example))),
            Value::Number(_) => ("numbers", format!("write a number, as {example}")),
            Value::Boolean(_) => ("booleans", format!("write a boolean, as {example}")),
        };
        let expected = format!("{of_fit}, as in the table of the fit, or nothing for a missing value: {write}");
        Err(Error::ColumnType { column: self.name.to_owned(), expected, found })
    }

    /// The place of one value of a record, none for an unknown one; nothing where its type is another one than that of all
    /// categories, which takes a table.
    pub(super) fn place_of(&self, value: RowValue<'_>) -> Option<Option<usize>> {
        match value {
            RowValue::Missing => Some(self.missing.then_some(self.values.len())),
            RowValue::Number(number) if number.is_finite() => self.place_among(
                |known| matches!(known, Value::Number(known) if *known == number),
                |known| matches!(known, Value::Number(_)),
            ),
            RowValue::Boolean(value) => {
                self.place_among(|known| *known == Value::Boolean(value), |known| matches!(known, Value::Boolean(_)))
            }
            RowValue::String(text) => self.place_among(
                |known| matches!(known, Value::String(known) if known == text),
                |known| matches!(known, Value::String(_)),
            ),
            RowValue::Number(_) => None,
        }
    }

    /// The place of the first category that is the value, where all have its type.
    fn place_among(&self, is_it: impl Fn(&Value) -> bool, has_type: fn(&Value) -> bool) -> Option<Option<usize>> {
        let place = self.values.iter().position(is_it);
        (!self.values.is_empty() && self.values.iter().all(has_type)).then_some(place)
    }

    fn found_places(&self, table: &Table) -> Result<Vec<Option<usize>>> {
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

    /// Finds the categories of a few rows by comparison, since an index of all categories would take longer; `None` for many rows.
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

    /// The column of these places, none for a missing value; a string of a later place is `infrequent`.
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

/// The suffix of a category after the name of its column.
pub(super) fn label(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Returns an error for states with two columns of one name.
pub(super) fn repeated_name<'a>(names: impl Iterator<Item = &'a str>) -> Option<String> {
    let mut seen = HashSet::new();
    names.into_iter().find(|name| !seen.insert(*name)).map(|name| format!("it has \"{name}\" twice"))
}

#[cfg(test)]
mod tests {
    use super::super::{ColumnTransformer, OneHotEncoder, OrdinalEncoder, Record, TargetEncoder, Unknown};
    use super::*;
    use crate::preprocessing::{FitInput, UnknownCode};

    #[test]
    fn a_value_of_the_wrong_type_in_a_record_is_no_unknown_category() -> Result<()> {
        let table = Table::new()
            .with_strings("home", ["OWN", "RENT", "OWN"])?
            .with_strings("code", ["1", "A", "2"])?
            .with_numbers("rooms", [1.0, 2.0, 3.0])?
            .with_booleans("late", [true, false, true])?;
        let target = Table::new().with_numbers("y", [0.0, 1.0, 1.0])?;
        let names = ["home", "code", "rooms", "late"];
        let encoders = [
            ColumnTransformer::new().add(OneHotEncoder::new().unknown(Unknown::Zeros), names),
            ColumnTransformer::new().add(OrdinalEncoder::new().unknown(UnknownCode::Value(-1.0)), names),
            ColumnTransformer::new().add(TargetEncoder::new(), names),
        ];
        for encoder in encoders {
            let fitted = encoder.fit_with(FitInput::new(&table).with_target(&target)?)?;
            let known = table.record(0)?;
            let of = |record: Record| fitted.transform_record::<f64>(&record);
            for unknown in
                [("home", Value::from("ANY")), ("code", 7.0.into()), ("rooms", "9".into()), ("rooms", 9.0.into())]
            {
                assert!(of(known.clone().with(unknown.0, unknown.1.clone())).is_ok(), "{unknown:?}");
            }
            for (column, value, parts) in [
                ("home", Value::from(5.0), ["strings", "a number", "as \"OWN\""]),
                ("home", true.into(), ["strings", "a boolean", "as \"OWN\""]),
                ("rooms", "many".into(), ["numbers", "a string", "as 1"]),
                ("late", "often".into(), ["booleans", "a string", "as false"]),
            ] {
                let error = of(known.clone().with(column, value)).unwrap_err().to_string();
                assert!(error.contains(&format!("column \"{column}\" holds")), "{error}");
                assert!(parts.iter().all(|part| error.contains(part)), "{error}");
            }
        }
        Ok(())
    }
}
