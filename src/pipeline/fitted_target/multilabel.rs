//! Columns of zeros and ones.

use super::regression::complete;
use crate::preprocessing::Table;
use crate::{Error, Result};

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
