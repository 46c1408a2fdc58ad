//! The numbers of the rows of a file that is read in parts.

use super::CsvOptions;
use super::header::{Head, place};
use super::infer::{Refused, boolean};
use super::parts::{PartReader, RecordSink};
use super::read::RowBuilder;
use super::records::Records;
use crate::error::{Error, Result};

/// The columns of rows that become numbers, and how their fields are read.
#[derive(Debug)]
pub(super) struct NumberReader {
    pub(super) part: PartReader,
    columns: Vec<String>,
}

/// The numbers of rows, and their lines in the file.
#[derive(Debug, Default)]
pub(super) struct NumberRows {
    pub(super) numbers: Vec<f64>,
    pub(super) lines: Vec<u64>,
    /// Where the columns are among those of the file.
    positions: Vec<usize>,
}

/// Adds the numbers of records to rows.
pub(super) struct NumberSink<'a> {
    pub(super) reader: &'a NumberReader,
    pub(super) rows: &'a mut NumberRows,
    /// No number is above it.
    pub(super) most: f64,
    /// Counts bad rows, where they are skipped.
    pub(super) skipped: Option<&'a mut usize>,
}

impl NumberReader {
    pub(super) fn new(options: &CsvOptions, columns: Vec<String>) -> Result<NumberReader> {
        Ok(NumberReader { part: PartReader::new("CsvBatches", options)?, columns })
    }
}

impl NumberSink<'_> {
    /// Adds the numbers of a record; false if the options leave the record out.
    fn add(&mut self, records: &Records<'_>, names: &[String]) -> Result<bool> {
        let PartReader { options, format, rules } = &self.reader.part;
        let rows = RowBuilder { options, names, quotes_tell: &[], delimiter: format.delimiter };
        if !rows.fits(records)? {
            return Ok(false);
        }
        for &position in &self.rows.positions {
            let field = if position < records.len() { records.field(position) } else { b"" };
            let missing = rules.markers.contains(field);
            let number = if missing { Some(f64::NAN) } else { rules.number(field, true) };
            let number = number.or_else(|| boolean(field).map(|is_true| f64::from(u8::from(is_true))));
            let column = || names[position].clone();
            match number {
                None => return Err(rows.refused(Refused::NotANumber, position, records)),
                Some(number) if number.is_nan() => {
                    return Err(Error::MissingValue { place: records.place(), column: column() });
                }
                Some(number) if number.abs() > self.most => {
                    let value = number.signum() * f64::INFINITY;
                    return Err(Error::InfiniteValue { place: records.place(), column: column(), value });
                }
                Some(number) => self.rows.numbers.push(number),
            }
        }
        Ok(true)
    }
}

impl RecordSink for NumberSink<'_> {
    fn begin(&mut self, head: &Head, file: &str) -> Result<()> {
        self.rows.positions.clear();
        for column in &self.reader.columns {
            let position = head.names.iter().position(|name| name == column);
            let unknown = || Error::unknown_column(place(file, head.line), column, &head.names);
            self.rows.positions.push(position.ok_or_else(unknown)?);
        }
        Ok(())
    }

    fn notes_quotes(&self, _: &Head) -> bool {
        false
    }

    fn take(&mut self, records: &Records<'_>, head: &Head) -> Result<()> {
        let start = self.rows.numbers.len();
        match (self.add(records, &head.names), &mut self.skipped) {
            (Ok(true), _) => self.rows.lines.push(records.line),
            (Ok(false), _) => {}
            (Err(error), None) => return Err(error),
            (Err(_), Some(count)) => {
                self.rows.numbers.truncate(start);
                **count += 1;
            }
        }
        Ok(())
    }
}
