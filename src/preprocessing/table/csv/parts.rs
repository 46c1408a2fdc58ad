//! Reads a CSV file in parts.

use super::format::Format;
use super::header::{Head, named};
use super::infer::{FieldRules, Markers};
use super::notation::Notation;
use super::options::{CsvOptions, Delimiter};
use super::read::without_end_mark;
use super::records::{Records, behind_lines};
use super::{encoding, source};
use crate::checksum::crc32c;
use crate::error::{Error, Result};
use std::fmt;
use std::fs::File;
use std::io::{self, ErrorKind, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::UNIX_EPOCH;

/// The number of bytes that are read at a time to find the header.
const HEAD: usize = 1 << 16;

/// The length of the longest accepted record in bytes.
const LONGEST: usize = 1 << 26;

/// The options for reading records.
pub(super) struct PartReader {
    pub(super) options: CsvOptions,
    pub(super) format: Format,
    pub(super) rules: FieldRules,
}

/// Receives the records of files.
pub(super) trait RecordSink {
    /// Begins a file.
    fn begin(&mut self, head: &Head, file: &str) -> Result<()>;

    /// Whether the sink needs to know which fields of this file are quoted.
    fn notes_quotes(&self, head: &Head) -> bool;

    /// Receives records.
    fn take(&mut self, records: &Records<'_>, head: &Head) -> Result<()>;
}

/// An open file.
pub(super) struct CsvParts {
    path: PathBuf,
    pub(super) name: Arc<str>,
    input: Box<dyn Read + Send>,
    /// Text that has been read but not yet passed on as records.
    text: Vec<u8>,
    /// Whether the text extends to the end of the file.
    ended: bool,
    /// The number of the first line of the text.
    line: u64,
    /// The header, once it has been read.
    pub(super) head: Option<Head>,
}

/// A line that identifies the state of a file: its path, size, modification time, and a checksum of its beginning and end.
pub(super) fn state(path: &Path) -> Result<String> {
    let read = || -> io::Result<String> {
        let mut file = File::open(path)?;
        let about = file.metadata()?;
        let mut ends = Vec::new();
        file.by_ref().take(HEAD as u64).read_to_end(&mut ends)?;
        file.seek(SeekFrom::Start(about.len().saturating_sub(HEAD as u64)))?;
        file.take(HEAD as u64).read_to_end(&mut ends)?;
        let time = about.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok()).unwrap_or_default();
        let (path, length, sum) = (path.display(), about.len(), crc32c(&ends));
        Ok(format!("{path}: {length} bytes of time {}, checksum {sum:08x}\n", time.as_nanos()))
    };
    read().map_err(|source| Error::Io { path: path.to_owned(), source })
}

impl PartReader {
    /// Creates a reader for the row source `item`, which errors name.
    pub(super) fn new(item: &str, options: &CsvOptions) -> Result<PartReader> {
        if options.trim || options.delimiter == Some(Delimiter::Whitespace) {
            let (argument, value) = if options.trim { ("trim", "true") } else { ("delimiter", "Whitespace") };
            let expected = "neither trim nor Delimiter::Whitespace for a file that is read in parts; convert it";
            return Err(Error::argument(item, argument, value, expected));
        }
        let notation = Notation::of(options)?;
        let rules = FieldRules { markers: Markers::new(&options.missing, &notation), notation };
        Ok(PartReader { format: Format::of(options)?, rules, options: options.clone() })
    }
}

impl CsvParts {
    pub(super) fn open(path: &Path) -> Result<CsvParts> {
        let input = File::open(path).and_then(|file| source::stream(Box::new(file)));
        Ok(CsvParts {
            path: path.to_owned(),
            name: path.display().to_string().into(),
            input: input.map_err(|source| Error::Io { path: path.to_owned(), source })?,
            text: Vec::new(),
            ended: false,
            line: 1,
            head: None,
        })
    }

    /// Passes the rows in approximately the next `bytes` bytes to `sink`; returns false at the end of the file.
    pub(super) fn read(&mut self, reader: &PartReader, bytes: usize, sink: &mut dyn RecordSink) -> Result<bool> {
        if self.ended && self.text.is_empty() && self.head.is_some() {
            return Ok(false);
        }
        let mut bytes = if self.head.is_none() { bytes.max(HEAD) } else { bytes };
        loop {
            self.fill(reader, bytes)?;
            let read = self.rows(reader, sink)?;
            if read || self.ended {
                return Ok(true);
            }
            // A single record, or the header, is longer than this.
            bytes = 2 * self.text.len().max(bytes);
            if self.text.len() > LONGEST {
                let reason = format!(
                    "the record that begins in line {} has more than {LONGEST} bytes: a quote in it is probably not closed",
                    self.line
                );
                return Err(self.io(io::Error::new(ErrorKind::InvalidData, reason)));
            }
        }
    }

    fn io(&self, source: io::Error) -> Error {
        Error::Io { path: self.path.clone(), source }
    }

    /// Reads until the text has this many bytes or the file ends.
    fn fill(&mut self, reader: &PartReader, bytes: usize) -> Result<()> {
        let is_start = self.text.is_empty() && self.head.is_none();
        let wanted = bytes.saturating_sub(self.text.len()).max(1) as u64;
        let read = self.input.by_ref().take(wanted).read_to_end(&mut self.text).map_err(|source| self.io(source))?;
        self.ended = (read as u64) < wanted;
        if is_start {
            let mark = encoding::mark_of_utf8(&self.text, reader.options.encoding.as_deref())?;
            self.text.drain(..mark);
        }
        Ok(())
    }

    /// Passes on the complete records of the text; false if there is none.
    fn rows(&mut self, reader: &PartReader, sink: &mut dyn RecordSink) -> Result<bool> {
        let (ended, mut text) = (self.ended, self.text.as_slice());
        if ended {
            text = without_end_mark(text);
        } else if let [before @ .., b'\r'] = text {
            // The line feed of the same line break may follow.
            text = before;
        }
        let first = self.head.is_none();
        let (mut line, length) = (self.line, text.len());
        if first {
            text = behind_lines(text, reader.options.skip_lines);
            line += reader.options.skip_lines as u64;
        }
        let front = length - text.len();
        let mut records = Records::new(text, &self.name, reader.format, line).partial(!ended);
        let mut has_row = false;
        if first {
            let head = Head::read(&reader.options, &reader.rules.notation, &mut records, &self.name);
            match head {
                Ok((head, more)) if more || ended => {
                    has_row = more;
                    sink.begin(&head, &self.name)?;
                    self.head = Some(head);
                }
                Err(error) if ended || length > 16 * HEAD => return Err(error),
                // The text may contain only the beginning of the record.
                _ => return Ok(false),
            }
        }
        let Some(head) = &self.head else { return Ok(false) };
        let next = |records: &mut Records<'_>| records.next().map_err(|error| named(error, &head.names));
        records.note_quotes(sink.notes_quotes(head));
        if !first {
            has_row = next(&mut records)?;
        }
        let mut taken = false;
        while has_row {
            taken = true;
            sink.take(&records, head)?;
            has_row = next(&mut records)?;
        }
        let (returned, line) = (if ended { self.text.len() } else { front + records.returned() }, records.line);
        self.text.drain(..returned);
        self.line = line;
        Ok(taken)
    }
}

impl fmt::Debug for PartReader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PartReader").field("options", &self.options).finish_non_exhaustive()
    }
}

impl fmt::Debug for CsvParts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CsvParts").field("file", &self.name).field("line", &self.line).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::with;
    use super::*;
    use crate::batches::{BatchSource, Block, CsvBatches};
    use crate::preprocessing::Ragged;
    use crate::random_cases;

    fn file(name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = std::env::temp_dir().join(format!("perceptra-parts-{name}-{}.csv", std::process::id()));
        std::fs::write(&path, text).unwrap();
        path
    }

    /// All rows, features and targets.
    fn read(mut source: CsvBatches) -> Result<Vec<f64>> {
        read_all(&mut source)
    }

    fn read_all(source: &mut dyn BatchSource<f64>) -> Result<Vec<f64>> {
        source.rewind()?;
        let mut block = Block::new(source.shape());
        while source.next_block(&mut block)? {}
        let (x, y) = (block.x(), block.y());
        let row = |row| x.row(row).iter().chain(y.row(row).iter()).copied().collect::<Vec<f64>>();
        Ok((0..block.rows()).flat_map(row).collect())
    }

    #[test]
    fn parts_of_any_length_have_the_rows_of_the_whole() {
        let path = file("lengths", "");
        let options = || CsvOptions::new().comment('#').ragged(Ragged::Skip).header(true).missing(["?"]);
        random_cases::check(60, |random| {
            let end = random_cases::one_of(random, &["\n", "\r\n", "\r"]);
            let mut text = format!("\u{feff}a,\"b {end}b\",c{end}");
            for _ in 0..12 {
                let line = random_cases::one_of(
                    random,
                    &[
                        "1,2,3",
                        "\"4\",\"\",-5.5",
                        "# a \"comment",
                        "",
                        "7,\"x, \"\"y\"\"\",8",
                        "9,10",
                        "11,\"1\n2\",6",
                        "12,,1e3",
                    ],
                );
                text += &format!("{line}{end}");
            }
            text.push_str(random_cases::one_of::<&str>(random, &["", "13,14,15", "\u{1a}"]));
            std::fs::write(&path, &text).unwrap();
            let table = with(options().numbers(["a"]), &text).unwrap();
            let (a, c) = (table.numbers("a").unwrap(), table.column("c").unwrap());
            let c: Vec<f64> = c.as_numbers().map_or(vec![f64::NAN; a.len()], |numbers| numbers.to_vec());
            let expected: Vec<f64> = (0..a.len()).flat_map(|row| [c[row], a[row]]).collect();
            for bytes in (1..text.len() + 2).step_by(3) {
                let source = CsvBatches::new([&path]).inputs(["c"]).target("a").options(options()).block_bytes(bytes);
                let found = read(source);
                if !expected.iter().any(|number| number.is_nan()) {
                    assert_eq!(found.unwrap(), expected, "{bytes} of {text:?}");
                }
            }
        });
        std::fs::remove_file(path).unwrap();
    }

    #[test]
    fn a_bad_row_has_file_and_line_or_is_counted() {
        let text = "a,b,c\n1,2,true\n\n# x\n3,\"4\n4\",FALSE\n";
        let path = file("bad", text);
        let name = path.display().to_string();
        let source = || CsvBatches::new([&path]).inputs(["c"]).target("a").options(CsvOptions::new().comment('#'));
        assert_eq!(read(source()).unwrap(), [1.0, 1.0, 0.0, 3.0]);
        for (row, message) in [
            ("x,1,1", "column \"a\": \"x\" is not a number"),
            ("NA,1,1", "column \"a\": the value is missing"),
            ("1,1,-inf", "column \"c\": the value is -inf"),
            ("1,1", "2 fields where 3 are expected"),
            ("1,1,1,1", "4 fields where 3 are expected"),
        ] {
            for bytes in [1, 1000] {
                std::fs::write(&path, format!("{text}{row}\n5,6,7\n")).unwrap();
                let error = read(source().block_bytes(bytes)).unwrap_err().to_string();
                let place = format!("{name}, line 7");
                assert!(error.starts_with(&place) && error.contains(message), "{error}");
                let mut skipping = source().block_bytes(bytes).skip_bad_rows(true);
                for _ in 0..2 {
                    assert_eq!(read_all(&mut skipping).unwrap(), [1.0, 1.0, 0.0, 3.0, 7.0, 5.0]);
                    assert_eq!(skipping.skipped(), 1);
                }
            }
        }
        // What `f32` has no number for, and a quote that is never closed.
        std::fs::write(&path, "a,c\n1,1e300\n").unwrap();
        let mut single = source();
        let single: &mut dyn BatchSource<f32> = &mut single;
        single.rewind().unwrap();
        let error = single.next_block(&mut Block::new(single.shape())).unwrap_err().to_string();
        assert!(error.contains("line 2, column \"c\": the value is inf"), "{error}");
        std::fs::write(&path, "a,c\n1,2\n\"1,2\n").unwrap();
        assert!(matches!(read(source().skip_bad_rows(true)), Err(Error::UnclosedQuote { .. })));
        std::fs::remove_file(path).unwrap();
    }

    #[test]
    fn files_are_read_one_after_another_by_the_names_of_their_columns() {
        use std::io::Write;
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(b"b,c,a\n5,x,6\n").unwrap();
        let files =
            [file("first", "a,b,c\n1,2,\n3,4,x"), file("second", packed.finish().unwrap()), file("third", "b,a\n")];
        let source = || CsvBatches::new(&files).inputs(["b", "a"]);
        assert_eq!(read(source()).unwrap(), [2.0, 1.0, 4.0, 3.0, 5.0, 6.0]);
        let mut shuffled = source();
        let shuffled: &mut dyn BatchSource<f64> = &mut shuffled;
        let mut orders = std::collections::BTreeSet::new();
        for seed in 0..20 {
            shuffled.rewind_shuffled(seed).unwrap();
            let mut block = Block::new(shuffled.shape());
            while shuffled.next_block(&mut block).unwrap() {}
            assert_eq!(block.rows(), 3);
            orders.insert(block.x()[(0, 0)] as i64);
        }
        assert_eq!(orders.len(), 2);
        for (source, message) in [
            (source().target("c"), "column \"c\""),
            (source().target("d"), "has no column \"d\""),
            (source().target("a"), "\"a\" twice"),
            (CsvBatches::new(&files), "inputs is an empty list"),
            (source().options(CsvOptions::new().trim(true)), "trim"),
            (source().options(CsvOptions::new().encoding("latin1")), "UTF-8"),
            (CsvBatches::new(["no-such-file.csv"]).inputs(["a"]), "no-such-file.csv"),
            (
                CsvBatches::new(&files[2..]).inputs(["a"]).options(CsvOptions::new().header(false)),
                "has no column \"a\"",
            ),
        ] {
            let error = read(source).unwrap_err().to_string();
            assert!(error.contains(message), "{error}");
        }
        let mut fresh = source();
        let fresh: &mut dyn BatchSource<f64> = &mut fresh;
        assert!(matches!(fresh.next_block(&mut Block::new(fresh.shape())), Err(Error::Argument { .. })));
        files.iter().for_each(|file| std::fs::remove_file(file).unwrap());
    }

    #[test]
    fn a_cache_of_files_is_refused_once_they_change() {
        let (csv, cache) = (
            file("cached", "a,b\n1,2\n3,4\n"),
            std::env::temp_dir().join(format!("perceptra-parts-{}.bin", std::process::id())),
        );
        let source = || CsvBatches::new([&csv]).inputs(["b"]).target("a");
        let pass = |cached: &mut dyn BatchSource<f64>| read_all(cached);
        assert_eq!(pass(&mut source().cache(&cache)).unwrap(), [2.0, 1.0, 4.0, 3.0]);
        assert_eq!(pass(&mut source().cache(&cache)).unwrap(), [2.0, 1.0, 4.0, 3.0]);
        let refused = |mut cached: crate::batches::CachedBatches<CsvBatches>, message: &str| {
            let error = pass(&mut cached).unwrap_err().to_string();
            assert!(error.contains("another state") && error.contains(message), "{error}");
        };
        refused(source().skip_bad_rows(true).cache(&cache), "skip_bad_rows false, now skip_bad_rows true");
        refused(CsvBatches::new([&csv]).inputs(["a"]).target("b").cache(&cache), "[\"b\"] [\"a\"] None");
        refused(CsvBatches::new([&csv, &csv]).inputs(["b"]).target("a").cache(&cache), "fewer or more files");
        std::fs::write(&csv, "a,b\n1,2\n3,5\n").unwrap();
        refused(source().cache(&cache), "12 bytes");
        assert_eq!(pass(&mut source().cache(&cache).replace(true)).unwrap(), [2.0, 1.0, 5.0, 3.0]);
        [csv, cache].iter().for_each(|path| std::fs::remove_file(path).unwrap());
    }
}
