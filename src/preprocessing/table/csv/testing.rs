//! Functions for the tests of several steps of reading.

use super::CsvOptions;
use crate::error::Result;
use crate::preprocessing::Table;

/// Reads with the defaults.
pub(super) fn read(text: impl AsRef<[u8]>) -> Result<Table> {
    CsvOptions::new().read_from(text.as_ref(), "loans.csv")
}

/// Reads with options.
pub(super) fn with(options: CsvOptions, text: impl AsRef<[u8]>) -> Result<Table> {
    options.read_from(text.as_ref(), "f.csv")
}

pub(super) fn message(result: Result<Table>) -> String {
    result.unwrap_err().to_string()
}

/// The strings of a column.
pub(super) fn strings(table: &Table, column: &str) -> Vec<Option<String>> {
    table.strings(column).unwrap().iter().map(|text| text.map(str::to_owned)).collect()
}
