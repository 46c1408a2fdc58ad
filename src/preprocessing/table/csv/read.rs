//! Reading a table from CSV.

use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use crate::error::{Error, Place, Result};

use super::super::{Column, Origin, Table, spelling};
use super::format::Format;
use super::header::{Head, named};
use super::infer::{ColumnBuilder, FieldRules, Markers, Refused};
use super::notation::Notation;
use super::options::{CsvOptions, Delimiter, Header, Ragged};
use super::records::{Records, behind_lines};
use super::{blanks, encoding, source};

impl CsvOptions {
    /// Reads a file.
    ///
    /// # Errors
    ///
    /// Each names the file, and line and column where there are:
    ///
    /// - [`Error::Io`] for a file that cannot be read or unfolds to more than [`max_unfolded`](Self::max_unfolded);
    /// - [`Error::NotUtf8`], [`Error::Encoding`], [`Error::NulByte`] for one in another encoding, [`Error::Unknown`] for an
    ///   encoding that there is not;
    /// - [`Error::EmptyFile`], [`Error::NoHeader`], [`Error::WrongDelimiter`] for one whose first line is no header;
    /// - [`Error::UnclosedQuote`], [`Error::Ragged`] for lines that are not whole;
    /// - [`Error::NotANumber`], [`Error::NotAnInteger`], [`Error::NotABoolean`], [`Error::NotADate`] for a value of another type than was declared, and
    ///   [`Error::UnknownColumn`] for a declaration that fits no column;
    /// - [`Error::Argument`] for a delimiter, quote, sign or format of dates that cannot be one, and for a name given twice.
    pub fn read(&self, path: impl AsRef<Path>) -> Result<Table> {
        self.read_file(path.as_ref())
    }

    fn read_file(&self, path: &Path) -> Result<Table> {
        let mut file = File::open(path).map_err(|source| Error::Io { path: path.to_owned(), source })?;
        self.read_bytes(&mut file, &path.display().to_string())
    }

    /// Reads from anything that can be read; `name` represents the file in error messages.
    ///
    /// The whole text is held in memory while it is read; with the table that is at most a hundred times the text, unless
    /// [`ragged`](Self::ragged) fills short rows.
    ///
    /// # Errors
    ///
    /// The errors of [`read`](Self::read).
    pub fn read_from(&self, mut input: impl Read, name: &str) -> Result<Table> {
        self.read_bytes(&mut input, name)
    }

    fn read_bytes(&self, input: &mut dyn Read, name: &str) -> Result<Table> {
        let bytes = source::bytes(input, self.unfolded).map_err(|source| Error::Io { path: name.into(), source })?;
        let text = encoding::utf8(&bytes, self.encoding.as_deref(), name)?;
        let format = Format::of(self)?;
        let text = behind_lines(without_end_mark(&text), self.skip_lines);
        let whitespace = self.delimiter == Some(Delimiter::Whitespace);
        if whitespace || self.trim {
            let text = blanks::without_blanks(text, &format, whitespace);
            return self.parse(&text, format, name);
        }
        self.parse(text, format, name)
    }

    fn parse(&self, text: &[u8], format: Format, file: &str) -> Result<Table> {
        let notation = Notation::of(self)?;
        let first_line = 1 + self.skip_lines as u64;
        let mut records = Records::new(text, file, format, first_line);
        let (Head { names, quotes_tell, line }, mut has_row) = Head::read(self, &notation, &mut records, file)?;
        let mut columns: Vec<ColumnBuilder> = names.iter().map(|_| ColumnBuilder::undecided()).collect();
        for (name, kind) in &self.declared {
            let index = names
                .iter()
                .position(|known| known == name)
                .ok_or_else(|| Error::unknown_column(super::header::place(file, line), name, &names))?;
            columns[index] = ColumnBuilder::declared(kind)?;
        }
        records.note_quotes(quotes_tell.contains(&true));
        let rows = RowBuilder { options: self, names: &names, quotes_tell: &quotes_tell, delimiter: format.delimiter };
        let rules = FieldRules { markers: Markers::new(&self.missing, &notation), notation };
        let mut lines = Vec::new();
        while has_row {
            if rows.fits(&records)? {
                lines.push(u32::try_from(records.line).unwrap_or(u32::MAX));
                for (index, column) in columns.iter_mut().enumerate() {
                    rows.push(column, index, &records, &rules)?;
                }
            }
            has_row = records.next().map_err(|error| named(error, &names))?;
        }
        if columns.iter().any(ColumnBuilder::is_to_reread) {
            // A second pass for columns that looked like numbers until something else came.
            let mut again = Records::new(text, file, format, first_line);
            let (_, mut has_row) = Head::read(self, &rules.notation, &mut again, file)?;
            again.note_quotes(quotes_tell.contains(&true));
            let mut wanted: Vec<(usize, &mut ColumnBuilder)> =
                columns.iter_mut().enumerate().filter(|(_, column)| column.is_to_reread()).collect();
            for (_, column) in &mut wanted {
                **column = ColumnBuilder::strings();
            }
            while has_row {
                if rows.fits(&again)? {
                    for (index, column) in &mut wanted {
                        rows.push(column, *index, &again, &rules)?;
                    }
                }
                has_row = again.next()?;
            }
        }
        let table = Table {
            rows: lines.len(),
            columns: columns.into_iter().map(|column| Arc::new(column.finish())).collect(),
            names: Arc::new(names.into()),
            origin: Some(Arc::new(Origin::File { file: file.to_owned(), header: line, lines })),
        };
        if self.names.is_some() && self.header == Header::Detect {
            check_first_row(&table)?;
        }
        Ok(table)
    }
}

/// Returns an error for a first row that appears to be a header: in some column only this row has no number.
fn check_first_row(table: &Table) -> Result<()> {
    for (name, column) in table.iter() {
        let Column::String(strings) = column else { continue };
        let mut strings = strings.iter();
        let Some(Some(first)) = strings.next() else { continue };
        let mut rest = strings.flatten().map(|text| spelling::number(text).is_some()).peekable();
        if spelling::number(first).is_none() && rest.peek().is_some() && rest.all(|is_number| is_number) {
            return Err(looks_like_header(&table.place(0), name, first));
        }
    }
    Ok(())
}

/// The error for a first row that appears to be a header, since only its value of a column is not a number.
pub(super) fn looks_like_header(place: &Place, column: &str, first: &str) -> Error {
    Error::Argument {
        item: "CsvOptions".into(),
        argument: "column_names",
        value: format!(
            "given to a file whose first line looks like a header ({place}: \"{first}\" is the only value of column \
             \"{column}\" that is not a number)"
        ),
        expected: "also .header(true), by which the names replace that line, or .header(false) if it is a row".into(),
    }
}

/// The text without a last line that is nothing but DOS's mark of the end, Ctrl-Z.
pub(super) fn without_end_mark(text: &[u8]) -> &[u8] {
    let end = text.iter().rposition(|byte| !matches!(byte, b'\n' | b'\r'));
    match end {
        Some(end) if text[end] == 0x1a && matches!(text[..end].last(), None | Some(b'\n' | b'\r')) => &text[..end],
        _ => text,
    }
}

/// How records become rows.
pub(super) struct RowBuilder<'a> {
    pub(super) options: &'a CsvOptions,
    pub(super) names: &'a [String],
    pub(super) quotes_tell: &'a [bool],
    pub(super) delimiter: u8,
}

impl RowBuilder<'_> {
    /// Appends a field of a record to its column.
    #[inline]
    pub(super) fn push(
        &self,
        column: &mut ColumnBuilder,
        index: usize,
        records: &Records<'_>,
        rules: &FieldRules,
    ) -> Result<()> {
        if index >= records.len() {
            column.push_missing();
            return Ok(());
        }
        let field = records.field(index);
        // A field that holds a delimiter is in quotes whatever it is.
        let text = !records.is_plain()
            && self.quotes_tell[index]
            && records.is_quoted(index)
            && !field.contains(&self.delimiter);
        match column.push(field, text, rules) {
            Ok(()) => Ok(()),
            Err(refused) => Err(self.refused(refused, index, records)),
        }
    }

    #[cold]
    pub(super) fn refused(&self, refused: Refused, index: usize, records: &Records<'_>) -> Error {
        let (place, column) = (records.place(), self.names[index].clone());
        let value = String::from_utf8_lossy(records.field(index)).into_owned();
        match refused {
            Refused::NotUtf8 => Error::NotUtf8 { place, column: format!("\"{column}\"") },
            Refused::NotANumber => Error::NotANumber { place, column, value },
            Refused::NotAnInteger => Error::NotAnInteger { place, column, value },
            Refused::NotABoolean => Error::NotABoolean { place, column, value },
            Refused::NotADate(expected) => Error::NotADate { place, column, value, expected },
        }
    }

    /// Whether a record is a row; one of another length is an error unless the options skip or fill it.
    pub(super) fn fits(&self, records: &Records<'_>) -> Result<bool> {
        let (expected, found) = (self.names.len(), records.len());
        match self.options.ragged {
            _ if found == expected => Ok(true),
            Ragged::Skip => Ok(false),
            Ragged::FillAndTruncate => Ok(true),
            Ragged::Fill if found < expected => Ok(true),
            _ => Err(self.ragged(records)),
        }
    }

    fn ragged(&self, records: &Records<'_>) -> Error {
        let (expected, found) = (self.names.len(), records.len());
        let (at, column) = match found < expected {
            true => ("nothing for", self.names.get(found)),
            false => ("too much after", self.names.last()),
        };
        let advice = self.delimiter_advice(records).unwrap_or_else(|| {
            let completed = if found < expected { "Fill) makes missing values of what such rows lack" } else {
                "FillAndTruncate) cuts such rows" };
            let mut advice = format!(
                "correct the line, its quotes or the delimiter, or read it with CsvOptions: .ragged(Ragged::{completed}, \
                 .ragged(Ragged::Skip) leaves them out"
            );
            if found == expected + 1 && expected > 1 {
                advice.push_str(
                    "; if the first field is the name of a row, which the header leaves out, name its column with \
                     CsvOptions::row_names",
                );
            }
            if expected == 1 {
                advice.push_str(
                    "; lines before the header are passed over with CsvOptions::skip_lines or CsvOptions::comment",
                );
            }
            advice
        });
        let column = format!("\"{}\"", column.map_or("", String::as_str));
        Error::Ragged { place: records.place(), expected, found, at, column, advice }
    }

    /// Advice on the delimiter, if none was set and another one than the default appears to separate the fields.
    fn delimiter_advice(&self, records: &Records<'_>) -> Option<String> {
        if self.options.delimiter.is_some() {
            return None;
        }
        let single = (records.len() == 1 && !records.is_quoted(0)).then(|| String::from_utf8_lossy(records.field(0)));
        let single = single.as_deref();
        let strings = self.names.iter().map(String::as_str).chain(single);
        let advise = |what: &str, delimiter: &str| {
            Some(format!("if {what} separates the fields, use CsvOptions::new().delimiter({delimiter})"))
        };
        for text in strings {
            if let Some(separator) = text.chars().find(|character| ";\t|".contains(*character)) {
                let separator = format!("{separator:?}");
                return advise(&format!("the {separator} in \"{text}\""), &separator);
            }
        }
        let words = single?.split_ascii_whitespace().count();
        if words == self.names.len() { advise("the space", "Delimiter::Whitespace") } else { None }
    }
}

impl Table {
    /// Reads a CSV file, plain or compressed with gzip, with the defaults of [`CsvOptions`].
    ///
    /// # Errors
    ///
    /// The errors of [`CsvOptions::read`].
    pub fn read_csv(path: impl AsRef<Path>) -> Result<Table> {
        CsvOptions::new().read(path)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::super::options::DuplicateNames;
    use super::super::testing::{message, read, strings, with};
    use super::*;
    use crate::random_cases;
    use rand::RngExt;

    #[test]
    fn quotes_marks_and_gzip_are_understood() {
        let plain = "\u{feff}name,note\r\nx,\"a, \"\"b\"\"\nc\"\r\ny,NONE\r\n";
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(plain.as_bytes()).unwrap();
        for table in [read(plain).unwrap(), read(packed.finish().unwrap()).unwrap()] {
            assert_eq!(table.names(), ["name", "note"]);
            assert_eq!(table.strings("note").unwrap().get(0), Some("a, \"b\"\nc"));
            assert_eq!(table.strings("note").unwrap().get(1), Some("NONE"));
            assert_eq!(table.place(1), Place::Line { file: "loans.csv".into(), line: 4 });
        }
    }

    #[test]
    fn an_empty_file_and_a_lone_header() {
        assert!(message(read("")).starts_with("loans.csv, line 1: the file is empty"));
        assert!(message(read("\n\n")).starts_with("loans.csv, line 3: the file is empty"));
        let table = read("a,b\n").unwrap();
        assert_eq!((table.nrows(), table.ncols()), (0, 2));
    }

    #[test]
    fn a_ragged_line_is_named_with_its_column() {
        let short = message(read("a,b,c\n1,2,3\n\n\n4,5\n"));
        assert!(
            short.starts_with("loans.csv, line 5: 2 fields where 3 are expected, nothing for column \"c\""),
            "{short}"
        );
        let long = message(read("a,b\r\n1,2\r\n4,5,6\r\n"));
        assert!(long.starts_with("loans.csv, line 3: 3 fields where 2 are expected, too much after column \"b\""));
    }

    #[test]
    fn an_unknown_column_is_named_with_the_file() {
        let expected = "loans.csv, line 1, has no column \"c\"; its columns: a, b";
        assert_eq!(read("a,b\n1,2\n").unwrap().select(["c"]).unwrap_err().to_string(), expected);
        let declared = CsvOptions::new().strings(["c"]).read_from(&b"a,b\n1,2\n"[..], "loans.csv");
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

    #[test]
    fn a_lone_carriage_return_ends_a_line() {
        let error = message(with(CsvOptions::new().numbers(["b"]), "a,b\r1,2\r3,4\r5,x\r"));
        assert!(error.starts_with("f.csv, line 4, column \"b\": \"x\" is not a number"), "{error}");
    }

    #[test]
    fn ragged_rows_are_filled_cut_or_skipped() {
        let text = "a,b,c\n1,2\n3,4,5\n6,7,8,9\nTotal\n";
        let rows = |ragged| with(CsvOptions::new().ragged(ragged), text).map(|table| table.to_string());
        assert!(message(read(text)).contains(".ragged(Ragged::Fill)"));
        let long = message(read("a,b\n1,2,3\n"));
        assert!(long.contains(".ragged(Ragged::FillAndTruncate)") && long.contains(".ragged(Ragged::Skip)"), "{long}");
        assert!(
            rows(Ragged::Fill).unwrap_err().to_string().starts_with("f.csv, line 4: 4 fields where 3 are expected")
        );
        let table = with(CsvOptions::new().ragged(Ragged::FillAndTruncate), text).unwrap();
        assert_eq!((table.nrows(), table.column("c").unwrap().missing()), (4, 2));
        let table = with(CsvOptions::new().ragged(Ragged::Skip), text).unwrap();
        assert_eq!(table.numbers("c").unwrap(), [5.0]);
        assert_eq!(table.place(0), Place::Line { file: "f.csv".into(), line: 3 });
        // A second pass skips the same rows.
        let table = with(CsvOptions::new().ragged(Ragged::Skip), "a,b\n1,2\n3\nx,4\n").unwrap();
        assert_eq!(strings(&table, "a"), [Some("1".into()), Some("x".into())]);
    }

    #[test]
    fn no_bytes_make_it_panic() {
        random_cases::check(256, |random| {
            let text = random_cases::string(random, "a0.,\"\r\n\u{e9};NA# \t-", 80);
            let length = random.random_range(0..60);
            let bytes: Vec<u8> = (0..length).map(|_| random.random()).collect();
            for input in [text.as_bytes(), &bytes] {
                if let Ok(table) = read(input) {
                    assert!(table.iter().all(|(_, column)| column.len() == table.nrows()));
                }
                let named = || CsvOptions::new().column_names(["a", "b"]).strings(["b"]).booleans(["a"]);
                let _ = with(named(), input);
                let _ =
                    with(named().ragged(Ragged::FillAndTruncate).delimiter(Delimiter::Whitespace).comment('#'), input);
                let _ = with(CsvOptions::new().encoding("utf-16le").trim(true).header(false).row_names("r"), input);
                let numbered = CsvOptions::new().header(Header::Lines(2)).duplicate_names(DuplicateNames::Number);
                let _ = with(numbered.ragged(Ragged::Skip).thousands('.').decimal(',').quote('a').skip_lines(1), input);
            }
        });
    }
}
