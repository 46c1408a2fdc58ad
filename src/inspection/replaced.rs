//! Replaces some columns of a table.

use crate::preprocessing::{Column, StringColumn, Table, Value};
use crate::{Error, Result, num_threads};
use rayon::prelude::*;

/// A column with one value in every row, missing if `None`.
pub(super) fn constant(value: Option<&Value>, rows: usize) -> Column {
    match value {
        Some(Value::Number(number)) => Column::Number(vec![*number; rows]),
        Some(Value::Boolean(value)) => vec![*value; rows].into(),
        Some(Value::String(text)) => std::iter::repeat_n(Some(text), rows).collect::<StringColumn>().into(),
        None => Column::Number(vec![f64::NAN; rows]),
    }
}

/// Numbers as a column of the type of another one, for columns of numbers and booleans.
pub(super) fn like(column: &Column, numbers: Vec<f64>) -> Column {
    match column {
        Column::Boolean(_) => numbers.into_iter().map(|number| number > 0.5).collect::<Vec<bool>>().into(),
        _ => Column::Number(numbers),
    }
}

/// The table with these columns in the order of other rows.
pub(super) fn reordered(table: &Table, columns: &[String], order: &[usize]) -> Result<Table> {
    let moved = table.select(columns)?.take(order)?;
    columns.iter().try_fold(table.clone(), |table, name| table.with_column(name, moved.column(name)?.clone()))
}

/// Returns an error for a table without rows.
pub(super) fn with_rows(what: &str, table: &Table) -> Result<()> {
    match table.nrows() {
        0 => Err(Error::Empty { what: what.into(), advice: "pass at least one row".into() }),
        _ => Ok(()),
    }
}

/// Runs a function for each number below a count, on several threads if available; the results are in the order of the numbers.
pub(super) fn for_each<R: Send>(count: usize, run: &(dyn Fn(usize) -> Result<R> + Sync)) -> Result<Vec<R>> {
    match num_threads() > 1 && count > 1 {
        true => (0..count).into_par_iter().with_max_len(1).map(run).collect(),
        false => (0..count).map(run).collect(),
    }
}
