//! Tables one below the other, and side by side.

use std::sync::Arc;

use crate::error::{Error, Result};
use crate::lists::{joined, try_map};

use super::column::StringBuilder;
use super::{Column, Origin, Table};

impl Table {
    /// The rows of several tables below each other, with the columns of the first in its order.
    ///
    /// The tables have the same columns in whatever order, of the same types. Integers among numbers become numbers, and a column without any
    /// value takes the type that it has in the others. Rows know the file that they came from.
    ///
    /// ```
    /// # use perceptra::preprocessing::Table;
    /// let january = Table::new().with_strings("home", ["OWN"])?.with_numbers("rate", [1.0])?;
    /// let february = Table::new().with_numbers("rate", [2.0])?.with_strings("home", ["RENT"])?;
    /// let both = Table::concat_rows([&january, &february])?;
    /// assert_eq!((both.names(), both.numbers("rate")?), (january.names(), &[1.0, 2.0][..]));
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::UnknownColumn`] for a column that a table lacks, [`Error::Argument`] for one that only a later table has,
    /// [`Error::ColumnType`] for one of another type.
    pub fn concat_rows<'a>(tables: impl IntoIterator<Item = &'a Table>) -> Result<Table> {
        let tables: Vec<&Table> = tables.into_iter().collect();
        let Some(first) = tables.first() else { return Ok(Table::new()) };
        for table in &tables {
            if let Some(name) = table.names.iter().find(|name| first.names.position(name).is_none()) {
                let value = format!("a table with the column \"{name}\" after one without it");
                let expected = format!("tables of the same columns: {}", first.names.join(", "));
                return Err(Error::argument("Table::concat_rows", "tables", value, expected));
            }
        }
        let mut columns = Vec::new();
        for name in first.names() {
            let parts = try_map(tables.iter(), |table| table.column(name))?;
            let column = one_column(&parts).ok_or_else(|| {
                let has_value = |part: &&&Column| part.missing() < part.len();
                let kinds: Vec<&'static str> = parts.iter().filter(has_value).map(|part| part.kind()).collect();
                let found = kinds.iter().find(|kind| **kind != kinds[0]).copied().unwrap_or_default();
                let expected = format!("{}, as in the tables before; read all of them with the same types", kinds[0]);
                Error::ColumnType { column: name.clone(), expected, found }
            })?;
            columns.push(Arc::new(column));
        }
        let rows = |(index, table): (usize, &&Table)| (0..table.rows).map(move |row| (index, row)).collect::<Vec<_>>();
        let origin = tables.iter().any(|table| table.origin.is_some()).then(|| {
            let rows = joined(tables.iter().enumerate(), rows);
            Arc::new(Origin::Several { origins: tables.iter().map(|table| table.origin.clone()).collect(), rows })
        });
        Ok(Table { names: first.names.clone(), columns, rows: tables.iter().map(|table| table.rows).sum(), origin })
    }

    /// The columns of several tables of the same rows, side by side.
    ///
    /// ```
    /// # use perceptra::preprocessing::Table;
    /// let rates = Table::new().with_numbers("rate", [1.0, 2.0])?;
    /// let homes = Table::new().with_strings("home", ["OWN", "RENT"])?;
    /// assert_eq!(Table::concat_columns([&rates, &homes])?.names(), ["rate", "home"]);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Rows`] for a table with another number of rows, [`Error::Argument`] for a name that two tables have.
    pub fn concat_columns<'a>(tables: impl IntoIterator<Item = &'a Table>) -> Result<Table> {
        let mut tables = tables.into_iter();
        let mut joined = tables.next().cloned().unwrap_or_default();
        for table in tables {
            if table.rows != joined.rows {
                let (left, right) = ("the first table", "a table beside it");
                return Err(Error::Rows { left, left_rows: joined.rows, right, right_rows: table.rows });
            }
            for (name, column) in table.names.iter().zip(&table.columns) {
                if joined.names.position(name).is_some() {
                    let value = format!("two with a column \"{name}\"");
                    let expected = "tables of different columns; rename one with Table::rename";
                    return Err(Error::argument("Table::concat_columns", "tables", value, expected));
                }
                Arc::make_mut(&mut joined.names).push(name.clone());
                joined.columns.push(Arc::clone(column));
            }
        }
        Ok(joined)
    }

    /// The table with another name for a column.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownColumn`]; [`Error::Argument`] for a name that another column has.
    pub fn rename(&self, column: &str, name: impl Into<String>) -> Result<Table> {
        let (index, name) = (self.index(column)?, name.into());
        if self.names.position(&name).is_some_and(|other| other != index) {
            let expected = "a name that no other column has";
            return Err(Error::argument("Table::rename", "name", format!("\"{name}\""), expected));
        }
        let mut renamed = self.clone();
        Arc::make_mut(&mut renamed.names).rename(index, name);
        Ok(renamed)
    }
}

/// The values of all parts in one column; none if their types differ.
fn one_column(parts: &[&Column]) -> Option<Column> {
    let present = || parts.iter().filter(|part| part.missing() < part.len());
    let first = present().next().or(parts.first())?;
    let all = |fits: fn(&Column) -> bool| present().all(|part| fits(part));
    // What fits has no value where a part is of another type.
    let numbers = || -> Option<Column> {
        let mut values = Vec::new();
        for part in parts {
            match part.as_numbers() {
                Some(numbers) => values.extend_from_slice(numbers),
                None if part.missing() == part.len() => values.resize(values.len() + part.len(), f64::NAN),
                None => return None,
            }
        }
        Some(Column::Number(values))
    };
    match first {
        Column::Integer(_) if all(|part| matches!(part, Column::Integer(_))) => {
            let values = joined(parts, |part| match part {
                Column::Integer(values) => values.iter().collect(),
                other => vec![None; other.len()],
            });
            Some(Column::Integer(values.into_iter().collect()))
        }
        Column::Number(_) | Column::Integer(_)
            if all(|part| matches!(part, Column::Number(_) | Column::Integer(_))) =>
        {
            numbers()
        }
        Column::Boolean(_) if all(|part| matches!(part, Column::Boolean(_))) => {
            let values = joined(parts, |part| match part {
                Column::Boolean(values) => values.iter().collect(),
                other => vec![None; other.len()],
            });
            Some(Column::Boolean(values.into_iter().collect()))
        }
        Column::DateTime(_) if all(|part| matches!(part, Column::DateTime(_))) => {
            let values = joined(parts, |part| match part {
                Column::DateTime(values) => values.iter().collect(),
                other => vec![None; other.len()],
            });
            Some(Column::DateTime(values.into_iter().collect()))
        }
        Column::String(_) if all(|part| matches!(part, Column::String(_))) => {
            let mut strings = StringBuilder::default();
            for part in parts {
                match part {
                    Column::String(values) => strings.append(values),
                    other => strings.push_missing(other.len()),
                }
            }
            Some(Column::String(strings.finish()))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::{BooleanColumn, DateTimeColumn, IntegerColumn, StringColumn};
    use super::*;
    use crate::error::Place;

    fn typed(rows: std::ops::Range<i64>) -> Table {
        let odd = |row: i64| row % 2 == 1;
        let count = rows.end - rows.start;
        let dates = rows.clone().map(|row| odd(row).then(|| super::super::DateTime::from_microseconds(row)));
        Table::new()
            .with_column("n", rows.clone().map(|row| if odd(row) { f64::NAN } else { row as f64 }).collect::<Vec<_>>())
            .and_then(|table| {
                table.with_column("i", rows.clone().map(|row| odd(row).then_some(row)).collect::<IntegerColumn>())
            })
            .and_then(|table| {
                table.with_column("b", rows.clone().map(|row| odd(row).then_some(true)).collect::<BooleanColumn>())
            })
            .and_then(|table| table.with_column("d", dates.collect::<DateTimeColumn>()))
            .and_then(|table| {
                let strings = rows.clone().map(|row| odd(row).then(|| format!("s{}", row % 5)));
                table.with_column("s", strings.collect::<StringColumn>())
            })
            .map(|table| table.head(count as usize))
            .unwrap()
    }

    #[test]
    fn rows_of_every_type_are_joined() {
        let names = ["s", "n", "d", "i", "b"];
        let parts = [typed(0..3), typed(3..3).select(names).unwrap(), typed(3..10).select(names).unwrap()];
        let (both, whole) = (Table::concat_rows(&parts).unwrap(), typed(0..10));
        assert_eq!((both.names(), both.nrows()), (whole.names(), 10));
        for (name, column) in both.iter() {
            assert_eq!(column.kind(), whole.column(name).unwrap().kind());
            assert!((0..10).all(|row| both.value(name, row) == whole.value(name, row)), "{name}");
        }
        assert_eq!(Table::concat_rows([]).unwrap().ncols(), 0);
    }

    #[test]
    fn a_column_without_values_takes_the_type_of_the_others() {
        let empty = Table::new().with_numbers("n", [f64::NAN]).unwrap();
        for (name, column) in typed(0..4).iter() {
            let table = Table::new().with_column("n", column.clone()).unwrap();
            for pair in [[&empty, &table], [&table, &empty]] {
                let both = Table::concat_rows(pair).unwrap();
                let found = both.column("n").unwrap();
                assert_eq!((found.kind(), found.missing()), (column.kind(), column.missing() + 1), "{name}");
            }
        }
        let (integers, numbers) = (vec![7_i64], vec![0.5]);
        let (a, b) =
            (Table::new().with_column("n", integers).unwrap(), Table::new().with_column("n", numbers).unwrap());
        assert_eq!(Table::concat_rows([&a, &b]).unwrap().numbers("n").unwrap(), [7.0, 0.5]);
    }

    #[test]
    fn tables_that_do_not_fit_are_refused() {
        let (a, b) = (Table::new().with_numbers("n", [1.0]).unwrap(), Table::new().with_strings("n", ["x"]).unwrap());
        let error = Table::concat_rows([&a, &b]).unwrap_err().to_string();
        assert!(error.starts_with("column \"n\" holds strings; expected numbers, as in the tables before"), "{error}");
        let wide = a.with_numbers("m", [1.0]).unwrap();
        assert!(matches!(Table::concat_rows([&wide, &a]), Err(Error::UnknownColumn { .. })));
        assert!(Table::concat_rows([&a, &wide]).unwrap_err().to_string().contains("column \"m\""));
        let long = Table::new().with_integers("n", [i64::MAX]).unwrap();
        assert!(matches!(Table::concat_rows([&a, &long]), Err(Error::ColumnType { .. })));
        assert!(matches!(Table::concat_columns([&a, &b]), Err(Error::Argument { .. })));
        assert!(matches!(
            Table::concat_columns([&a, &Table::new().with_numbers("m", [1.0, 2.0]).unwrap()]),
            Err(Error::Rows { .. })
        ));
        let renamed = b.rename("n", "m").unwrap();
        assert_eq!(Table::concat_columns([&a, &renamed]).unwrap().names(), ["n", "m"]);
        assert!(wide.rename("n", "m").is_err() && wide.rename("n", "n").is_ok() && wide.rename("x", "y").is_err());
    }

    #[cfg(feature = "csv")]
    #[test]
    fn rows_know_the_file_that_they_came_from() {
        let read = |text: &str, name: &str| super::super::CsvOptions::new().read_from(text.as_bytes(), name).unwrap();
        let (a, b) = (read("n\n1\n\n2\n", "a.csv"), read("n\n3\n4\n", "b.csv"));
        let both = Table::concat_rows([&a, &Table::new().with_numbers("n", [9.0]).unwrap(), &b]).unwrap();
        let both = both.take(&[4, 1, 2]).unwrap();
        let place = |row| both.place(row).to_string();
        assert_eq!([place(0), place(1)], ["b.csv, line 3", "a.csv, line 4"]);
        assert!(matches!(both.place(2), Place::Row(2)));
    }
}
