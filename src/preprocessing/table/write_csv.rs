//! Writing a table as CSV.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use flate2::{Compression, write::GzEncoder};

use crate::error::{Error, Result};

use super::{Column, Table};

impl Table {
    /// Writes the table to a CSV file with a header, compressed with gzip if the name ends in `.gz`.
    ///
    /// Numbers are written with as many digits as it takes to read the same `f64` back; a missing value is an
    /// empty field.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] if the file cannot be written.
    pub fn write_csv(&self, path: impl AsRef<Path>) -> Result<()> {
        let path = path.as_ref();
        let io = |source| Error::Io { path: path.to_owned(), source };
        let file = BufWriter::new(File::create(path).map_err(io)?);
        if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("gz")) {
            let mut packed = GzEncoder::new(file, Compression::default());
            self.write(&mut packed).map_err(io)?;
            packed.finish().and_then(|mut file| file.flush()).map_err(io)
        } else {
            self.write(file).map_err(io)
        }
    }

    /// Writes the table as CSV into anything that can be written.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] with the writer's answer.
    pub fn write_csv_to(&self, output: impl Write) -> Result<()> {
        self.write(output).map_err(|source| Error::Io { path: "CSV output".into(), source })
    }

    fn write(&self, output: impl Write) -> std::io::Result<()> {
        if self.columns.is_empty() {
            return Ok(());
        }
        let mut writer = csv::Writer::from_writer(output);
        writer.write_record(&self.names)?;
        let mut digits = Vec::new();
        for row in 0..self.rows {
            for column in &self.columns {
                match column.as_ref() {
                    Column::Number(values) if values[row].is_nan() => writer.write_field("")?,
                    Column::Number(values) => {
                        digits.clear();
                        write!(digits, "{}", values[row])?;
                        writer.write_field(&digits)?;
                    }
                    Column::Text(texts) => writer.write_field(texts.get(row).unwrap_or_default())?,
                }
            }
            writer.write_record(None::<&[u8]>)?;
        }
        writer.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::super::CsvOptions;
    use super::*;

    #[test]
    fn what_is_written_reads_back() {
        let numbers = [0.1 + 0.2, f64::NAN, -1e300, 7.0];
        let table = Table::new().with_numbers("n", numbers).unwrap();
        let table = table.with_text("t, quoted", ["a,b", "\"", "line\nbreak", "x"]).unwrap();
        let mut written = Vec::new();
        table.write_csv_to(&mut written).unwrap();
        let back = CsvOptions::new().read_from(&written[..], "back").unwrap();
        assert_eq!(back.names(), table.names());
        assert!(back.numbers("n").unwrap().iter().zip(numbers).all(|(a, b)| a.to_bits() == b.to_bits()));
        let texts: Vec<_> = back.text("t, quoted").unwrap().iter().collect();
        assert_eq!(texts, [Some("a,b"), Some("\""), Some("line\nbreak"), Some("x")]);
    }

    #[test]
    fn a_single_missing_column_keeps_its_rows() {
        let table = Table::new().with_numbers("n", [f64::NAN, 1.0, f64::NAN]).unwrap();
        let path = std::env::temp_dir().join(format!("perceptra-{}.csv.gz", std::process::id()));
        table.write_csv(&path).unwrap();
        let back = Table::read_csv(&path).unwrap();
        std::fs::remove_file(&path).unwrap();
        assert_eq!(back.nrows(), 3);
        assert_eq!(back.numbers("n").unwrap()[1], 1.0);
    }
}
