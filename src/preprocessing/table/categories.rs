//! Which of some known values a value of a column is, whatever type it came as.

use std::collections::{HashMap, HashSet};

use crate::error::{Error, Result};

use super::{Column, DateTime, Table, Value, spelling};

/// The categories that a fitted encoder distinguishes.
///
/// The type of a column is found file by file, so that a category may come as a string in one table and as a number or
/// boolean in the next. A value is compared with a known one as that one is: with a number as a number, so that `"36"`,
/// 36 and `"36.0"` are one, with a boolean as a boolean, and string with string to the last character. A number or
/// boolean is the known string that spells it, however it does; where two do, which one was meant is lost.
pub(in crate::preprocessing) struct Categories<'a> {
    known: Vec<Known<'a>>,
    strings: HashMap<&'a str, usize>,
    /// Of numbers and booleans, by which a string is read.
    numbers: HashMap<u64, usize>,
    /// Of all that spell a number, by which a number is found.
    spelled: HashMap<u64, Only>,
    /// Of all that spell a boolean: false and true.
    booleans: [Only; 2],
}

struct Known<'a> {
    text: Option<&'a str>,
    number: Option<f64>,
    boolean: Option<bool>,
}

/// The one that fits, or the first two that do.
type Only = std::result::Result<Found, (usize, usize)>;

/// The result of looking up a value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::preprocessing) enum Found {
    Missing,
    Unknown,
    Known(usize),
}

impl<'a> Categories<'a> {
    pub(in crate::preprocessing) fn of_values(values: &'a [Value]) -> Self {
        let known = |value: &'a Value| match value {
            &Value::Boolean(value) => {
                Known { text: None, number: Some(f64::from(u8::from(value))), boolean: Some(value) }
            }
            &Value::Number(number) => {
                let boolean = if number == 0.0 { Some(false) } else { (number == 1.0).then_some(true) };
                Known { text: None, number: Some(number), boolean }
            }
            Value::String(text) => Known::of_string(text),
        };
        Self::new(values.iter().map(known).collect())
    }

    pub(in crate::preprocessing) fn of_strings(strings: impl IntoIterator<Item = &'a str>) -> Self {
        Self::new(strings.into_iter().map(Known::of_string).collect())
    }

    fn new(known: Vec<Known<'a>>) -> Self {
        let (mut strings, mut numbers, mut spelled) = (HashMap::new(), HashMap::new(), HashMap::new());
        let mut booleans = [Ok(Found::Unknown); 2];
        // The same string twice is one; other spellings are not.
        let add = |only: &mut Only, index: usize| match *only {
            Ok(Found::Known(first)) if known[first].text != known[index].text => *only = Err((first, index)),
            Ok(Found::Unknown) => *only = Ok(Found::Known(index)),
            _ => {}
        };
        for (index, one) in known.iter().enumerate() {
            if let Some(text) = one.text {
                strings.entry(text).or_insert(index);
            }
            if let Some(number) = one.number.map(key) {
                if one.text.is_none() {
                    numbers.entry(number).or_insert(index);
                }
                add(spelled.entry(number).or_insert(Ok(Found::Unknown)), index);
            }
            if let Some(boolean) = one.boolean {
                add(&mut booleans[usize::from(boolean)], index);
            }
        }
        Categories { known, strings, numbers, spelled, booleans }
    }

    /// Whether a number or boolean can be one of them at all.
    pub(in crate::preprocessing) fn are_strings_of_words(&self) -> bool {
        self.spelled.is_empty() && self.booleans == [Ok(Found::Unknown); 2]
    }

    /// Which one each value of a column is.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownColumn`]; [`Error::ColumnType`] for numbers or booleans that two known strings spell.
    pub(in crate::preprocessing) fn find(&self, table: &Table, name: &str) -> Result<Vec<Found>> {
        let column = table.column(name)?;
        let twice = |(first, second): (usize, usize)| {
            let spelled = |index: usize| self.known[index].text.unwrap_or_default();
            Error::ColumnType {
                column: name.to_owned(),
                expected: format!(
                    "strings, as at the fit, where \"{}\" and \"{}\" differ; read it with CsvOptions::new().strings([\"{name}\"])",
                    spelled(first),
                    spelled(second)
                ),
                found: column.kind(),
            }
        };
        match column {
            Column::String(strings) => {
                // One comparison per distinct string, not per row.
                let found: Vec<Found> = strings.all_categories().iter().map(|text| self.of_string(text)).collect();
                Ok(strings
                    .codes()
                    .iter()
                    .map(|&code| found.get(code as usize).copied().unwrap_or(Found::Missing))
                    .collect())
            }
            Column::Number(numbers) => numbers
                .iter()
                .map(|&number| match number.is_nan() {
                    true => Ok(Found::Missing),
                    false => self.spelled.get(&key(number)).copied().unwrap_or(Ok(Found::Unknown)).map_err(twice),
                })
                .collect(),
            // As the number or the string that a record has for it.
            Column::Integer(values) => {
                let found = |value: i64| match Value::from(value) {
                    Value::Number(number) => {
                        self.spelled.get(&key(number)).copied().unwrap_or(Ok(Found::Unknown)).map_err(twice)
                    }
                    other => Ok(self.strings.get(&*label(&other)).map_or(Found::Unknown, |&index| Found::Known(index))),
                };
                values.iter().map(|value| value.map_or(Ok(Found::Missing), found)).collect()
            }
            Column::DateTime(values) => {
                let found = |at: DateTime| self.of_string(&at.to_string());
                Ok(values.iter().map(|at| at.map_or(Found::Missing, found)).collect())
            }
            Column::Boolean(values) => {
                let found = |value: Option<bool>| match value {
                    None => Ok(Found::Missing),
                    Some(value) => self.booleans[usize::from(value)].map_err(twice),
                };
                values.iter().map(found).collect()
            }
        }
    }

    /// The first that is the same value as one before it.
    pub(in crate::preprocessing) fn duplicate(&self) -> Option<usize> {
        let (mut strings, mut numbers, mut booleans) = (HashSet::new(), HashMap::new(), [None; 2]);
        // Two strings are the same to the last character; a string and a number or boolean by what it spells.
        (0..self.known.len()).find(|&index| {
            let one = &self.known[index];
            let (is_text, number) = (one.text.is_some(), one.number.map(key));
            let seen = |before: Option<bool>| before.is_some_and(|all_text| !(is_text && all_text));
            let found = one.text.is_some_and(|text| !strings.insert(text))
                || seen(number.and_then(|number| numbers.get(&number).copied()))
                || seen(one.boolean.and_then(|boolean| booleans[usize::from(boolean)]));
            // Whether all of that number or boolean are strings.
            if let Some(number) = number {
                *numbers.entry(number).or_insert(true) &= is_text;
            }
            if let Some(boolean) = one.boolean {
                let all_text = &mut booleans[usize::from(boolean)];
                *all_text = Some(all_text.unwrap_or(true) && is_text);
            }
            found
        })
    }

    /// A string is a known string, or the known number or boolean that it spells.
    fn of_string(&self, text: &str) -> Found {
        if let Some(&index) = self.strings.get(text) {
            return Found::Known(index);
        }
        let number = spelling::number(text).filter(|&number| spelling::is_exact(text.trim_ascii(), number));
        let of_number = || self.numbers.get(&key(number?)).copied();
        let of_boolean = || {
            let boolean = spelling::boolean(text)?;
            self.known.iter().position(|known| known.text.is_none() && known.boolean == Some(boolean))
        };
        of_number().or_else(of_boolean).map_or(Found::Unknown, Found::Known)
    }
}

/// A string, or how another value is spelled.
fn label(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The bits of a number, the same for both zeros.
fn key(number: f64) -> u64 {
    (number + 0.0).to_bits()
}

impl<'a> Known<'a> {
    fn of_string(text: &'a str) -> Self {
        // A string of digits that no number holds is not the number next to it.
        let number = spelling::number(text).filter(|&number| spelling::is_exact(text.trim_ascii(), number));
        Known { text: Some(text), number, boolean: spelling::boolean(text) }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{BooleanColumn, StringColumn};
    use super::*;
    use Found::{Known as Is, Missing, Unknown};

    fn find(categories: &Categories<'_>, column: impl Into<Column>) -> Result<Vec<Found>> {
        categories.find(&Table::new().with_column("c", column).unwrap(), "c")
    }

    fn strings(strings: &[&str]) -> StringColumn {
        strings.iter().map(|text| (!text.is_empty()).then_some(*text)).collect()
    }

    #[test]
    fn strings_that_are_known_are_found_as_numbers_and_booleans() {
        let known = Categories::of_strings(["1", "04109", "X", "True"]);
        assert_eq!(
            find(&known, strings(&["X", "1", "", "1.0", "4109"])).unwrap(),
            [Is(2), Is(0), Missing, Unknown, Unknown]
        );
        let numbers = vec![1.0, 4109.0, f64::NAN, 2.0];
        assert_eq!(find(&known, numbers).unwrap(), [Is(0), Is(1), Missing, Unknown]);
        assert_eq!(
            find(&Categories::of_strings(["0", "x", "0"]), vec![-0.0]).unwrap(),
            [Is(0)],
            "one string twice is one"
        );
        let booleans: BooleanColumn = [Some(true), None, Some(false)].into_iter().collect();
        assert_eq!(find(&known, booleans).unwrap(), [Is(3), Missing, Unknown]);
        assert!(!known.are_strings_of_words() && Categories::of_strings(["A", "B"]).are_strings_of_words());
    }

    #[test]
    fn numbers_and_booleans_that_are_known_are_found_as_strings() {
        let values = [Value::from(36.0), Value::from(60.0)];
        let known = Categories::of_values(&values);
        assert_eq!(find(&known, strings(&["60", " 36.0", "36 months"])).unwrap(), [Is(1), Is(0), Unknown]);
        let values = [Value::from(false), Value::from(true)];
        let known = Categories::of_values(&values);
        assert_eq!(find(&known, strings(&["TRUE", "false", "1", "yes"])).unwrap(), [Is(1), Is(0), Is(1), Unknown]);
        assert_eq!(find(&known, vec![1.0, 0.0, 2.0]).unwrap(), [Is(1), Is(0), Unknown]);
    }

    #[test]
    fn integers_and_dates_are_found_as_records_have_them() {
        let ids = vec![(1_i64 << 53) + 1, 36, (1 << 53) + 3];
        let values: Vec<Value> = ids.iter().map(|&id| Value::from(id)).collect();
        let known = Categories::of_values(&values);
        assert_eq!(find(&known, ids.clone()).unwrap(), [Is(0), Is(1), Is(2)]);
        assert_eq!(find(&known, strings(&["9007199254740995", "36", "37"])).unwrap(), [Is(2), Is(1), Unknown]);
        assert_eq!(find(&Categories::of_strings(["9007199254740993", "36"]), ids).unwrap(), [Is(0), Is(1), Unknown]);
        let dates: Vec<DateTime> = ["2024-02-29", "2024-02-29T18:00:00"].map(|text| text.parse().unwrap()).into();
        let known = [Value::from(dates[1]), Value::from(dates[0])];
        assert_eq!(find(&Categories::of_values(&known), dates).unwrap(), [Is(1), Is(0)]);
        let missing: super::super::IntegerColumn = [None].into_iter().collect();
        assert_eq!(find(&Categories::of_strings(["1"]), missing).unwrap(), [Missing]);
    }

    #[test]
    fn a_number_that_two_strings_spell_is_an_error() {
        let known = Categories::of_strings(["4109", "04109"]);
        assert_eq!(find(&known, strings(&["04109"])).unwrap(), [Is(1)]);
        let error = find(&known, vec![4109.0]).unwrap_err().to_string();
        assert!(error.contains("\"4109\" and \"04109\" differ") && error.contains(".strings([\"c\"])"), "{error}");
        let identifiers = Categories::of_strings(["1925036343869802844", "1925036343869802845"]);
        assert_eq!(find(&identifiers, vec![1_925_036_343_869_802_844.0]).unwrap(), [Unknown]);
    }

    #[test]
    fn duplicate_categories_are_found() {
        let duplicate = |values: &[Value]| Categories::of_values(values).duplicate();
        assert_eq!(duplicate(&["1".into(), "1.0".into(), "x".into()]), None);
        assert_eq!(duplicate(&["1".into(), 2.0.into(), 1.0.into()]), Some(2));
        assert_eq!(duplicate(&[true.into(), false.into()]), None);
        assert_eq!(duplicate(&[true.into(), 1.0.into()]), Some(1));
        assert_eq!(duplicate(&["x".into(), "x".into()]), Some(1));
    }
}
