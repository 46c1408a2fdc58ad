//! A log file of separated values: its header and the offset of the next line.

use crate::{Error, Result};
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, BufReader, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// The largest length of the header and of the last line.
const LONGEST: u64 = 1 << 20;

/// A file that lines are written to.
#[derive(Debug)]
pub(super) struct CsvFile {
    path: PathBuf,
    file: File,
    /// The offset of the next line; `None` for a device or a pipe, which has no offsets.
    length: Option<u64>,
    /// Whether the file still has to be truncated at that offset.
    uncut: bool,
}

/// The state of a file before anything is written to it.
#[derive(Debug, Default)]
pub(super) struct ExistingFile {
    /// The names of the header; empty for an empty file.
    pub(super) columns: Vec<String>,
    /// The length of the file.
    pub(super) length: u64,
    /// The line end of the header, which is used for all further lines.
    pub(super) line_end: &'static str,
    /// Whether the last line lacks a line end.
    pub(super) open_end: bool,
}

impl CsvFile {
    /// Opens a file for writing from an offset on; the existing content is unchanged until the first line is written.
    pub(super) fn open(path: &Path, length: u64) -> Result<Self> {
        let io = |source| Error::Io { path: path.to_path_buf(), source };
        let file = OpenOptions::new().create(true).write(true).truncate(false).open(path).map_err(io)?;
        let is_regular = file.metadata().map_err(io)?.is_file();
        let length = is_regular.then_some(length);
        Ok(CsvFile { path: path.to_path_buf(), file, length, uncut: true })
    }

    /// The offset of the next line.
    pub(super) fn length(&self) -> Option<u64> {
        self.length
    }

    /// Writes a complete line or nothing.
    pub(super) fn write(&mut self, line: &str) -> Result<()> {
        self.try_write(line).map_err(|source| Error::Io { path: self.path.clone(), source })
    }

    fn try_write(&mut self, line: &str) -> io::Result<()> {
        let Some(length) = self.length else { return self.file.write_all(line.as_bytes()) };
        if self.uncut {
            self.file.set_len(length)?;
            self.file.seek(SeekFrom::Start(length))?;
            self.uncut = false;
        }
        if let Err(error) = self.file.write_all(line.as_bytes()) {
            // A partial line could not be read back, so it is removed; the first error is reported.
            self.uncut = true;
            let _ = self.file.set_len(length);
            return Err(error);
        }
        self.length = Some(length + line.len() as u64);
        Ok(())
    }
}

impl ExistingFile {
    /// Reads the header and the end of a file; `None` for a missing file, a device or a pipe.
    pub(super) fn read(path: &Path, separator: char) -> Result<ExistingFile> {
        let mut found = ExistingFile::head(path, separator)?;
        if found.columns.is_empty() {
            return Ok(found);
        }
        let io = |source| Error::Io { path: path.to_path_buf(), source };
        let last = last_line(path, found.length).map_err(io)?;
        found.open_end = !last.ends_with(b"\n") && !last.ends_with(b"\r");
        if found.open_end && (last.len() as u64) < LONGEST {
            let (values, columns) = (fields(&String::from_utf8_lossy(&last), separator).len(), found.columns.len());
            if values < columns {
                let reason =
                    format!("its last line ends after {values} of {columns} values; complete the line or remove it");
                return Err(io(io::Error::new(ErrorKind::InvalidData, reason)));
            }
        }
        Ok(found)
    }

    /// Reads the header of a file; `None` for a missing file, a device or a pipe.
    pub(super) fn head(path: &Path, separator: char) -> Result<ExistingFile> {
        let io = |source| Error::Io { path: path.to_path_buf(), source };
        let empty = ExistingFile { line_end: "\n", ..ExistingFile::default() };
        match fs::metadata(path) {
            Ok(data) if data.is_file() => {}
            // Other errors are reported when the file is opened for writing.
            Ok(_) => return Ok(empty),
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(empty),
            Err(error) => return Err(io(error)),
        }
        let file = File::open(path).map_err(io)?;
        let length = file.metadata().map_err(io)?.len();
        let mut reader = BufReader::new(file.take(LONGEST));
        let header = record(&mut reader).map_err(io)?;
        if header.trim_ascii().is_empty() && rest_is_blank(&mut reader).map_err(io)? {
            return Ok(empty);
        }
        let header = std::str::from_utf8(header.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&header))
            .map_err(|_| io(io::Error::new(ErrorKind::InvalidData, NOT_TEXT)))?;
        let line_end = if header.ends_with("\r\n") { "\r\n" } else { "\n" };
        let columns = fields(header.trim_end_matches(['\r', '\n']), separator);
        Ok(ExistingFile { columns, length, line_end, open_end: false })
    }
}

const NOT_TEXT: &str = "it is not UTF-8 text, so no line can be added to it; save it as UTF-8, or log to another file";

/// The first record with its line end; quoted names may contain line ends.
fn record(reader: &mut impl BufRead) -> io::Result<Vec<u8>> {
    let mut record = Vec::new();
    loop {
        let before = record.len();
        reader.read_until(b'\n', &mut record)?;
        let quotes = record.iter().filter(|byte| **byte == b'"').count();
        if record.len() == before || quotes.is_multiple_of(2) {
            return Ok(record);
        }
    }
}

fn rest_is_blank(reader: &mut impl BufRead) -> io::Result<bool> {
    loop {
        let bytes = reader.fill_buf()?;
        if bytes.is_empty() {
            return Ok(true);
        }
        if !bytes.trim_ascii().is_empty() {
            return Ok(false);
        }
        let read = bytes.len();
        reader.consume(read);
    }
}

/// The last line with its end, if it is not longer than the limit.
fn last_line(path: &Path, length: u64) -> io::Result<Vec<u8>> {
    let mut file = File::open(path)?;
    file.seek(SeekFrom::Start(length.saturating_sub(LONGEST)))?;
    let mut tail = Vec::new();
    file.take(LONGEST).read_to_end(&mut tail)?;
    let without_end = tail.len() - usize::from(tail.ends_with(b"\n"));
    let begin = tail[..without_end].iter().rposition(|byte| *byte == b'\n').map_or(0, |place| place + 1);
    Ok(tail.split_off(begin))
}

/// The fields of a record.
fn fields(record: &str, separator: char) -> Vec<String> {
    let mut fields = vec![String::new()];
    let mut quoted = false;
    let mut letters = record.chars().peekable();
    while let Some(letter) = letters.next() {
        let Some(field) = fields.last_mut() else { break };
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => {
                letters.next();
                field.push('"');
            }
            '"' if quoted || field.is_empty() => quoted = !quoted,
            letter if letter == separator && !quoted => fields.push(String::new()),
            letter => field.push(letter),
        }
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_content_of_a_file_is_recognized() {
        let path = std::env::temp_dir().join(format!("perceptra-csv-file-{}", std::process::id()));
        let found = |text: &[u8]| {
            fs::write(&path, text).unwrap();
            ExistingFile::read(&path, ',')
        };
        for blank in [&b""[..], b"\n", b" \r\n\n  "] {
            let found = found(blank).unwrap();
            assert_eq!((found.columns.len(), found.length, found.line_end), (0, 0, "\n"), "{blank:?}");
        }
        let head = found(b"\xef\xbb\xbfepoch,\"a,\"\"b\"\"\",loss\r\n0,1,2\r\n").unwrap();
        assert_eq!((head.columns, head.length), (vec!["epoch".into(), "a,\"b\"".into(), "loss".into()], 32));
        assert_eq!((head.line_end, head.open_end), ("\r\n", false));
        let quoted = found(b"epoch,\"two\nlines\"\n0,1").unwrap();
        assert_eq!((quoted.columns, quoted.open_end), (vec!["epoch".into(), "two\nlines".into()], true));
        assert!(found(b"epoch,loss").unwrap().open_end);
        assert!(found(b"epoch,loss\n0").unwrap_err().to_string().contains("after 1 of 2 values"));
        assert!(found(b"epoch,\xff\n").unwrap_err().to_string().contains("not UTF-8"));
        fs::remove_file(&path).unwrap();
        assert_eq!(ExistingFile::read(&path, ',').unwrap().columns.len(), 0);
    }
}
