//! Counts of the strings of a column, from which a vocabulary is learned.

use super::table::MISSING;
use super::{Column, StringColumn, Table};
use crate::{Error, Result};
use std::collections::HashMap;

/// How often each string occurs.
pub(super) type StringCounts = HashMap<String, usize>;

/// Adds the counts of other rows.
pub(super) fn add(counts: &mut StringCounts, others: StringCounts) {
    for (text, count) in others {
        *counts.entry(text).or_default() += count;
    }
}

/// The strings of a column, none of which may be missing.
pub(super) fn counted(table: &Table, name: &str) -> Result<StringCounts> {
    let column = string_column(table, name)?;
    match column.codes().iter().position(|&code| code == MISSING) {
        Some(row) => Err(Error::MissingValue { place: table.place(row), column: name.into() }),
        None => Ok(column.counts().into_iter().map(|(text, count)| (text.to_owned(), count)).collect()),
    }
}

/// A column that must hold strings.
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
