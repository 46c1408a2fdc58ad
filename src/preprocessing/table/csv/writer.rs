//! A CSV file that is written table by table.

use super::super::{Column, Table};
use super::write::{is_ambiguous_name, missing_field, needs_quotes, separate, write_names, write_number, write_quoted};
use crate::atomic::Replacement;
use crate::error::{Error, Result};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Writes a CSV file table by table, in the memory of one table; the file is renamed to its path when it is complete.
///
/// The first line has the names of the columns. A missing value is an empty field, `NA` where it is the only one of its line. Strings are
/// quoted where they hold a delimiter, a quote or a line break, or are empty, as pandas writes them. So reading the file may change the type of a
/// column: of strings such as `04109` all of which look like numbers it becomes one of numbers, of `true` and `false` one of booleans, and
/// a string such as `NA` is a missing value. [`Table::write_csv`], which knows all rows, quotes such strings; here declare the column with
/// [`CsvOptions::strings`](super::CsvOptions::strings) when the file is read. Dates are written as ISO 8601 has them, and are read as dates
/// with [`CsvOptions::dates`](super::CsvOptions::dates).
///
/// ```
/// use perceptra::preprocessing::{CsvWriter, Table};
///
/// # let path = std::env::temp_dir().join(format!("perceptra-csv-writer-{}.csv", std::process::id()));
/// let mut file = CsvWriter::begin(&path)?;
/// for month in 1..=12 {
///     file.write(&Table::new().with_integers("month", [month; 100])?)?;
/// }
/// assert!(!path.exists());
/// file.finish()?;
/// assert_eq!(Table::read_csv(&path)?.nrows(), 1200);
/// # std::fs::remove_file(path).unwrap();
/// # Ok::<(), perceptra::Error>(())
/// ```
#[derive(Debug)]
pub struct CsvWriter {
    path: PathBuf,
    file: Replacement,
    /// The names of the first table's columns.
    names: Option<Vec<String>>,
    /// The columns whose name would be taken for a value or another name without quotes.
    marked: Vec<bool>,
    /// The lines of a table; kept for its memory.
    lines: Vec<u8>,
}

impl CsvWriter {
    /// A file that is to be at `path`. Folders that are missing are made.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] for a path that cannot be written to.
    pub fn begin(path: impl AsRef<Path>) -> Result<CsvWriter> {
        let path = path.as_ref().to_owned();
        Ok(CsvWriter { file: Replacement::begin(&path)?, path, names: None, marked: Vec::new(), lines: Vec::new() })
    }

    /// Adds the rows of a table, which has the columns of the first one.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] for other columns; [`Error::Io`] if the file cannot be written, as on a full disk.
    pub fn write(&mut self, table: &Table) -> Result<()> {
        self.lines.clear();
        let written = match &self.names {
            Some(names) if names != table.names() => {
                let expected = format!("those of the first one: {}", names.join(", "));
                let found = table.names().join(", ");
                return Err(Error::argument("CsvWriter", "columns of the table", found, expected));
            }
            Some(_) => Ok(()),
            None => {
                self.names = Some(table.names().to_vec());
                self.marked = table.names().iter().map(|name| is_ambiguous_name(name)).collect();
                write_names(&mut self.lines, table.names(), &self.marked)
            }
        };
        let written = written.and_then(|()| write_rows(table, &self.marked, &mut self.lines));
        written.map_err(|source| Error::Io { path: self.path.clone(), source })?;
        self.file.append(&self.lines)
    }

    /// Waits until the file is on the disk, and renames it to its path.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] with the system's reason; what was at the path remains.
    pub fn finish(self) -> Result<()> {
        self.file.commit()
    }
}

fn write_rows(table: &Table, marked: &[bool], lines: &mut Vec<u8>) -> io::Result<()> {
    let columns: Vec<&Column> = table.iter().map(|(_, column)| column).collect();
    let missing = missing_field(columns.len());
    for row in 0..table.nrows() {
        for (index, column) in columns.iter().enumerate() {
            separate(lines, index)?;
            if column.is_missing(row) {
                lines.write_all(missing.as_bytes())?;
                continue;
            }
            match column {
                Column::Number(values) => write_number(lines, values[row]),
                Column::Integer(values) => values.get(row).map_or(Ok(()), |value| write!(lines, "{value}")),
                Column::Boolean(values) => values.get(row).map_or(Ok(()), |value| write!(lines, "{value}")),
                Column::DateTime(values) => values.get(row).map_or(Ok(()), |value| write!(lines, "{value}")),
                Column::String(values) => {
                    values.get(row).map_or(Ok(()), |text| write_string(lines, text, marked[index]))
                }
            }?;
        }
        lines.write_all(b"\n")?;
    }
    Ok(())
}

fn write_string(lines: &mut Vec<u8>, text: &str, marked: bool) -> io::Result<()> {
    match marked || text.is_empty() || needs_quotes(text) {
        true => write_quoted(lines, text),
        false => lines.write_all(text.as_bytes()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::CsvOptions;
    use super::*;
    use crate::preprocessing::StringColumn;

    #[test]
    fn names_of_any_kind_and_missing_rows_of_one_column_are_read_back() -> Result<()> {
        let path = std::env::temp_dir().join(format!("perceptra-writer-names-{}.csv", std::process::id()));
        let missing = Table::new().with_numbers("n", [f64::NAN, 1.0, f64::NAN])?;
        let days = ["2024-02-29", "2024-03-01T18:30:00"].map(|text| text.parse().unwrap());
        let days = Table::new().with_date_times("day", days)?;
        let mut tables = vec![(missing, CsvOptions::new()), (days, CsvOptions::new().dates(["day"]))];
        for name in ["1.5", "", " a", "a;b", "1 1", "-inf", "x"] {
            let table = Table::new().with_numbers(name, [0.5, f64::NAN])?;
            tables.push((table.clone(), CsvOptions::new()));
            tables.push((table.with_strings("home", ["OWN", "RENT"])?, CsvOptions::new()));
            tables.push((Table::new().with_strings(name, ["OWN", "RENT"])?, CsvOptions::new()));
        }
        for (table, options) in tables {
            let mut file = CsvWriter::begin(&path)?;
            file.write(&table)?;
            file.write(&table)?;
            file.finish()?;
            let rows: Vec<usize> = (0..table.nrows()).chain(0..table.nrows()).collect();
            assert_eq!(options.read(&path)?.checksum(), table.take(&rows)?.checksum(), "{table}");
        }
        std::fs::remove_file(path).unwrap();
        Ok(())
    }

    #[test]
    fn tables_become_one_file_that_is_read_back() -> Result<()> {
        let path = std::env::temp_dir().join(format!("perceptra-writer-{}.csv", std::process::id()));
        let strings = [Some("a, \"b\""), None, Some("two\nlines"), Some("")];
        let table = Table::new()
            .with_column("text, quoted", strings.into_iter().collect::<StringColumn>())?
            .with_numbers("x", [0.1 + 0.2, f64::NAN, -1e-7, 1e300])?
            .with_integers("id", [i64::MAX, 1, 2, 3])?
            .with_booleans("b", [true, false, true, true])?;
        let mut file = CsvWriter::begin(&path)?;
        file.write(&table)?;
        file.write(&table.take(&[])?)?;
        file.write(&table.take(&[3, 0])?)?;
        let other = file.write(&table.select(["x"])?).unwrap_err().to_string();
        assert!(other.contains("those of the first one: text, quoted, x, id, b"), "{other}");
        file.finish()?;
        // Quotes have a meaning where the header marks a column.
        let read = CsvOptions::new().integers(["id"]).quoted_strings(true).read(&path)?;
        assert_eq!(read.checksum(), table.take(&[0, 1, 2, 3, 3, 0])?.checksum(), "{read}");
        let mut given_up = CsvWriter::begin(&path)?;
        given_up.write(&table)?;
        drop(given_up);
        assert_eq!(Table::read_csv(&path)?.nrows(), 6);
        std::fs::remove_file(path).unwrap();
        Ok(())
    }
}
