//! Columns that grow row by row, each of the type of its values.

use std::sync::Arc;

use super::super::column::StringBuilder;
use super::super::optional_integers::OptionalIntegers;
use super::super::{Column, IntegerColumn, Table};
use super::failure::RowFailure;

/// One value of a row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum CellValue<'a> {
    Missing,
    Number(f64),
    Integer(i64),
    Boolean(bool),
    Microseconds(i64),
    String(&'a str),
}

/// A table while its rows are written.
#[derive(Debug, Default)]
pub(super) struct GrowingTable {
    names: Vec<String>,
    columns: Vec<GrowingColumn>,
    rows: usize,
    /// The column after the one that was written last, where the next field is in most rows.
    next: usize,
}

impl GrowingTable {
    /// Writes the value of a field of the row that is begun.
    pub(super) fn push(&mut self, field: &str, value: CellValue<'_>) -> Result<(), RowFailure> {
        let index = match self.names.get(self.next) {
            Some(name) if name == field => self.next,
            _ => self.names.iter().position(|name| name == field).unwrap_or_else(|| {
                self.names.push(field.to_owned());
                self.columns.push(GrowingColumn::Undecided(self.rows));
                self.names.len() - 1
            }),
        };
        self.next = index + 1;
        if self.columns[index].len() > self.rows {
            return Err(RowFailure("it is written twice".into()));
        }
        self.columns[index].push(value)
    }

    /// Fills what the row has left out.
    pub(super) fn end_row(&mut self) {
        (self.rows, self.next) = (self.rows + 1, 0);
        for column in self.columns.iter_mut().filter(|column| column.len() < self.rows) {
            column.push_missing();
        }
    }

    pub(super) fn finish(self) -> Table {
        let columns = self.columns.into_iter().map(|column| Arc::new(column.finish())).collect();
        Table { names: Arc::new(self.names.into()), columns, rows: self.rows, origin: None }
    }
}

#[derive(Debug)]
enum GrowingColumn {
    /// Only missing values so far, this many.
    Undecided(usize),
    Number(Vec<f64>),
    Integer(OptionalIntegers),
    Boolean(Vec<Option<bool>>),
    Microseconds(OptionalIntegers),
    String(StringBuilder),
}

impl GrowingColumn {
    fn len(&self) -> usize {
        match self {
            GrowingColumn::Undecided(rows) => *rows,
            GrowingColumn::Number(values) => values.len(),
            GrowingColumn::Integer(values) | GrowingColumn::Microseconds(values) => values.len(),
            GrowingColumn::Boolean(values) => values.len(),
            GrowingColumn::String(strings) => strings.len(),
        }
    }

    fn push_missing(&mut self) {
        match self {
            GrowingColumn::Undecided(rows) => *rows += 1,
            GrowingColumn::Number(values) => values.push(f64::NAN),
            GrowingColumn::Integer(values) | GrowingColumn::Microseconds(values) => values.push(None),
            GrowingColumn::Boolean(values) => values.push(None),
            GrowingColumn::String(strings) => strings.push_missing(1),
        }
    }

    fn push(&mut self, value: CellValue<'_>) -> Result<(), RowFailure> {
        self.decide(value)?;
        match (self, value) {
            (column, CellValue::Missing) => column.push_missing(),
            (GrowingColumn::Number(values), CellValue::Number(value)) => values.push(value),
            (GrowingColumn::Number(values), CellValue::Integer(value)) => {
                let number = IntegerColumn::from(vec![value]);
                let exact = number.as_numbers().and_then(|numbers| numbers.first().copied());
                values.push(exact.ok_or_else(|| RowFailure(format!("{value}, which no f64 holds, among numbers")))?);
            }
            (GrowingColumn::Integer(values), CellValue::Integer(value)) => values.push(Some(value)),
            (GrowingColumn::Boolean(values), CellValue::Boolean(value)) => values.push(Some(value)),
            (GrowingColumn::Microseconds(values), CellValue::Microseconds(value)) => values.push(Some(value)),
            (GrowingColumn::String(strings), CellValue::String(text)) => strings.push(text),
            (column, value) => {
                let (found, kind) = (kind(value), column.kind());
                return Err(RowFailure(format!("{found}, where the rows before have {kind}")));
            }
        }
        Ok(())
    }

    /// Takes the type of its first value, and that of numbers where one comes among integers.
    fn decide(&mut self, value: CellValue<'_>) -> Result<(), RowFailure> {
        match (&*self, value) {
            (_, CellValue::Missing) => {}
            (&GrowingColumn::Undecided(rows), value) => {
                let missing = || (0..rows).map(|_| None).collect::<OptionalIntegers>();
                *self = match value {
                    CellValue::Number(_) | CellValue::Missing => GrowingColumn::Number(vec![f64::NAN; rows]),
                    CellValue::Integer(_) => GrowingColumn::Integer(missing()),
                    CellValue::Boolean(_) => GrowingColumn::Boolean(vec![None; rows]),
                    CellValue::Microseconds(_) => GrowingColumn::Microseconds(missing()),
                    CellValue::String(_) => {
                        let mut strings = StringBuilder::default();
                        strings.push_missing(rows);
                        GrowingColumn::String(strings)
                    }
                };
            }
            (GrowingColumn::Integer(values), CellValue::Number(number)) => {
                let integers = IntegerColumn::from(values.clone());
                let numbers = integers.as_numbers().ok_or_else(|| {
                    RowFailure(format!("the number {number} after integers of which an f64 cannot hold one"))
                })?;
                *self = GrowingColumn::Number(numbers.to_vec());
            }
            _ => {}
        }
        Ok(())
    }

    fn kind(&self) -> &'static str {
        match self {
            GrowingColumn::Undecided(_) => "missing values",
            GrowingColumn::Number(_) => "numbers",
            GrowingColumn::Integer(_) => "integers",
            GrowingColumn::Boolean(_) => "booleans",
            GrowingColumn::Microseconds(_) => "dates",
            GrowingColumn::String(_) => "strings",
        }
    }

    fn finish(self) -> Column {
        match self {
            GrowingColumn::Undecided(rows) => Column::Number(vec![f64::NAN; rows]),
            GrowingColumn::Number(values) => Column::Number(values),
            GrowingColumn::Integer(values) => Column::Integer(values.into()),
            GrowingColumn::Boolean(values) => Column::Boolean(values.into_iter().collect()),
            GrowingColumn::Microseconds(values) => Column::DateTime(values.into()),
            GrowingColumn::String(strings) => Column::String(strings.finish()),
        }
    }
}

fn kind(value: CellValue<'_>) -> &'static str {
    match value {
        CellValue::Missing => "a missing value",
        CellValue::Number(_) => "a number",
        CellValue::Integer(_) => "an integer",
        CellValue::Boolean(_) => "a boolean",
        CellValue::Microseconds(_) => "a date",
        CellValue::String(_) => "a string",
    }
}
