//! The checksum of a table.

use super::{Column, Table};
use crate::checksum::{continue_crc32c, continue_with_numbers, joined_crc32c};
use serde::{Deserialize, Serialize};

impl Table {
    /// The CRC-32C of the names, the types and the values of the columns, in their order; missing values are all the same.
    pub(crate) fn checksum(&self) -> u32 {
        self.iter().fold(0, |sum, (name, column)| of_values(of_head(sum, name, column), column))
    }
}

/// The checksum of a table that comes in blocks, all of them with the same names and types.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct BlockwiseChecksum {
    /// Of the values of each column, and the number of their bytes.
    columns: Vec<(u32, u64)>,
    rows: usize,
}

impl BlockwiseChecksum {
    /// Takes the next rows.
    pub(crate) fn update(&mut self, block: &Table) {
        self.columns.resize(block.ncols(), (0, 0));
        for ((sum, length), (_, column)) in self.columns.iter_mut().zip(block.iter()) {
            *sum = of_values(*sum, column);
            *length += bytes_of(column);
        }
        self.rows += block.nrows();
    }

    /// Takes later rows, of which another one was made.
    pub(crate) fn append(&mut self, later: &BlockwiseChecksum) {
        self.columns.resize(self.columns.len().max(later.columns.len()), (0, 0));
        for ((sum, length), (of_later, more)) in self.columns.iter_mut().zip(&later.columns) {
            *sum = joined_crc32c(*sum, *of_later, *more);
            *length += more;
        }
        self.rows += later.rows;
    }

    /// The number of rows.
    pub(crate) fn rows(&self) -> usize {
        self.rows
    }

    /// Returns the checksum of the table of all rows; the names and types are those of `block`.
    pub(crate) fn finish(&self, block: &Table) -> u32 {
        let columns = block.iter().zip(&self.columns);
        columns.fold(0, |before, ((name, column), (sum, length))| {
            joined_crc32c(of_head(before, name, column), *sum, *length)
        })
    }
}

fn of_head(sum: u32, name: &str, column: &Column) -> u32 {
    of_text(of_text(sum, Some(name)), Some(column.kind()))
}

fn of_values(sum: u32, column: &Column) -> u32 {
    match column {
        Column::Number(values) => continue_with_numbers(sum, values.iter().copied()),
        Column::Integer(values) => values.iter().fold(sum, of_integer),
        Column::DateTime(values) => values.iter().map(|at| at.map(|at| at.microseconds())).fold(sum, of_integer),
        Column::Boolean(values) => continue_with_numbers(sum, values.as_numbers().iter().copied()),
        Column::String(strings) => strings.iter().fold(sum, of_text),
    }
}

/// The number of bytes that [`of_values`] sums.
fn bytes_of(column: &Column) -> u64 {
    let rows = column.len() as u64;
    match column {
        Column::Number(_) | Column::Boolean(_) => 8 * rows,
        Column::Integer(_) | Column::DateTime(_) => 9 * rows,
        Column::String(strings) => strings.iter().map(|text| 8 + text.map_or(0, str::len) as u64).sum(),
    }
}

/// With a byte in front that states whether there is one.
fn of_integer(sum: u32, value: Option<i64>) -> u32 {
    let sum = continue_crc32c(sum, &[u8::from(value.is_some())]);
    continue_crc32c(sum, &value.unwrap_or_default().to_le_bytes())
}

/// With the length before the bytes, so that two strings are not those of another division.
fn of_text(sum: u32, text: Option<&str>) -> u32 {
    let length = text.map_or(u64::MAX, |text| text.len() as u64);
    continue_crc32c(continue_crc32c(sum, &length.to_le_bytes()), text.unwrap_or_default().as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_have_the_checksum_of_the_whole() {
        let gap = |row: i64| (row % 3 != 0).then_some(row);
        let dates = (0..20).map(|row| gap(row).map(crate::preprocessing::DateTime::from_microseconds));
        let table = Table::new()
            .with_numbers("a", (0..20).map(|row| if row % 4 == 0 { f64::NAN } else { f64::from(row) }))
            .and_then(|table| table.with_column("b", (0..20).map(gap).collect::<super::super::IntegerColumn>()))
            .and_then(|table| table.with_column("c", dates.collect::<super::super::DateTimeColumn>()))
            .and_then(|table| table.with_booleans("d", (0..20).map(|row| row % 2 == 0)))
            .and_then(|table| {
                let strings = (0..20).map(|row| gap(row).map(|row| "é".repeat(row as usize)));
                table.with_column("e", strings.collect::<super::super::StringColumn>())
            })
            .unwrap();
        for size in [1, 3, 20] {
            let mut blocks = BlockwiseChecksum::default();
            for start in (0..20).step_by(size) {
                blocks.update(&table.take(&(start..(start + size).min(20)).collect::<Vec<_>>()).unwrap());
            }
            assert_eq!((blocks.finish(&table.head(0)), blocks.rows()), (table.checksum(), 20));
        }
    }

    #[test]
    fn whatever_differs_changes_the_checksum() {
        let table = |values: [f64; 2], strings: [&str; 2]| {
            Table::new().with_numbers("a", values).unwrap().with_strings("b", strings).unwrap()
        };
        let base = table([1.0, f64::NAN], ["x", "yz"]);
        let others = [
            table([1.0, 2.0], ["x", "yz"]),
            table([1.0_f64.next_up(), f64::NAN], ["x", "yz"]),
            table([1.0, f64::NAN], ["xy", "z"]),
            base.select(["b", "a"]).unwrap(),
            base.select(["a"]).unwrap(),
            base.with_booleans("a", [true, false]).unwrap(),
            base.head(1),
            base.with_integers("a", [1, 0]).unwrap(),
            base.with_integers("a", [1, 1]).unwrap(),
            base.with_column("a", vec![crate::preprocessing::DateTime::from_microseconds(1); 2]).unwrap(),
        ];
        assert!(others.iter().all(|other| other.checksum() != base.checksum()));
        assert_eq!(base.take(&[0, 1]).unwrap().checksum(), base.checksum());
        let long = |values: usize| Table::new().with_numbers("a", (0..values).map(|x| x as f64)).unwrap().checksum();
        assert_ne!(long(512), long(513));
    }
}
