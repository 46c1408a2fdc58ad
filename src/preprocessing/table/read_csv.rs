//! Reading a table from CSV.

use std::fs::File;
use std::io::{Cursor, Read};
use std::path::Path;
use std::sync::Arc;

use flate2::read::MultiGzDecoder;

use crate::error::{Error, Result};

use super::column::TextBuilder;
use super::infer::{Building, Markers};
use super::lines::{Lines, header};
use super::{Origin, Table};

/// What counts as missing unless something else is said; upper and lower case differ.
const MISSING_MARKERS: [&str; 14] =
    ["", "NA", "N/A", "n/a", "NaN", "nan", "-NaN", "-nan", "NULL", "null", "None", "#N/A", "#NA", "<NA>"];

/// What a compressed file may unfold to unless something else is said.
const UNFOLDED: u64 = 1 << 30;

/// The first bytes of a file compressed with gzip.
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// How a CSV file is to be read.
///
/// | option | default |
/// |---|---|
/// | [`delimiter`](Self::delimiter) | `,` |
/// | [`missing`](Self::missing) | the empty field, `NA`, `N/A`, `n/a`, `NaN`, `nan`, `-NaN`, `-nan`, `NULL`, `null`, `None`, `#N/A`, `#NA`, `<NA>` |
/// | [`numbers`](Self::numbers), [`text`](Self::text) | inferred: a column is one of numbers if every value that is not missing reads as a number |
/// | [`column_names`](Self::column_names) | the first line |
/// | [`max_unfolded`](Self::max_unfolded) | 1 GiB, the most that a compressed file may unfold to |
///
/// The file is UTF-8 text, with or without a byte order mark, plain or compressed with gzip, which is found by
/// its first bytes and not by its name. Fields may be quoted; spaces around a number or a missing marker do not
/// count. A column without any value is one of missing numbers. A header field without a name is called
/// `unnamed_0` after its position, as in files written with an index.
///
/// A first line is taken for a row, and refused as a header, if all its fields are numbers or empty, if one is a
/// number with decimals, or if a name comes twice. A row that escapes these signs becomes the header.
///
/// ```
/// use perceptra::preprocessing::CsvOptions;
///
/// let file = "zip;rate\n04109;7,5\n80331;?\n".replace(',', ".");
/// let options = CsvOptions::new().delimiter(';').missing(["?"]).text(["zip"]);
/// let table = options.read_from(file.as_bytes(), "loans.csv")?;
/// assert_eq!(table.text("zip")?.get(0), Some("04109"));
/// assert!(table.numbers("rate")?[1].is_nan());
/// # Ok::<(), perceptra::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct CsvOptions {
    delimiter: char,
    missing: Vec<String>,
    declared: Vec<(String, Kind)>,
    names: Option<Vec<String>>,
    unfolded: u64,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Kind {
    Number,
    Text,
}

impl Default for CsvOptions {
    fn default() -> CsvOptions {
        let missing = MISSING_MARKERS.map(str::to_owned).to_vec();
        CsvOptions { delimiter: ',', missing, declared: Vec::new(), names: None, unfolded: UNFOLDED }
    }
}

impl CsvOptions {
    /// The defaults.
    pub fn new() -> CsvOptions {
        CsvOptions::default()
    }

    /// The character between two fields, one of ASCII. Defaults to `,`.
    #[must_use]
    pub fn delimiter(mut self, delimiter: char) -> CsvOptions {
        self.delimiter = delimiter;
        self
    }

    /// The fields that mean a missing value, in place of the default ones; the empty field always does.
    #[must_use]
    pub fn missing(mut self, markers: impl IntoIterator<Item = impl Into<String>>) -> CsvOptions {
        self.missing = markers.into_iter().map(Into::into).chain([String::new()]).collect();
        self
    }

    /// Columns that hold numbers: anything else in them is an error.
    #[must_use]
    pub fn numbers(mut self, columns: impl IntoIterator<Item = impl Into<String>>) -> CsvOptions {
        self.declared.extend(columns.into_iter().map(|name| (name.into(), Kind::Number)));
        self
    }

    /// Columns that hold text even where it looks like numbers.
    #[must_use]
    pub fn text(mut self, columns: impl IntoIterator<Item = impl Into<String>>) -> CsvOptions {
        self.declared.extend(columns.into_iter().map(|name| (name.into(), Kind::Text)));
        self
    }

    /// The names of the columns, for a file whose first line is a row already.
    #[must_use]
    pub fn column_names(mut self, names: impl IntoIterator<Item = impl Into<String>>) -> CsvOptions {
        self.names = Some(names.into_iter().map(Into::into).collect());
        self
    }

    /// The most bytes of text that a file compressed with gzip may unfold to, so that a few bytes cannot fill the memory.
    /// Defaults to 1 GiB; a plain file has no bound but its length.
    #[must_use]
    pub fn max_unfolded(mut self, bytes: u64) -> CsvOptions {
        self.unfolded = bytes;
        self
    }

    /// Reads a file.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] for a file that cannot be read or unfolds to more than
    /// [`max_unfolded`](Self::max_unfolded), [`Error::EmptyFile`], [`Error::NoHeader`] for a first line
    /// with names that are numbers or come twice, [`Error::Ragged`], [`Error::NotUtf8`], [`Error::NotANumber`]
    /// for a text in a column declared as numbers, [`Error::UnknownColumn`] for a declaration that fits none, and
    /// [`Error::Argument`] for an impossible delimiter. Each names the file, and line and column where there are.
    pub fn read(&self, path: impl AsRef<Path>) -> Result<Table> {
        let path = path.as_ref();
        let file = File::open(path).map_err(|source| Error::Io { path: path.to_owned(), source })?;
        self.read_from(file, &path.display().to_string())
    }

    /// Reads from anything that can be read; `name` stands for the file in error messages.
    ///
    /// The whole text is held in memory while it is read; with the table that is at most a hundred times the text.
    ///
    /// # Errors
    ///
    /// As [`read`](Self::read).
    pub fn read_from(&self, mut input: impl Read, name: &str) -> Result<Table> {
        let io = |source| Error::Io { path: name.into(), source };
        let mut start = Vec::new();
        input.by_ref().take(GZIP.len() as u64).read_to_end(&mut start).map_err(io)?;
        let compressed = start == GZIP;
        let mut whole = Cursor::new(start).chain(input);
        let mut bytes = Vec::new();
        if compressed {
            let mut unfolded = MultiGzDecoder::new(whole).take(self.unfolded.saturating_add(1));
            unfolded.read_to_end(&mut bytes).map_err(io)?;
            if bytes.len() as u64 > self.unfolded {
                let most = self.unfolded;
                let reason = format!("it unfolds to more than {most} bytes; allow more with CsvOptions::max_unfolded");
                return Err(io(std::io::Error::new(std::io::ErrorKind::InvalidData, reason)));
            }
        } else {
            whole.read_to_end(&mut bytes).map_err(io)?;
        }
        self.parse(&bytes, name)
    }

    fn parse(&self, bytes: &[u8], file: &str) -> Result<Table> {
        let mut lines = Lines::new(bytes, file, self.delimiter)?;
        let names = match &self.names {
            Some(names) => unique(names)?,
            None if lines.next()? => header(&lines.record, file)?,
            None => {
                return Err(Error::EmptyFile { file: file.to_owned() });
            }
        };
        let mut columns = names.iter().map(|_| Building::Undecided(0)).collect::<Vec<_>>();
        let mut declared = vec![false; names.len()];
        for (name, kind) in &self.declared {
            let index = names.iter().position(|known| known == name).ok_or_else(|| Error::UnknownColumn {
                table: format!("{file}, line 1,"),
                name: name.clone(),
                known: names.join(", "),
            })?;
            declared[index] = true;
            columns[index] = match kind {
                Kind::Number => Building::Number(Vec::new()),
                Kind::Text => Building::Text(TextBuilder::default()),
            };
        }
        let markers = Markers::new(&self.missing);
        let mut numbers_of_lines = Vec::new();
        while lines.next()? {
            lines.check_length(&names)?;
            numbers_of_lines.push(u32::try_from(lines.line).unwrap_or(u32::MAX));
            for (index, field) in lines.record.iter().enumerate() {
                let column = &mut columns[index];
                if let Err(refused) = column.push(field, &markers, declared[index]) {
                    return Err(lines.error(refused, &names[index], field));
                }
            }
        }
        let rows = numbers_of_lines.len();
        if columns.iter().any(|column| matches!(column, Building::Reread)) {
            self.reread(bytes, file, &names, &mut columns)?;
        }
        Ok(Table {
            names,
            columns: columns.into_iter().map(|column| Arc::new(column.finish())).collect(),
            rows,
            origin: Some(Arc::new(Origin::File { file: file.to_owned(), lines: numbers_of_lines })),
        })
    }

    /// A second pass for columns that looked like numbers until a text came: their first values as text.
    fn reread(&self, bytes: &[u8], file: &str, names: &[String], columns: &mut [Building]) -> Result<()> {
        let mut lines = Lines::new(bytes, file, self.delimiter)?;
        if self.names.is_none() {
            lines.next()?;
        }
        let wanted: Vec<usize> =
            (0..columns.len()).filter(|&index| matches!(columns[index], Building::Reread)).collect();
        for &index in &wanted {
            columns[index] = Building::Text(TextBuilder::default());
        }
        let markers = Markers::new(&self.missing);
        while lines.next()? {
            for &index in &wanted {
                let field = &lines.record[index];
                if let Err(refused) = columns[index].push(field, &markers, true) {
                    return Err(lines.error(refused, &names[index], field));
                }
            }
        }
        Ok(())
    }
}

/// Names that were given are each another.
fn unique(names: &[String]) -> Result<Vec<String>> {
    match (1..names.len()).find(|&index| names[..index].contains(&names[index])) {
        None => Ok(names.to_vec()),
        Some(index) => Err(Error::Argument {
            item: "CsvOptions".into(),
            argument: "column_names",
            value: format!("\"{}\" twice", names[index]),
            expected: "each name once".into(),
        }),
    }
}

impl Table {
    /// Reads a CSV file, plain or compressed with gzip, with the defaults of [`CsvOptions`].
    ///
    /// # Errors
    ///
    /// As [`CsvOptions::read`].
    pub fn read_csv(path: impl AsRef<Path>) -> Result<Table> {
        CsvOptions::new().read(path)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use proptest::prelude::*;

    use super::*;
    use crate::error::Place;

    fn read(text: impl AsRef<[u8]>) -> Result<Table> {
        CsvOptions::new().read_from(text.as_ref(), "loans.csv")
    }

    fn message(result: Result<Table>) -> String {
        result.unwrap_err().to_string()
    }

    #[test]
    fn types_are_inferred_column_by_column() {
        let table = read("a,b,c,d\n1,x,,7\nNA, y,,1e3\n 2.5 ,3,NaN,x\n").unwrap();
        assert_eq!(table.number_names(), ["a", "c"]);
        let a = table.numbers("a").unwrap();
        assert_eq!((a[0], a[1].is_nan(), a[2]), (1.0, true, 2.5));
        assert_eq!(table.text("b").unwrap().iter().collect::<Vec<_>>(), [Some("x"), Some(" y"), Some("3")]);
        // Read as text a second time: the spelling is kept.
        assert_eq!(table.text("d").unwrap().iter().collect::<Vec<_>>(), [Some("7"), Some("1e3"), Some("x")]);
        assert_eq!(table.column("c").unwrap().missing(), 3);
    }

    #[test]
    fn quotes_marks_and_gzip_are_understood() {
        let plain = "\u{feff}name,note\r\nx,\"a, \"\"b\"\"\nc\"\r\ny,NONE\r\n";
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(plain.as_bytes()).unwrap();
        for table in [read(plain).unwrap(), read(packed.finish().unwrap()).unwrap()] {
            assert_eq!(table.names(), ["name", "note"]);
            assert_eq!(table.text("note").unwrap().get(0), Some("a, \"b\"\nc"));
            assert_eq!(table.text("note").unwrap().get(1), Some("NONE"));
            assert_eq!(table.place(1), Place::Line { file: "loans.csv".into(), line: 4 });
        }
    }

    #[test]
    fn a_compressed_file_unfolds_no_further_than_allowed() {
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        packed.write_all(b"a,b\n").unwrap();
        packed.write_all(&b"1,2\n".repeat(250_000)).unwrap();
        let packed = packed.finish().unwrap();
        let read = |most| CsvOptions::new().max_unfolded(most).read_from(&packed[..], "loans.csv.gz");
        assert_eq!(read(1_000_004).unwrap().nrows(), 250_000);
        assert!(message(read(1_000_003)).contains("more than 1000003 bytes"));
    }

    #[test]
    fn an_empty_file_and_a_lone_header() {
        assert!(message(read("")).starts_with("loans.csv, line 1: the file is empty"));
        assert!(message(read("\n\n")).starts_with("loans.csv, line 1: the file is empty"));
        let table = read("a,b\n").unwrap();
        assert_eq!((table.nrows(), table.ncols()), (0, 2));
    }

    #[test]
    fn a_first_line_that_is_a_row_is_no_header() {
        let headerless = ["1,2,3\n4,5,6\n", "7200.0,36 months,14.98\n", "RENT,RENT\n", ",,\n"];
        for text in headerless {
            assert!(message(read(text)).starts_with("loans.csv, line 1: no header"), "{text}");
            assert!(message(read(text)).contains("column "), "{text}");
        }
        assert_eq!(read("country,1990,1991\nx,1,2\n").unwrap().ncols(), 3);
        assert_eq!(read(",a\n0,1\n").unwrap().names(), ["unnamed_0", "a"]);
        assert!(message(read(",unnamed_0\n0,1\n")).contains("\"unnamed_0\" comes twice"));
        let named = CsvOptions::new().column_names(["a", "b"]).read_from(&b"1,2\n3,4\n"[..], "f").unwrap();
        assert_eq!(named.numbers("b").unwrap(), [2.0, 4.0]);
    }

    #[test]
    fn a_ragged_line_is_named_with_its_column() {
        let short = message(read("a,b,c\n1,2,3\n\n\n4,5\n"));
        assert!(
            short.starts_with("loans.csv, line 5: 2 fields where the header has 3, nothing for column \"c\""),
            "{short}"
        );
        let long = message(read("a,b\r\n1,2\r\n4,5,6\r\n"));
        assert!(long.starts_with("loans.csv, line 3: 3 fields where the header has 2, too much after column \"b\""));
    }

    #[test]
    fn a_text_among_numbers_is_named_when_declared_or_when_used() {
        let text = "a,b\n1,2\n\"x\ny\",3\noops,4\n";
        let declared = CsvOptions::new().numbers(["a"]).read_from(text.as_bytes(), "loans.csv");
        assert!(message(declared).starts_with("loans.csv, line 3, column \"a\": \"x\ny\" is not a number"));
        let taken = read(text).unwrap().take(&[2, 0]).unwrap();
        let used = taken.numbers("a").unwrap_err().to_string();
        assert!(used.starts_with("loans.csv, line 5, column \"a\": \"oops\" is not a number"), "{used}");
    }

    #[test]
    fn bytes_that_are_not_utf8_are_named() {
        for text in [&b"a,b\n1,x\n2,\xe9t\xe9\n"[..], b"a,b\n1,3\n2,\xe9t\xe9\n"] {
            assert!(message(read(text)).starts_with("loans.csv, line 3, column \"b\": not UTF-8"));
        }
        assert!(message(read(b"a,\xe9\n1,2\n")).starts_with("loans.csv, line 1, column 2 of the header: not UTF-8"));
    }

    #[test]
    fn an_unknown_column_is_named_with_the_file() {
        let expected = "loans.csv, line 1, has no column \"c\"; its columns: a, b";
        assert_eq!(read("a,b\n1,2\n").unwrap().select(["c"]).unwrap_err().to_string(), expected);
        let declared = CsvOptions::new().text(["c"]).read_from(&b"a,b\n1,2\n"[..], "loans.csv");
        assert_eq!(message(declared), expected);
    }

    #[test]
    fn files_that_cannot_be_read_and_impossible_delimiters() {
        assert!(message(Table::read_csv("no/such/file.csv")).starts_with("no/such/file.csv: "));
        let delimiter = CsvOptions::new().delimiter('→').read_from(&b"a\n"[..], "f");
        assert!(matches!(delimiter, Err(Error::Argument { .. })));
        assert!(matches!(read([0x1f, 0x8b, 0, 0]), Err(Error::Io { .. })));
    }

    #[test]
    fn hostile_options_are_errors() {
        let names = CsvOptions::new().column_names(["a", "a"]).read_from(&b"1,2\n"[..], "f");
        assert!(matches!(names, Err(Error::Argument { .. })));
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(text in "[a0.,\"\r\n\u{e9};NA-]{0,80}", bytes in prop::collection::vec(any::<u8>(), 0..60)) {
            for input in [text.as_bytes(), &bytes] {
                if let Ok(table) = read(input) {
                    prop_assert!(table.iter().all(|(_, column)| column.len() == table.nrows()));
                }
                let _ = CsvOptions::new().column_names(["a", "b"]).text(["b"]).read_from(input, "f");
            }
        }
    }
}
