//! Tables as lines of one CSV file.

use perceptra::Result;
use perceptra::preprocessing::{Column, Table};
use perceptra::saving::Replacement;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// A CSV file that is written table by table and takes its place once it is whole. Strings are quoted where they have to be.
pub(crate) struct CsvLines {
    path: PathBuf,
    file: Replacement,
    has_header: bool,
}

impl CsvLines {
    pub(crate) fn begin(path: &Path) -> Result<CsvLines> {
        Ok(CsvLines { path: path.to_owned(), file: Replacement::begin(path)?, has_header: false })
    }

    pub(crate) fn write(&mut self, table: &Table) -> Result<()> {
        let mut lines = Vec::new();
        let written = lines_of(table, !self.has_header, &mut lines).and_then(|()| self.file.write_all(&lines));
        self.has_header = true;
        written.map_err(|error| crate::failure::io_error(&self.path, error))
    }

    pub(crate) fn finish(self) -> Result<()> {
        self.file.commit()
    }
}

fn lines_of(table: &Table, header: bool, lines: &mut Vec<u8>) -> io::Result<()> {
    if header {
        for (index, name) in table.names().iter().enumerate() {
            separate(lines, index);
            write_string(lines, name);
        }
        lines.push(b'\n');
    }
    let columns: Vec<&Column> = table.iter().map(|(_, column)| column).collect();
    for row in 0..table.nrows() {
        for (index, column) in columns.iter().enumerate() {
            separate(lines, index);
            match column {
                Column::Number(values) if values[row].is_nan() => {}
                Column::Number(values) => write!(lines, "{}", values[row])?,
                Column::Integer(values) => values.get(row).map_or(Ok(()), |value| write!(lines, "{value}"))?,
                Column::Boolean(values) => values.get(row).map_or(Ok(()), |value| write!(lines, "{value}"))?,
                Column::DateTime(values) => values.get(row).map_or(Ok(()), |value| write!(lines, "{value}"))?,
                Column::String(values) => values.get(row).into_iter().for_each(|value| write_string(lines, value)),
            }
        }
        lines.push(b'\n');
    }
    Ok(())
}

fn separate(lines: &mut Vec<u8>, index: usize) {
    if index > 0 {
        lines.push(b',');
    }
}

fn write_string(lines: &mut Vec<u8>, text: &str) {
    if text.is_empty() || text.contains([',', '"', '\n', '\r']) {
        lines.push(b'"');
        lines.extend_from_slice(text.replace('"', "\"\"").as_bytes());
        lines.push(b'"');
    } else {
        lines.extend_from_slice(text.as_bytes());
    }
}
