//! The columns of targets of numbers, and of several labels.

use crate::preprocessing::Table;
use crate::{Error, Result};

/// The numbers of a column, none missing or infinite.
pub(super) fn complete<'a>(table: &'a Table, name: &str) -> Result<&'a [f64]> {
    let values = table.complete_numbers(name)?;
    match values.iter().position(|value| value.is_infinite()) {
        Some(row) => Err(Error::InfiniteValue { place: table.place(row), column: name.to_owned(), value: values[row] }),
        None => Ok(values),
    }
}

/// Zeros and ones of a column.
pub(super) fn flags<'a>(table: &'a Table, name: &str) -> Result<&'a [f64]> {
    let values = complete(table, name)?;
    match values.iter().position(|value| *value != 0.0 && *value != 1.0) {
        Some(row) => {
            let value = format!("{} in \"{name}\" ({})", values[row], table.place(row));
            Err(Error::argument("Target::multilabel", "columns", value, "booleans, or 0 and 1"))
        }
        None => Ok(values),
    }
}
