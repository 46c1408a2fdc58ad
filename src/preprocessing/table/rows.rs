//! Choosing rows of a table.

use std::sync::Arc;

use crate::error::{Error, Result};

use super::{Column, DateTime, Origin, Record, Table, Value};

/// One row of a table, as [`Table::filter`] shows it.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    table: &'a Table,
    row: usize,
}

impl<'a> Row<'a> {
    /// The number in that column, 1 or 0 in one of booleans, NaN if it is missing.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownColumn`], or [`Error::ColumnType`] for a column of strings or dates, or of integers that an `f64` cannot hold.
    pub fn number(&self, column: &str) -> Result<f64> {
        let found = self.table.column(column)?;
        match found.as_numbers() {
            Some(values) => Ok(values[self.row]),
            None => Err(Error::ColumnType {
                column: column.to_owned(),
                expected: match found {
                    Column::Integer(_) => "integers that an f64 holds, or a look at them with row.integer(…)",
                    Column::DateTime(_) => "numbers, or a look at its dates with row.date_time(…)",
                    _ => "numbers, or a look at its strings with row.string(…)",
                }
                .into(),
                found: found.kind(),
            }),
        }
    }

    /// The integer in that column, `None` if it is missing.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownColumn`], or [`Error::ColumnType`] for a column of another type.
    pub fn integer(&self, column: &str) -> Result<Option<i64>> {
        Ok(self.table.integers(column)?.get(self.row))
    }

    /// The date, or date and time, in that column, `None` if it is missing.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownColumn`], or [`Error::ColumnType`] for a column of another type.
    pub fn date_time(&self, column: &str) -> Result<Option<DateTime>> {
        Ok(self.table.date_times(column)?.get(self.row))
    }

    /// The boolean in that column, `None` if it is missing.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownColumn`], or [`Error::ColumnType`] for a column of numbers or strings.
    pub fn boolean(&self, column: &str) -> Result<Option<bool>> {
        Ok(self.table.booleans(column)?.get(self.row))
    }

    /// The string in that column, `None` if it is missing.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownColumn`], or [`Error::ColumnType`] for a column of numbers.
    pub fn string(&self, column: &str) -> Result<Option<&'a str>> {
        Ok(self.table.strings(column)?.get(self.row))
    }

    /// The row's position in the table, counted from 0.
    pub fn index(&self) -> usize {
        self.row
    }
}

impl Table {
    /// The rows of these positions, in this order; a position may come twice.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] for a position beyond the last row.
    pub fn take(&self, rows: &[usize]) -> Result<Table> {
        self.check_rows(rows)?;
        Ok(self.gather(rows))
    }

    /// Returns an error for a position beyond the last row.
    pub(super) fn check_rows(&self, rows: &[usize]) -> Result<()> {
        match rows.iter().find(|&&row| row >= self.rows) {
            Some(row) => {
                let expected = format!("positions below {}, the table's number of rows", self.rows);
                Err(Error::argument("Table::take", "rows", row, expected))
            }
            None => Ok(()),
        }
    }

    /// The first `count` rows, or all if there are fewer.
    #[must_use]
    pub fn head(&self, count: usize) -> Table {
        self.gather(&(0..count.min(self.rows)).collect::<Vec<_>>())
    }

    /// The rows for which the closure returns true.
    ///
    /// A missing number is NaN, so every comparison with it is false.
    ///
    /// ```
    /// # use perceptra::preprocessing::Table;
    /// let table = Table::new().with_numbers("rate", [5.0, 15.0])?.with_strings("home", ["RENT", "OWN"])?;
    /// let dear = table.filter(|row| Ok(row.number("rate")? > 10.0 && row.string("home")? == Some("OWN")))?;
    /// assert_eq!(dear.nrows(), 1);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The first error that the closure returns.
    pub fn filter(&self, keep: impl Fn(Row<'_>) -> Result<bool>) -> Result<Table> {
        let mut rows = Vec::new();
        for row in 0..self.rows {
            if keep(Row { table: self, row })? {
                rows.push(row);
            }
        }
        Ok(self.gather(&rows))
    }

    /// The values of one row by name, without the missing ones.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] for a position beyond the last row.
    pub fn record(&self, row: usize) -> Result<Record> {
        if row >= self.rows {
            self.take(&[row])?;
        }
        let values = self.names.iter().filter_map(|name| Some((name.as_str(), self.value(name, row)?)));
        Ok(values.collect())
    }

    /// The table of one record, with these columns; what the record lacks is missing.
    pub(crate) fn from_record<'a>(record: &Record, names: impl IntoIterator<Item = &'a str>) -> Table {
        let (mut all, mut columns) = (Vec::new(), Vec::new());
        for name in names {
            all.push(name.to_owned());
            columns.push(Arc::new(match record.get(name) {
                Some(&Value::Number(number)) => Column::Number(vec![number]),
                Some(&Value::Boolean(value)) => Column::Boolean([value].into_iter().collect()),
                Some(Value::String(text)) => Column::String([Some(text)].into_iter().collect()),
                None => Column::Number(vec![f64::NAN]),
            }));
        }
        Table { names: Arc::new(all.into()), columns, rows: 1, origin: Some(Arc::new(Origin::Record)) }
    }

    /// The rows of positions that are known to exist.
    pub(super) fn gather(&self, rows: &[usize]) -> Table {
        Table {
            names: self.names.clone(),
            columns: self.columns.iter().map(|column| Arc::new(column.take(rows))).collect(),
            rows: rows.len(),
            origin: self.origin.as_ref().map(|origin| Arc::new(origin.take(rows))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let homes: super::super::StringColumn = [Some("RENT"), Some("OWN"), None, Some("RENT")].into_iter().collect();
        let table = Table::new().with_numbers("rate", [1.0, f64::NAN, 3.0, 4.0]).unwrap();
        table.with_column("home", homes).unwrap()
    }

    #[test]
    fn rows_are_taken_in_order_and_repeatedly() {
        assert_eq!(table().take(&[3, 0, 3]).unwrap().numbers("rate").unwrap(), [4.0, 1.0, 4.0]);
        assert!(matches!(table().take(&[4]), Err(Error::Argument { .. })));
        assert_eq!(table().head(9).nrows(), 4);
    }

    #[test]
    fn a_filter_sees_values_by_name_and_passes_errors_on() {
        let rented = table().filter(|row| Ok(row.string("home")? == Some("RENT"))).unwrap();
        assert_eq!(rented.numbers("rate").unwrap(), [1.0, 4.0]);
        assert_eq!(table().filter(|row| Ok(row.number("rate")? > 0.0)).unwrap().nrows(), 3);
        assert!(matches!(table().filter(|row| Ok(row.number("rent")? > 0.0)), Err(Error::UnknownColumn { .. })));
        assert!(matches!(table().filter(|row| Ok(row.number("home")? > 0.0)), Err(Error::ColumnType { .. })));
    }

    #[test]
    fn a_record_leaves_missing_values_out() {
        assert_eq!(table().record(1).unwrap(), Record::new().with("home", "OWN"));
        assert!(table().record(4).is_err());
    }
}
