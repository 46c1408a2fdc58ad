//! Reading a table from CSV.

use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use crate::error::{Error, Result};

use super::super::{Origin, Table};
use super::header::{Head, named};
use super::infer::{Building, Markers, Meaning, Refused};
use super::notation::Notation;
use super::options::{CsvOptions, Delimiter, Kind, Ragged};
use super::records::{Format, Records, behind_lines};
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
    /// - [`Error::NotANumber`], [`Error::NotABoolean`] for a value of another type than was declared, and
    ///   [`Error::UnknownColumn`] for a declaration that fits no column;
    /// - [`Error::Argument`] for a delimiter, quote or sign that cannot be one, and for a name given twice.
    pub fn read(&self, path: impl AsRef<Path>) -> Result<Table> {
        let path = path.as_ref();
        let file = File::open(path).map_err(|source| Error::Io { path: path.to_owned(), source })?;
        self.read_from(file, &path.display().to_string())
    }

    /// Reads from anything that can be read; `name` stands for the file in error messages.
    ///
    /// The whole text is held in memory while it is read; with the table that is at most a hundred times the text, unless
    /// [`ragged`](Self::ragged) fills short rows.
    ///
    /// # Errors
    ///
    /// As [`read`](Self::read).
    pub fn read_from(&self, input: impl Read, name: &str) -> Result<Table> {
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
        let mut columns: Vec<Building> = names.iter().map(|_| Building::undecided()).collect();
        for (name, kind) in &self.declared {
            let index = names.iter().position(|known| known == name).ok_or_else(|| Error::UnknownColumn {
                table: super::header::place(file, line),
                name: name.clone(),
                known: names.join(", "),
            })?;
            columns[index] = Building::declared(*kind);
        }
        records.note_quotes(quotes_tell.contains(&true));
        let rows = Rows { options: self, names: &names, quotes_tell: &quotes_tell, delimiter: format.delimiter };
        let meaning = Meaning { markers: Markers::new(&self.missing, &notation), notation };
        let mut lines = Vec::new();
        while has_row {
            if rows.fits(&records)? {
                lines.push(u32::try_from(records.line).unwrap_or(u32::MAX));
                for (index, column) in columns.iter_mut().enumerate() {
                    rows.push(column, index, &records, &meaning)?;
                }
            }
            has_row = records.next().map_err(|error| named(error, &names))?;
        }
        if columns.iter().any(Building::is_to_reread) {
            // A second pass for columns that looked like numbers until something else came.
            let mut again = Records::new(text, file, format, first_line);
            let (_, mut has_row) = Head::read(self, &meaning.notation, &mut again, file)?;
            again.note_quotes(quotes_tell.contains(&true));
            let mut wanted: Vec<(usize, &mut Building)> =
                columns.iter_mut().enumerate().filter(|(_, column)| column.is_to_reread()).collect();
            for (_, column) in &mut wanted {
                **column = Building::declared(Kind::Text);
            }
            while has_row {
                if rows.fits(&again)? {
                    for (index, column) in &mut wanted {
                        rows.push(column, *index, &again, &meaning)?;
                    }
                }
                has_row = again.next()?;
            }
        }
        Ok(Table {
            rows: lines.len(),
            columns: columns.into_iter().map(|column| Arc::new(column.finish())).collect(),
            names,
            origin: Some(Arc::new(Origin::File { file: file.to_owned(), header: line, lines })),
        })
    }
}

/// The text without a last line that is nothing but DOS's mark of the end, Ctrl-Z.
fn without_end_mark(text: &[u8]) -> &[u8] {
    let end = text.iter().rposition(|byte| !matches!(byte, b'\n' | b'\r'));
    match end {
        Some(end) if text[end] == 0x1a && matches!(text[..end].last(), None | Some(b'\n' | b'\r')) => &text[..end],
        _ => text,
    }
}

/// How records become rows.
struct Rows<'a> {
    options: &'a CsvOptions,
    names: &'a [String],
    quotes_tell: &'a [bool],
    delimiter: u8,
}

impl Rows<'_> {
    /// Hands a field of a record to its column.
    #[inline]
    fn push(&self, column: &mut Building, index: usize, records: &Records<'_>, meaning: &Meaning) -> Result<()> {
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
        match column.push(field, text, meaning) {
            Ok(()) => Ok(()),
            Err(refused) => Err(self.refused(refused, index, records)),
        }
    }

    #[cold]
    fn refused(&self, refused: Refused, index: usize, records: &Records<'_>) -> Error {
        let (place, column) = (records.place(), self.names[index].clone());
        let value = String::from_utf8_lossy(records.field(index)).into_owned();
        match refused {
            Refused::NotUtf8 => Error::NotUtf8 { place, column: format!("\"{column}\"") },
            Refused::NotANumber => Error::NotANumber { place, column, value },
            Refused::NotABoolean => Error::NotABoolean { place, column, value },
        }
    }

    /// Whether a record is a row; one of another length is an error unless the options say what becomes of it.
    fn fits(&self, records: &Records<'_>) -> Result<bool> {
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
        let separator = |name: &str| name.chars().find(|character| ";\t|".contains(*character));
        if let (None, Some((name, separator))) = (
            self.options.delimiter,
            self.names.iter().find_map(|name| separator(name).map(|separator| (name, separator))),
        ) {
            return Error::Ragged {
                place: records.place(),
                expected,
                found,
                at: if found < expected { "nothing for" } else { "too much after" },
                column: format!("\"{name}\""),
                advice: format!(
                    "that name holds {separator:?}: if it separates the fields, use CsvOptions::new().delimiter({separator:?})"
                ),
            };
        }
        let (at, column) = match found < expected {
            true => ("nothing for", self.names.get(found)),
            false => ("too much after", self.names.last()),
        };
        let mut advice =
            "correct the line, its quotes or the delimiter, or let CsvOptions::ragged fill, cut or skip such rows"
                .to_owned();
        if found == expected + 1 && expected > 1 {
            advice.push_str("; if the first field is the name of a row, which the header leaves out, name its column with CsvOptions::row_names");
        }
        if expected == 1 {
            advice.push_str(
                "; lines before the header are passed over with CsvOptions::skip_lines or CsvOptions::comment",
            );
        }
        let column = format!("\"{}\"", column.map_or("", String::as_str));
        Error::Ragged { place: records.place(), expected, found, at, column, advice }
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

    use super::super::options::{DuplicateNames, Header};
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
        assert!(message(read("\n\n")).starts_with("loans.csv, line 3: the file is empty"));
        let table = read("a,b\n").unwrap();
        assert_eq!((table.nrows(), table.ncols()), (0, 2));
    }

    #[test]
    fn a_first_line_that_is_a_row_is_no_header() {
        let headerless = ["1,2,3\n4,5,6\n", "7200.0,36 months,14.98\n", "RENT,RENT\n", ",,\n"];
        for text in headerless {
            assert!(message(read(text)).starts_with("loans.csv, line 1: no header"), "{text}");
            assert!(message(read(text)).contains("column "), "{text}");
            assert!(message(read(text)).contains(".header(false)"), "{text}");
            let row = CsvOptions::new().header(false).read_from(text.as_bytes(), "f").unwrap();
            assert_eq!(row.names()[0], "column_0");
        }
        assert_eq!(read("country,1990,1991\nx,1,2\n").unwrap().ncols(), 3);
        assert_eq!(read(",a\n0,1\n").unwrap().names(), ["unnamed_0", "a"]);
        assert_eq!(read(",unnamed_0\n0,1\n").unwrap().names(), ["unnamed_1", "unnamed_0"]);
        let named = CsvOptions::new().column_names(["a", "b"]).read_from(&b"1,2\n3,4\n"[..], "f").unwrap();
        assert_eq!(named.numbers("b").unwrap(), [2.0, 4.0]);
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

    /// Reads with options.
    fn with(options: CsvOptions, text: impl AsRef<[u8]>) -> Result<Table> {
        options.read_from(text.as_ref(), "f.csv")
    }

    fn strings(table: &Table, column: &str) -> Vec<Option<String>> {
        table.text(column).unwrap().iter().map(|text| text.map(str::to_owned)).collect()
    }

    #[test]
    fn an_unclosed_quote_is_named_with_the_line_where_it_opens() {
        let many = format!("id,y\n{}7,\"5 inch\n{}", "1,ok\n".repeat(5000), "2,ok\n".repeat(5000));
        for (text, place) in [
            ("first,city\nAnn,Oslo\nRay,\"Rome\nFox,Bern\n", "line 3, column \"city\""),
            ("a,\"b\n1,2\n3,4\n", "line 1, column 2"),
            ("id,score\n1,2\n2,\"3\n3,4\n", "line 3, column \"score\""),
            ("note\nfine\n\"oops\nlost\n", "line 3, column \"note\""),
            ("a,b\n1,\"", "line 2, column \"b\""),
            ("a,b\n\"x\ny\",\"z", "line 3, column \"b\""),
            ("a,b\r1,\"2\r3,4", "line 2, column \"b\""),
            (&many, "line 5002, column \"y\""),
        ] {
            let expected =
                format!("f.csv, {place}: the quote that opens here is not closed before the end of the file");
            let found = message(with(CsvOptions::new(), text));
            assert!(found.starts_with(&expected), "{found}");
            let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            packed.write_all(text.as_bytes()).unwrap();
            assert!(message(with(CsvOptions::new(), packed.finish().unwrap())).starts_with(&expected));
        }
        let named = with(CsvOptions::new().column_names(["a", "b"]), "1,2\n3,\"4\n");
        assert!(message(named).starts_with("f.csv, line 2, column \"b\": the quote that opens here"));
        // A later field's quote closes it, behind rows that it took in.
        let closed = message(read("id,note\n1,\"5 inch\n2,\"ok\"\n3,fine\n"));
        assert!(
            closed.starts_with("loans.csv, line 2, column \"note\": the quote that opens here is closed in line 3"),
            "{closed}"
        );
        let plain = with(CsvOptions::new().quote(None), "id,note\n1,\"5 inch\n2,\"ok\"\n").unwrap();
        assert_eq!(strings(&plain, "note"), [Some("\"5 inch".into()), Some("\"ok\"".into())]);
    }

    #[test]
    fn quotes_that_are_closed_or_within_a_field_are_fine() {
        let table = read("a,b\n5\" inch,\"x\ny\"\n\"q\"\"\",\"z\" \n\"k\"l,\"\n\" \n").unwrap();
        assert_eq!(strings(&table, "a"), [Some("5\" inch".into()), Some("q\"".into()), Some("kl".into())]);
        assert_eq!(strings(&table, "b")[..2], [Some("x\ny".into()), Some("z ".into())]);
        let single = with(CsvOptions::new().quote('\''), "a,b\n'x, y',\"z\n").unwrap();
        assert_eq!(
            (strings(&single, "a"), strings(&single, "b")),
            (vec![Some("x, y".into())], vec![Some("\"z".into())])
        );
    }

    #[test]
    fn a_header_can_be_declared_replaced_and_numbered() {
        let matrix = "0,1,2\n0.5,1.5,2.5\n3.5,4.5,5.5\n";
        let advice = message(read(matrix));
        assert!(advice.contains("CsvOptions::new().header(true)") && advice.contains(".column_names([…])"), "{advice}");
        let table = with(CsvOptions::new().header(true), matrix).unwrap();
        assert_eq!(
            (table.names(), table.numbers("0").unwrap()),
            (&["0".to_owned(), "1".into(), "2".into()][..], &[0.5, 3.5][..])
        );
        let renamed = CsvOptions::new().header(true).column_names(["a", "b", "c"]);
        assert_eq!(with(renamed, matrix).unwrap().numbers("a").unwrap(), [0.5, 3.5]);
        let row = with(CsvOptions::new().header(false), matrix).unwrap();
        assert_eq!((row.nrows(), row.names()[2].as_str()), (3, "column_2"));
        assert_eq!(
            with(CsvOptions::new().header(true), "sample,400.5\ns1,0.1\n").unwrap().names(),
            ["sample", "400.5"]
        );

        let twice = "x,x,x_1,,x,\n1,2,3,4,5,6\n";
        for text in [twice.to_owned(), twice.replace("x_1", "z")] {
            let advice = message(read(&text));
            assert!(advice.contains("\"x\" comes twice, the second time as column 2"), "{advice}");
            assert!(advice.contains(".duplicate_names(DuplicateNames::Number)"), "{advice}");
        }
        let numbered = CsvOptions::new().duplicate_names(DuplicateNames::Number);
        let names = ["x", "x_2", "x_1", "unnamed_3", "x_3", "unnamed_5"];
        assert_eq!(with(numbered.clone(), twice).unwrap().names(), names);
        assert_eq!(with(numbered, "x,x,y\n1,2,3\n4,5,6\n").unwrap().number_names(), ["x", "x_1", "y"]);
        let given = CsvOptions::new().header(true).column_names(["x1", "x2", "y"]);
        assert_eq!(with(given, "x,x,y\n1,2,3\n4,5,6\n").unwrap().number_names(), ["x1", "x2", "y"]);

        let two = "age,weight,\nyears,,kg\n31,70,1\n";
        assert_eq!(
            with(CsvOptions::new().header(Header::Lines(2)), two).unwrap().names(),
            ["age_years", "weight", "kg"]
        );
        assert!(matches!(with(CsvOptions::new().header(Header::Lines(2)), "a,b\n"), Err(Error::EmptyFile { .. })));
        let empty = with(CsvOptions::new().header(false), "\n");
        assert!(matches!(empty, Err(Error::EmptyFile { .. })));
        assert_eq!(with(CsvOptions::new().column_names(["a"]), "").unwrap().nrows(), 0);
    }

    #[test]
    fn lines_before_the_header_comments_and_row_names() {
        let text = "made by \"hand\n\n# a, comment \"\na,b\n1,2\n# more\n3,x\n";
        let table = with(CsvOptions::new().skip_lines(2).comment('#'), text).unwrap();
        assert_eq!((table.names().len(), table.nrows()), (2, 2));
        assert_eq!(table.place(1), Place::Line { file: "f.csv".into(), line: 7 });
        assert!(message(table.select(["c"])).starts_with("f.csv, line 4, has no column"));
        let header = message(with(CsvOptions::new().skip_lines(2), text));
        assert!(header.starts_with("f.csv, line 6: 1 fields where 2 are expected"), "{header}");
        assert!(
            message(with(CsvOptions::new().skip_lines(99), text)).starts_with("f.csv, line 100: the file is empty")
        );

        let cars = "mpg,cyl\nMazda RX4,21,6\nValiant,18.1,6\n";
        let advice = message(read(cars));
        assert!(advice.contains("CsvOptions::row_names"), "{advice}");
        let table = with(CsvOptions::new().row_names("car"), cars).unwrap();
        assert_eq!((table.names()[0].as_str(), table.numbers("cyl").unwrap()), ("car", &[6.0, 6.0][..]));
        assert_eq!(
            with(CsvOptions::new().row_names("car").header(false), "x,1\n").unwrap().names(),
            ["car", "column_1"]
        );
        assert!(with(CsvOptions::new().row_names("mpg"), cars).is_err());
    }

    #[test]
    fn a_single_column_that_looks_like_several_is_an_error() {
        for (text, advice) in [
            ("a;b\n1;2\n", "delimiter(';')"),
            ("a;b\n1,5;2\n3;4\n", "delimiter(';')"),
            ("\"fixed acidity\";\"volatile\"\n1;2\n", "delimiter(';')"),
            ("a\tb\n1\t2\n", "delimiter('\\t')"),
            ("a|b\n", "delimiter('|')"),
            (" 0.006  18.0 \n 1.0  2.0\n", "delimiter(Delimiter::Whitespace)"),
            ("a,b;c\n1,5;2\n3;4\n", "delimiter(';')"),
        ] {
            let found = message(read(text));
            assert!(found.contains(&format!("CsvOptions::new().{advice}")), "{found}");
        }
        assert!(with(CsvOptions::new().header(false), "1;2\n").is_err());
        assert_eq!(with(CsvOptions::new().delimiter(','), "a;b\n1;2\n").unwrap().names(), ["a;b"]);
        assert_eq!(read("\"a;b\"\n1\n").unwrap().names(), ["a;b"]);
        assert_eq!(read("free text\nx;y\n").unwrap().nrows(), 1);
        let spaces = CsvOptions::new().delimiter(Delimiter::Whitespace).column_names(["a", "b"]);
        let table = with(spaces, " 0.006 \t 18.0 \n 1.0  2.0").unwrap();
        assert_eq!((table.numbers("a").unwrap(), table.numbers("b").unwrap()), (&[0.006, 1.0][..], &[18.0, 2.0][..]));
    }

    #[test]
    fn booleans_are_a_type() {
        let table = read("a,b,c,d,e\nTrue,true,1,true,yes\nFALSE,,0,x,no\n").unwrap();
        let kinds: Vec<&str> = table.iter().map(|(_, column)| column.kind()).collect();
        assert_eq!(kinds, ["booleans", "booleans", "numbers", "text", "text"]);
        assert_eq!(table.booleans("b").unwrap().iter().collect::<Vec<_>>(), [Some(true), None]);
        assert_eq!(table.numbers("a").unwrap(), [1.0, 0.0]);
        assert_eq!(strings(&table, "d"), [Some("true".into()), Some("x".into())]);
        let declared = with(CsvOptions::new().booleans(["c"]), "c\n1\nTrue\n0\nNA\n").unwrap();
        assert_eq!(
            declared.booleans("c").unwrap().iter().collect::<Vec<_>>(),
            [Some(true), Some(true), Some(false), None]
        );
        let wrong = message(with(CsvOptions::new().booleans(["c"]), "c\n1\n2\n"));
        assert!(wrong.starts_with("f.csv, line 3, column \"c\": \"2\" is no boolean"), "{wrong}");
    }

    #[test]
    fn encodings_are_named_or_marked() {
        let latin = b"a,temperature \xb0C\n1,2\n2,\xe9\n";
        assert!(message(read(latin)).contains("CsvOptions::new().encoding(\"windows-1252\")"));
        let table = with(CsvOptions::new().encoding("windows-1252"), latin).unwrap();
        assert_eq!(table.names()[1], "temperature °C");
        let text = "id,x\n1,2\n";
        let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        for (bytes, mark, label) in [(&big, [0xfe, 0xff], "utf-16be"), (&little, [0xff, 0xfe], "utf-16le")] {
            let marked = [&mark[..], bytes].concat();
            assert_eq!(read(marked).unwrap().numbers("x").unwrap(), [2.0]);
            assert_eq!(with(CsvOptions::new().encoding(label), bytes).unwrap().numbers("x").unwrap(), [2.0]);
            let advice = message(read(bytes));
            assert!(advice.contains(&format!("CsvOptions::new().encoding(\"{label}\")")), "{advice}");
        }
        assert!(message(read("a,b\n1,2\n3,\0\n")).starts_with("loans.csv, line 3: a byte 0"));
        assert!(matches!(with(CsvOptions::new().encoding("utf-88"), "a\n"), Err(Error::Unknown { .. })));
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
        assert!(message(read(text)).contains("CsvOptions::ragged"));
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
    fn delimiters_at_the_end_of_the_header_and_a_mark_of_the_end() {
        let table = read("a,b,,\n1,2\n3,4\n").unwrap();
        assert_eq!((table.names(), table.nrows()), (&["a".to_owned(), "b".into()][..], 2));
        assert_eq!(read("a,b,\n1,2,\n").unwrap().names(), ["a", "b", "unnamed_2"]);
        assert_eq!(with(CsvOptions::new().row_names("r"), "a,b,\nx,1,2\n").unwrap().names(), ["r", "a", "b"]);
        for end in ["\u{1a}", "\u{1a}\n", "\u{1a}\r\n"] {
            assert_eq!(read(format!("a,b\n1,2\n{end}")).unwrap().nrows(), 1);
        }
        assert_eq!(strings(&read("a\nx\u{1a}\n").unwrap(), "a"), [Some("x\u{1a}".into())]);
    }

    #[test]
    fn decimal_commas_are_inferred_and_declared() {
        let german = || CsvOptions::new().delimiter(';').decimal(',').thousands('.');
        let table = with(german(), "a;b;c\n1.234,5;1,5;1.5\n2;x;2\n").unwrap();
        assert_eq!((table.number_names(), table.numbers("a").unwrap()), (vec!["a"], &[1234.5, 2.0][..]));
        assert!(message(with(german().numbers(["a"]), "a;b\n1.5;1\n")).contains("\"1.5\" is not a number"));
        let quoted = with(CsvOptions::new().decimal(','), "a,b\n\"1,5\",2\n").unwrap();
        assert_eq!(quoted.numbers("a").unwrap(), [1.5]);
        let english = with(CsvOptions::new().thousands(','), "\"n\",t\n\"1,439,323\",x\n12,y\n").unwrap();
        assert_eq!(english.numbers("n").unwrap(), [1_439_323.0, 12.0], "quotes that a delimiter needs say nothing");
        assert!(matches!(with(CsvOptions::new().decimal(',').thousands(','), "a\n"), Err(Error::Argument { .. })));
    }

    #[test]
    fn spaces_around_fields_are_trimmed_by_choice() {
        let text = "age, job\n39, State-gov \n50,\" Private, \"\n";
        assert_eq!(strings(&read(text).unwrap(), "job")[0], Some(" State-gov ".into()));
        let table = with(CsvOptions::new().trim(true), text).unwrap();
        assert_eq!(strings(&table, "job"), [Some("State-gov".into()), Some(" Private, ".into())]);
        let behind = with(CsvOptions::new().trim(true), "a, b\n1, \"x, y\" \n").unwrap();
        assert_eq!(strings(&behind, "b"), [Some("x, y".into())]);
    }

    #[test]
    fn markers_with_spaces_and_of_numbers_are_matched() {
        let table = with(CsvOptions::new().missing([" ?"]), "age, job\n39, Clerk\n50, ?\n").unwrap();
        assert_eq!(strings(&table, "job"), [Some(" Clerk".into()), None]);
        let marked = || CsvOptions::new().missing(["-999"]);
        let table = with(marked(), "a,b\n1,x\n-999,-999\n-999.0,-999.0\n-9.99e2,y\n").unwrap();
        assert_eq!(table.column("a").unwrap().missing(), 3);
        assert_eq!(strings(&table, "b"), [Some("x".into()), None, Some("-999.0".into()), Some("y".into())]);
        let table = with(marked(), "a\n-999.0\nx\n").unwrap();
        assert_eq!(strings(&table, "a"), [Some("-999.0".into()), Some("x".into())], "however the column begins");
    }

    #[test]
    fn whole_numbers_that_would_be_rounded_are_text() {
        let ids = "id,n\n1925036343869802844,9007199254740992\n1925036343869802845,1e300\n";
        let table = read(ids).unwrap();
        assert_eq!(table.value_counts("id").unwrap().len(), 2);
        assert_eq!(table.numbers("n").unwrap(), [9_007_199_254_740_992.0, 1e300]);
        let mut back = Vec::new();
        table.select(["id"]).unwrap().write_csv_to(&mut back).unwrap();
        assert_eq!(String::from_utf8(back).unwrap().matches("1925036343869802845").count(), 1);
        assert!(message(table.to_matrix::<f32>(["id"]).map(|_| table.clone())).contains("CsvOptions::new().numbers"));
        let declared = with(CsvOptions::new().numbers(["id"]), ids).unwrap();
        assert_eq!(declared.numbers("id").unwrap()[0], 1_925_036_343_869_802_844.0);
        let small_first = read("id\n1\n9007199254740993\n").unwrap();
        assert_eq!(strings(&small_first, "id"), [Some("1".into()), Some("9007199254740993".into())]);
    }

    #[test]
    fn quotes_tell_strings_only_where_the_header_says_so() {
        // Everything in quotes, names in quotes above numbers without (R), and quoted numbers under plain names.
        for text in
            ["\"a\",\"b\"\n\"1\",\"NA\"\n\"\",\"x\"\n", "\"a\",\"b\"\n\"1\",NA\n,\"x\"\n", "a,b\n\"1\",\"NA\"\n,x\n"]
        {
            let table = read(text).unwrap();
            assert_eq!((table.number_names(), table.incomplete_rows()), (vec!["a"], 2), "{text}");
        }
        let mixed = "\"a\",b\n\"1\",\"2\"\n\"\",3\n,4\n";
        let table = read(mixed).unwrap();
        assert_eq!(strings(&table, "a"), [Some("1".into()), Some(String::new()), None]);
        assert_eq!(table.numbers("b").unwrap(), [2.0, 3.0, 4.0]);
        assert_eq!(with(CsvOptions::new().quoted_text(false), mixed).unwrap().number_names(), ["a", "b"]);
        assert_eq!(with(CsvOptions::new().quoted_text(true), "a,b\n\"1\",2\n").unwrap().number_names(), ["b"]);
        assert_eq!(with(CsvOptions::new().numbers(["a"]), "\"a\",b\n\"1\",2\n").unwrap().numbers("a").unwrap(), [1.0]);
        // Row numbers under an empty name in quotes are numbers.
        assert_eq!(read("\"\",a\n\"1\",x\n").unwrap().number_names(), ["unnamed_0"]);
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(text in "[a0.,\"\r\n\u{e9};NA# \t-]{0,80}", bytes in prop::collection::vec(any::<u8>(), 0..60)) {
            for input in [text.as_bytes(), &bytes] {
                if let Ok(table) = read(input) {
                    prop_assert!(table.iter().all(|(_, column)| column.len() == table.nrows()));
                }
                let named = || CsvOptions::new().column_names(["a", "b"]).text(["b"]).booleans(["a"]);
                let _ = with(named(), input);
                let _ = with(named().ragged(Ragged::FillAndTruncate).delimiter(Delimiter::Whitespace).comment('#'), input);
                let _ = with(CsvOptions::new().encoding("utf-16le").trim(true).header(false).row_names("r"), input);
                let numbered = CsvOptions::new().header(Header::Lines(2)).duplicate_names(DuplicateNames::Number);
                let _ = with(numbered.ragged(Ragged::Skip).thousands('.').decimal(',').quote('a').skip_lines(1), input);
            }
        }
    }
}
