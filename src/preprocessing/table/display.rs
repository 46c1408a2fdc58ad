//! A table on the terminal: its first rows.

use crate::error::counted;
use std::fmt;

use super::{Column, DateTimeColumn, Table};

/// The number of rows that `Display` of [`Table`] writes.
const SHOWN: usize = 10;

/// The widest line; further columns follow below, each block with the first column again.
const LINE: usize = 80;

impl fmt::Display for Table {
    /// The first ten rows in aligned columns, and how many rows and columns there are.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rows = self.rows.min(SHOWN);
        let mut grid = vec![vec![String::new()]; rows + 1];
        for (row, line) in grid.iter_mut().enumerate().skip(1) {
            line[0] = (row - 1).to_string();
        }
        for (name, column) in self.iter() {
            grid[0].push(name.to_owned());
            for row in 0..rows {
                grid[row + 1].push(match column {
                    Column::Number(values) if values[row].is_nan() => "—".to_owned(),
                    Column::Number(values) => values[row].to_string(),
                    Column::Integer(values) => values.get(row).map_or("—".to_owned(), |value| value.to_string()),
                    Column::DateTime(values) => written(values, row),
                    Column::Boolean(values) => values.get(row).map_or("—".to_owned(), |value| value.to_string()),
                    Column::String(strings) => strings.get(row).unwrap_or("—").to_owned(),
                });
            }
        }
        write_grid(f, &grid)?;
        let more = if self.rows > SHOWN { "…\n" } else { "" };
        write!(f, "{more}{} × {}", counted(self.rows, "row"), counted(self.ncols(), "column"))
    }
}

/// A date, with the time of the day if any row has one.
fn written(values: &DateTimeColumn, row: usize) -> String {
    let mut text = String::new();
    match values.get(row).map(|at| at.write(&mut text, !values.are_dates())) {
        Some(Ok(())) => text,
        _ => "—".to_owned(),
    }
}

/// Writes lines of cells: the first column left-aligned, the others right-aligned, two spaces between; columns that
/// do not fit into a line follow in blocks below.
pub(super) fn write_grid(f: &mut fmt::Formatter<'_>, grid: &[Vec<String>]) -> fmt::Result {
    let columns = grid.first().map_or(0, Vec::len);
    // A format allows no more; longer names are not aligned.
    let longest = |column: usize| grid.iter().map(|line| line[column].chars().count()).max().unwrap_or(0);
    let width = |column: usize| longest(column).min(usize::from(u16::MAX));
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut first = 1;
    loop {
        let mut end = first;
        let mut line_width = widths.first().copied().unwrap_or(0);
        // A column that is wider than a line is shown on its own.
        while end < columns && (end == first || line_width + 2 + widths[end] <= LINE) {
            line_width += 2 + widths[end];
            end += 1;
        }
        for line in grid {
            if let (Some(cell), Some(&width)) = (line.first(), widths.first()) {
                write!(f, "{cell:<width$}")?;
            }
            for (cell, &width) in line.iter().zip(&widths).take(end).skip(first) {
                write!(f, "  {cell:>width$}")?;
            }
            writeln!(f)?;
        }
        if end >= columns {
            return Ok(());
        }
        writeln!(f)?;
        first = end;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_aligned_and_long_tables_cut() {
        let table = Table::new().with_numbers("rate", [14.98, f64::NAN]).unwrap();
        let table = table.with_strings("home", ["RENT", "MORTGAGE"]).unwrap();
        assert_eq!(table.to_string(), "    rate      home\n0  14.98      RENT\n1      —  MORTGAGE\n2 rows × 2 columns");
        let long = Table::new().with_numbers("n", (0..12).map(f64::from)).unwrap().to_string();
        assert_eq!(long.lines().count(), 13);
        assert!(long.ends_with("…\n12 rows × 1 column"));
    }

    #[test]
    fn a_name_of_any_length_is_displayed() {
        let table = Table::new().with_numbers("a".repeat(70_000), [1.0]).unwrap();
        assert!(table.to_string().ends_with("1 row × 1 column"));
    }

    #[test]
    fn columns_beyond_a_line_follow_in_blocks() {
        let mut table = Table::new();
        for i in 0..12 {
            table = table.with_numbers(format!("a_long_name_{i:02}"), [f64::from(i)]).unwrap();
        }
        let text = table.to_string();
        assert!(text.lines().all(|line| line.chars().count() <= LINE), "{text}");
        assert!((0..12).all(|i| text.matches(&format!("a_long_name_{i:02}")).count() == 1), "{text}");
        assert_eq!(text.lines().count(), 3 * 2 + 2 + 1);
    }
}
