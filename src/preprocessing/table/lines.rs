//! The records of a CSV file with the lines they stand on.

use std::collections::HashSet;

use csv::ByteRecord;

use crate::error::{Error, Place, Result};

use super::infer::{Refused, parse_number};

/// The records of a file with the lines they start on.
pub(super) struct Lines<'a> {
    bytes: &'a [u8],
    file: &'a str,
    reader: csv::Reader<&'a [u8]>,
    pub(super) record: ByteRecord,
    pub(super) line: u64,
}

impl<'a> Lines<'a> {
    pub(super) fn new(bytes: &'a [u8], file: &'a str, delimiter: char) -> Result<Lines<'a>> {
        let ascii = u8::try_from(delimiter).ok().filter(u8::is_ascii).filter(|byte| !b"\"\r\n".contains(byte));
        let delimiter = ascii.ok_or_else(|| Error::Argument {
            item: "CsvOptions".into(),
            argument: "delimiter",
            value: format!("{delimiter:?}"),
            expected: "one ASCII character other than a quote or a line break".into(),
        })?;
        let mut reader = csv::ReaderBuilder::new();
        let reader = reader.has_headers(false).flexible(true).delimiter(delimiter).from_reader(bytes);
        Ok(Lines { bytes, file, reader, record: ByteRecord::new(), line: 0 })
    }

    /// Moves to the next record; false at the end.
    pub(super) fn next(&mut self) -> Result<bool> {
        let found = self
            .reader
            .read_byte_record(&mut self.record)
            .map_err(|error| Error::Io { path: self.file.into(), source: error.into() })?;
        if let Some(position) = self.record.position() {
            // The position is where the last record ended; empty lines in between belong to none.
            let rest = self.bytes.get(position.byte() as usize..).unwrap_or_default();
            let skipped = rest.iter().take_while(|byte| b"\r\n".contains(byte)).filter(|&&byte| byte == b'\n').count();
            self.line = position.line() + skipped as u64;
        }
        Ok(found)
    }

    pub(super) fn check_length(&self, names: &[String]) -> Result<()> {
        let (expected, found) = (names.len(), self.record.len());
        if found == expected {
            return Ok(());
        }
        let (at, column) =
            if found < expected { ("nothing for", names.get(found)) } else { ("too much after", names.last()) };
        let column = format!("\"{}\"", column.map_or("", String::as_str));
        Err(Error::Ragged { place: self.place(), expected, found, at, column })
    }

    fn place(&self) -> Place {
        Place::Line { file: self.file.to_owned(), line: self.line }
    }

    pub(super) fn error(&self, refused: Refused, column: &str, field: &[u8]) -> Error {
        let place = self.place();
        match refused {
            Refused::NotUtf8 => Error::NotUtf8 { place, column: format!("\"{column}\"") },
            Refused::NotANumber => Error::NotANumber {
                place,
                column: column.to_owned(),
                value: String::from_utf8_lossy(field).into_owned(),
            },
        }
    }
}

/// The columns' names in the first line, which must not look like a row.
pub(super) fn header(record: &ByteRecord, file: &str) -> Result<Vec<String>> {
    let no_header = |reason: String| Error::NoHeader { file: file.to_owned(), reason };
    let mut names: Vec<String> = Vec::with_capacity(record.len());
    let mut known: HashSet<String> = HashSet::new();
    let mut numbers = 0;
    for (index, field) in record.iter().enumerate() {
        let name = std::str::from_utf8(field).map_err(|_| Error::NotUtf8 {
            place: Place::Line { file: file.to_owned(), line: 1 },
            column: format!("{} of the header", index + 1),
        })?;
        let name = name.trim();
        // A whole number may be a name, such as a year; one with decimals hardly ever is.
        let number = parse_number(field);
        if number.is_some_and(|number| number.fract() != 0.0 || name.contains('.')) {
            return Err(no_header(format!("column {} would be called {name}", index + 1)));
        }
        numbers += usize::from(number.is_some());
        if !name.is_empty() && !known.insert(name.to_owned()) {
            return Err(no_header(format!("\"{name}\" comes twice, the second time as column {}", index + 1)));
        }
        names.push(name.to_owned());
    }
    if numbers == names.len() {
        return Err(no_header("all its fields from column 1 on are numbers".into()));
    }
    if names.iter().all(String::is_empty) {
        return Err(no_header("all its fields from column 1 on are empty".into()));
    }
    for (index, name) in names.iter_mut().enumerate() {
        if name.is_empty() {
            *name = format!("unnamed_{index}");
            if known.contains(name) {
                return Err(no_header(format!("\"{name}\" comes twice: column {} has no name", index + 1)));
            }
        }
    }
    Ok(names)
}
