//! Columns of strings as columns of dates.

use std::borrow::Cow;

use crate::error::{Error, Result};

use super::date_time::DateFormat;
use super::{Column, DateTime, DateTimeColumn, StringColumn, Table};

impl Table {
    /// The table with a column of strings of ISO 8601, as [`DateTime`] reads them, converted to dates; a missing string becomes a missing
    /// date.
    ///
    /// ```
    /// # use perceptra::preprocessing::Table;
    /// let table = Table::new().with_strings("issued", ["2011-12-01", "2011-12-24T18:00"])?.parse_dates("issued")?;
    /// assert_eq!(table.date_times("issued")?.get(1).map(|at| at.hour()), Some(18));
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::NotADate`] with value and row, [`Error::UnknownColumn`], or [`Error::ColumnType`] for a column of another type.
    pub fn parse_dates(&self, column: &str) -> Result<Table> {
        self.with_column(column, self.parsed(column, self.strings(column)?, &DateFormat::Iso)?)
    }

    /// The table with a column of strings of a format, such as `%d.%m.%Y`, converted to dates; see [`DateTime::parse`].
    ///
    /// # Errors
    ///
    /// The errors of [`parse_dates`](Self::parse_dates), and [`Error::Argument`] for an invalid format.
    pub fn parse_dates_as(&self, column: &str, format: &str) -> Result<Table> {
        self.with_column(column, self.parsed(column, self.strings(column)?, &DateFormat::new(format)?)?)
    }

    /// The dates of a column; those of strings are in ISO 8601, as records have them.
    pub(in super::super) fn dates(&self, column: &str) -> Result<Cow<'_, DateTimeColumn>> {
        let found = self.column(column)?;
        match found {
            Column::DateTime(values) => Ok(Cow::Borrowed(values)),
            Column::String(strings) => self.parsed(column, strings, &DateFormat::Iso).map(Cow::Owned),
            // A column without any value may have come as one of numbers.
            _ if found.missing() == found.len() => Ok(Cow::Owned((0..found.len()).map(|_| None).collect())),
            other => {
                let row = (0..other.len()).find(|&row| !other.is_missing(row)).unwrap_or_default();
                let cure = match self.is_record() {
                    true => "a date as a string of ISO 8601, such as \"2024-02-29\"",
                    false => "dates; read them with CsvOptions::new().dates([…]), or make them with parse_dates",
                };
                let expected = format!("{cure}; it has {} ({})", self.spelled(column, row), self.place(row));
                Err(Error::ColumnType { column: column.to_owned(), expected, found: other.kind() })
            }
        }
    }

    fn parsed(&self, column: &str, strings: &StringColumn, format: &DateFormat) -> Result<DateTimeColumn> {
        // Each distinct string is read once.
        let parsed: Vec<Option<DateTime>> = strings.all_categories().iter().map(|text| format.parse(text)).collect();
        let at = |(row, &code): (usize, &u32)| match parsed.get(code as usize) {
            None => Ok(None),
            Some(Some(at)) => Ok(Some(*at)),
            Some(None) => Err(Error::NotADate {
                place: self.place(row),
                column: column.to_owned(),
                value: strings.get(row).unwrap_or_default().to_owned(),
                expected: format.example(),
            }),
        };
        strings.codes().iter().enumerate().map(at).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_become_dates_and_missing_stays_missing() {
        let strings: StringColumn = [Some("1.2.2024"), None].into_iter().collect();
        let table = Table::new().with_column("t", strings).unwrap();
        let dates = table.parse_dates_as("t", "%d.%m.%Y").unwrap();
        assert!(dates.date_times("t").unwrap().iter().eq([Some("2024-02-01".parse().unwrap()), None]));
        let error = table.parse_dates("t").unwrap_err().to_string();
        assert!(error.starts_with("row 0 (counted from 0), column \"t\": \"1.2.2024\" is not a date"), "{error}");
        assert!(matches!(table.parse_dates_as("t", "%d"), Err(Error::Argument { .. })));
        assert!(matches!(dates.parse_dates("t"), Err(Error::ColumnType { .. })));
        let numbers = Table::new().with_numbers("t", [f64::NAN]).unwrap();
        assert_eq!(numbers.dates("t").unwrap().get(0), None);
        assert!(matches!(numbers.with_numbers("t", [1.0]).unwrap().dates("t"), Err(Error::ColumnType { .. })));
    }
}
