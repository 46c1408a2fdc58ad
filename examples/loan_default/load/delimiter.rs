//! A CSV file whose fields may be separated by commas, semicolons, tabs or bars.

use perceptra::preprocessing::{CsvOptions, Table};
use perceptra::{Error, Result};
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

/// Reads a file, with this delimiter or with the one that its first line has most of.
pub(super) fn read(path: &Path, delimiter: Option<char>) -> Result<Table> {
    let delimiter = match delimiter {
        Some(delimiter) => delimiter,
        None => most_frequent(&first_line(path)?),
    };
    CsvOptions::new().delimiter(delimiter).read(path)
}

/// The first line of a plain file. That of a compressed one says nothing, so that commas are expected there.
fn first_line(path: &Path) -> Result<Vec<u8>> {
    let error = |source| Error::Io { path: path.into(), source };
    let mut line = Vec::new();
    // Longer headers than that are cut off, which changes little.
    let start = File::open(path).map_err(error)?.take(1 << 20);
    BufReader::new(start).read_until(b'\n', &mut line).map_err(error)?;
    Ok(line)
}

/// Of the usual delimiters the one that occurs most often outside quotes; a comma where there is none.
fn most_frequent(line: &[u8]) -> char {
    let mut quoted = false;
    let outside: Vec<u8> = line
        .iter()
        .copied()
        .filter(|byte| {
            quoted ^= *byte == b'"';
            !quoted
        })
        .collect();
    let count = |delimiter: char| outside.iter().filter(|byte| char::from(**byte) == delimiter).count();
    // The last of equally frequent ones is chosen.
    ['|', '\t', ';', ','].into_iter().max_by_key(|delimiter| count(*delimiter)).unwrap_or(',')
}
