//! The types of columns.

use std::collections::HashMap;
use std::sync::Arc;

use super::{BooleanColumn, DateTime, DateTimeColumn, IntegerColumn};
use crate::sorting;

/// One typed column of a [`Table`](super::Table).
#[derive(Debug, Clone)]
pub enum Column {
    /// Numbers; a missing one is NaN.
    Number(Vec<f64>),
    /// Integers of 64 bits. They can be used as numbers if an `f64` represents all of them exactly.
    Integer(IntegerColumn),
    /// Booleans, which are 1 and 0 where numbers are expected.
    Boolean(BooleanColumn),
    /// Dates, or dates and times.
    DateTime(DateTimeColumn),
    /// Strings, some of them possibly missing.
    String(StringColumn),
}

impl Column {
    /// The number of rows.
    pub fn len(&self) -> usize {
        match self {
            Column::Number(values) => values.len(),
            Column::Integer(values) => values.len(),
            Column::Boolean(values) => values.len(),
            Column::DateTime(values) => values.len(),
            Column::String(strings) => strings.len(),
        }
    }

    /// Whether the column has no rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether the value at `row` is missing; so is one beyond the last row.
    pub fn is_missing(&self, row: usize) -> bool {
        match self {
            Column::Number(values) => values.get(row).is_none_or(|value| value.is_nan()),
            Column::Integer(values) => values.integers().is_missing(row),
            Column::Boolean(values) => values.get(row).is_none(),
            Column::DateTime(values) => values.microseconds().is_missing(row),
            Column::String(strings) => strings.get(row).is_none(),
        }
    }

    /// The number of missing values.
    pub fn missing(&self) -> usize {
        match self {
            Column::Number(values) => values.iter().filter(|value| value.is_nan()).count(),
            Column::Integer(values) => values.integers().missing(),
            Column::Boolean(values) => values.iter().filter(Option::is_none).count(),
            Column::DateTime(values) => values.microseconds().missing(),
            Column::String(strings) => strings.codes.iter().filter(|&&code| code == MISSING).count(),
        }
    }

    /// The numbers of a column of numbers or integers, or booleans as 1 and 0; NaN for a missing value. `None` for integers that an `f64`
    /// does not represent exactly, for dates and for strings.
    pub fn as_numbers(&self) -> Option<&[f64]> {
        match self {
            Column::Number(values) => Some(values),
            Column::Integer(values) => values.as_numbers(),
            Column::Boolean(values) => Some(values.as_numbers()),
            Column::DateTime(_) | Column::String(_) => None,
        }
    }

    /// The name of the type in messages: `numbers`, `integers`, `booleans`, `dates` or `strings`.
    pub fn kind(&self) -> &'static str {
        match self {
            Column::Number(_) => "numbers",
            Column::Integer(_) => "integers",
            Column::Boolean(_) => "booleans",
            Column::DateTime(_) => "dates",
            Column::String(_) => "strings",
        }
    }

    /// The rows at these positions; the caller has checked that they exist.
    pub(super) fn take(&self, rows: &[usize]) -> Column {
        match self {
            Column::Number(values) => Column::Number(rows.iter().map(|&row| values[row]).collect()),
            Column::Integer(values) => Column::Integer(values.take(rows)),
            Column::Boolean(values) => Column::Boolean(values.take(rows)),
            Column::DateTime(values) => Column::DateTime(values.take(rows)),
            Column::String(strings) => Column::String(StringColumn {
                categories: Arc::clone(&strings.categories),
                codes: rows.iter().map(|&row| strings.codes[row]).collect(),
            }),
        }
    }
}

impl Column {
    /// The rows at these positions, which must exist; a missing value for `None`.
    pub(in crate::preprocessing) fn take_some(&self, rows: &[Option<usize>]) -> Column {
        let some = rows.iter().copied();
        match self {
            Column::Number(values) => Column::Number(some.map(|row| row.map_or(f64::NAN, |row| values[row])).collect()),
            Column::Integer(values) => Column::Integer(some.map(|row| values.get(row?)).collect()),
            Column::Boolean(values) => Column::Boolean(some.map(|row| values.get(row?)).collect()),
            Column::DateTime(values) => Column::DateTime(some.map(|row| values.get(row?)).collect()),
            Column::String(strings) => Column::String(StringColumn {
                categories: Arc::clone(&strings.categories),
                codes: some.map(|row| row.map_or(MISSING, |row| strings.codes[row])).collect(),
            }),
        }
    }
}

impl From<Vec<f64>> for Column {
    fn from(values: Vec<f64>) -> Column {
        Column::Number(values)
    }
}

impl From<IntegerColumn> for Column {
    fn from(values: IntegerColumn) -> Column {
        Column::Integer(values)
    }
}

impl From<Vec<i64>> for Column {
    fn from(values: Vec<i64>) -> Column {
        Column::Integer(values.into())
    }
}

impl From<DateTimeColumn> for Column {
    fn from(values: DateTimeColumn) -> Column {
        Column::DateTime(values)
    }
}

impl From<Vec<DateTime>> for Column {
    fn from(values: Vec<DateTime>) -> Column {
        Column::DateTime(values.into_iter().collect())
    }
}

impl From<BooleanColumn> for Column {
    fn from(values: BooleanColumn) -> Column {
        Column::Boolean(values)
    }
}

impl From<Vec<bool>> for Column {
    fn from(values: Vec<bool>) -> Column {
        Column::Boolean(values.into_iter().collect())
    }
}

impl From<StringColumn> for Column {
    fn from(strings: StringColumn) -> Column {
        Column::String(strings)
    }
}

/// The code of a missing string.
pub(crate) const MISSING: u32 = u32::MAX;

/// A column of strings. Each distinct string is stored once, and each row stores its code.
///
/// ```
/// use perceptra::preprocessing::StringColumn;
///
/// let homes: StringColumn = [Some("RENT"), None, Some("OWN"), Some("RENT")].into_iter().collect();
/// assert_eq!(homes.get(2), Some("OWN"));
/// assert_eq!(homes.get(1), None);
/// assert_eq!(homes.categories(), ["OWN", "RENT"]);
/// ```
#[derive(Debug, Clone, Default)]
pub struct StringColumn {
    categories: Arc<Vec<String>>,
    codes: Vec<u32>,
}

impl StringColumn {
    /// The number of rows.
    pub fn len(&self) -> usize {
        self.codes.len()
    }

    /// Whether the column has no rows.
    pub fn is_empty(&self) -> bool {
        self.codes.is_empty()
    }

    /// The string at `row`, `None` if it is missing or beyond the last row.
    pub fn get(&self, row: usize) -> Option<&str> {
        self.codes.get(row).and_then(|&code| self.dictionary(code))
    }

    /// The strings in the order of the rows, `None` for a missing one.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Option<&str>> {
        self.codes.iter().map(|&code| self.dictionary(code))
    }

    /// The distinct strings that occur, sorted.
    pub fn categories(&self) -> Vec<&str> {
        let mut present: Vec<&str> = self.counts().into_iter().map(|(text, _)| text).collect();
        present.sort_unstable();
        present
    }

    /// The frequency of each string, the most frequent first, equally frequent ones in alphabetical order.
    pub fn counts(&self) -> Vec<(&str, usize)> {
        let mut counts = vec![0_usize; self.categories.len()];
        for &code in &self.codes {
            if let Some(count) = counts.get_mut(code as usize) {
                *count += 1;
            }
        }
        let strings = self.categories.iter().map(String::as_str);
        let mut found: Vec<_> = strings.zip(counts).filter(|&(_, count)| count > 0).collect();
        sorting::by(&mut found, |a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
        found
    }

    /// A column with the strings at these positions; missing for `None` and for a position beyond the last row.
    #[cfg(feature = "arrow")]
    pub(super) fn coded(&self, rows: impl Iterator<Item = Option<usize>>) -> StringColumn {
        let code = |row: Option<usize>| row.and_then(|row| self.codes.get(row)).copied().unwrap_or(MISSING);
        StringColumn { categories: Arc::clone(&self.categories), codes: rows.map(code).collect() }
    }

    /// The code of each row, an index into [`all_categories`](Self::all_categories), or [`MISSING`].
    pub(crate) fn codes(&self) -> &[u32] {
        &self.codes
    }

    /// The distinct strings in order of their codes; after a selection of rows some may no longer occur.
    pub(crate) fn all_categories(&self) -> &[String] {
        &self.categories
    }

    fn dictionary(&self, code: u32) -> Option<&str> {
        self.categories.get(code as usize).map(String::as_str)
    }
}

impl<S: AsRef<str>> FromIterator<Option<S>> for StringColumn {
    fn from_iter<I: IntoIterator<Item = Option<S>>>(strings: I) -> StringColumn {
        let mut builder = StringBuilder::default();
        for text in strings {
            match text {
                Some(text) => builder.push(text.as_ref()),
                None => builder.push_missing(1),
            }
        }
        builder.finish()
    }
}

/// Builds a column of strings row by row and assigns a code to each distinct string.
#[derive(Debug, Default)]
pub(super) struct StringBuilder {
    categories: Vec<String>,
    numbers: HashMap<String, u32>,
    codes: Vec<u32>,
}

impl StringBuilder {
    pub(super) fn push(&mut self, text: &str) {
        let code = match self.numbers.get(text) {
            Some(&code) => code,
            None => {
                let code = self.categories.len() as u32;
                self.categories.push(text.to_owned());
                self.numbers.insert(text.to_owned(), code);
                code
            }
        };
        self.codes.push(code);
    }

    /// Appends all strings of a column; each distinct one is looked up once.
    pub(super) fn append(&mut self, column: &StringColumn) {
        let mut known = vec![MISSING; column.categories.len()];
        for (row, &code) in column.codes.iter().enumerate() {
            match (known.get(code as usize).copied(), column.get(row)) {
                (Some(MISSING), Some(text)) => {
                    self.push(text);
                    known[code as usize] = self.codes.last().copied().unwrap_or(MISSING);
                }
                (Some(code), _) => self.codes.push(code),
                (None, _) => self.codes.push(MISSING),
            }
        }
    }

    pub(super) fn len(&self) -> usize {
        self.codes.len()
    }

    /// Keeps only the first `rows` rows.
    #[cfg(feature = "csv")]
    pub(super) fn truncate(&mut self, rows: usize) {
        self.codes.truncate(rows);
    }

    pub(super) fn push_missing(&mut self, rows: usize) {
        self.codes.resize(self.codes.len() + rows, MISSING);
    }

    pub(super) fn finish(self) -> StringColumn {
        StringColumn { categories: Arc::new(self.categories), codes: self.codes }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn categories_are_those_that_are_left() {
        let column = Column::String([Some("b"), Some("a"), None, Some("b")].into_iter().collect());
        let Column::String(taken) = column.take(&[3, 2, 0]) else { panic!("a column of strings stays one") };
        assert_eq!(taken.categories(), ["b"]);
        assert_eq!(taken.counts(), [("b", 2)]);
        assert_eq!(taken.iter().collect::<Vec<_>>(), [Some("b"), None, Some("b")]);
    }

    #[test]
    fn missing_values_are_counted() {
        assert_eq!(Column::from(vec![1.0, f64::NAN]).missing(), 1);
        assert!(Column::from(vec![1.0, f64::NAN]).is_missing(1));
        let strings: StringColumn = [None, Some("x")].into_iter().collect();
        assert_eq!(Column::from(strings).missing(), 1);
    }
}
