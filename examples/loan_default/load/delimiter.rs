//! Reads a CSV file with fields separated by commas, semicolons, tabs or bars.

use perceptra::preprocessing::{CsvOptions, Table};
use perceptra::{Error, Result};
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

/// Reads a file with this delimiter, or with the most frequent one in its first line.
pub(super) fn read(path: &Path, delimiter: Option<char>) -> Result<Table> {
    let delimiter = match delimiter {
        Some(delimiter) => delimiter,
        None => most_frequent(&first_line(path)?),
    };
    CsvOptions::new().delimiter(delimiter).read(path)
}

/// The first line of a file. In a compressed file it has no meaning, and commas are assumed.
fn first_line(path: &Path) -> Result<Vec<u8>> {
    let error = |source| Error::Io { path: path.into(), source };
    let mut line = Vec::new();
    // Longer headers are truncated, which hardly matters.
    let start = File::open(path).map_err(error)?.take(1 << 20);
    BufReader::new(start).read_until(b'\n', &mut line).map_err(error)?;
    Ok(line)
}

/// The usual delimiter that occurs most often outside quotes; a comma if there is none.
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
    // Among equally frequent ones the last is chosen.
    ['|', '\t', ';', ','].into_iter().max_by_key(|delimiter| count(*delimiter)).unwrap_or(',')
}
