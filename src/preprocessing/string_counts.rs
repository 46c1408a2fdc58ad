//! Counts of the strings of a column, from which a vocabulary is learned.

use super::table::MISSING;
use super::{Column, StringColumn, Table};
use crate::{Error, Result};
use std::collections::HashMap;

/// The number of occurrences of each string.
pub(super) type StringCounts = HashMap<String, usize>;

/// Adds the counts of other rows.
pub(super) fn add(counts: &mut StringCounts, others: StringCounts) {
    for (text, count) in others {
        *counts.entry(text).or_default() += count;
    }
}

/// Counts the strings of a column; a missing one is an error.
pub(super) fn counted(table: &Table, name: &str) -> Result<StringCounts> {
    let column = string_column(table, name)?;
    match column.codes().iter().position(|&code| code == MISSING) {
        Some(row) => Err(Error::MissingValue { place: table.place(row), column: name.into() }),
        None => Ok(column.counts().into_iter().map(|(text, count)| (text.to_owned(), count)).collect()),
    }
}

/// Returns the strings of a column; a column of another type is an error.
fn string_column<'a>(table: &'a Table, name: &str) -> Result<&'a StringColumn> {
    match table.column(name)? {
        Column::String(strings) => Ok(strings),
        other => {
            let (expected, found) = (
                "strings; read it with CsvOptions::new().strings([…]); for numbers see layers::IntegerLookup"
                    .to_string(),
                other.kind(),
            );
            Err(Error::ColumnType { column: name.into(), expected, found })
        }
    }
}
