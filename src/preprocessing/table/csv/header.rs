//! The names of the columns of a CSV file.

use std::collections::{HashMap, HashSet};

use crate::error::{Error, Result};

use super::super::spelling;
use super::notation::Notation;
use super::options::{CsvOptions, DuplicateNames, Header};
use super::records::Records;

/// The names and types that a header gives to columns.
pub(super) struct Head {
    pub(super) names: Vec<String>,
    /// For each column whether a field in quotes is a string.
    pub(super) quotes_tell: Vec<bool>,
    /// The line of the header, if there is one.
    pub(super) line: Option<u64>,
}

/// A name as it is in the file.
struct Field {
    name: String,
    quoted: bool,
}

impl Head {
    /// Reads the header, if the options expect one, and moves to the first row; the second value is false where there
    /// is no row.
    pub(super) fn read(
        options: &CsvOptions,
        notation: &Notation,
        records: &mut Records<'_>,
        file: &str,
    ) -> Result<(Head, bool)> {
        let detect = options.header == Header::Detect;
        let lines = match options.header {
            Header::Detect if options.names.is_some() => 0,
            Header::Detect => 1,
            Header::Lines(lines) => lines,
            Header::None => 0,
        };
        let mut fields: Vec<Field> = Vec::new();
        let mut line = None;
        for _ in 0..lines {
            if !records.next()? {
                return Err(Error::EmptyFile { file: file.to_owned(), line: records.line });
            }
            line.get_or_insert(records.line);
            check_delimiter(options, notation, records, file, detect)?;
            add(&mut fields, records, lines)?;
        }
        let set_apart = lines == 1 && records.is_followed_by_empty_line();
        let has_row = records.next().map_err(|error| match &options.names {
            Some(names) => named(error, names),
            None => named(error, &fields.iter().map(|field| field.name.trim().to_owned()).collect::<Vec<_>>()),
        })?;
        if lines == 0 {
            match has_row {
                true => check_delimiter(options, notation, records, file, false)?,
                false if options.names.is_none() => {
                    return Err(Error::EmptyFile { file: file.to_owned(), line: records.line });
                }
                false => {}
            }
        }
        let quotes_tell = quotes_tell(options, &fields, set_apart);
        let width = has_row.then(|| records.len());
        let names = match &options.names {
            Some(names) => {
                given("column_names", names)?;
                names.clone()
            }
            None if lines == 0 => {
                let first = usize::from(options.row_names.is_some());
                (first..records.len()).map(|index| format!("column_{index}")).collect()
            }
            None => {
                let naming = Naming { file, line: line.unwrap_or(1), options, detect, set_apart };
                // Names without quotes are trimmed, as are all of them where quotes have no meaning.
                let mixed = set_apart || fields.iter().any(|field| !field.quoted && !field.name.trim().is_empty());
                naming.names(&fields, mixed, width, notation)?
            }
        };
        let mut head = Head { quotes_tell, names, line };
        if let (Some(name), None) = (&options.row_names, &options.names) {
            head.names.insert(0, name.clone());
            head.quotes_tell.insert(0, options.quoted_strings.unwrap_or(false));
            given("row_names", &head.names)?;
        }
        let default = options.quoted_strings.unwrap_or(set_apart);
        head.quotes_tell.resize(head.names.len(), default);
        Ok((head, has_row))
    }
}

/// Adds a line of the header to its fields.
fn add(fields: &mut Vec<Field>, records: &Records<'_>, lines: usize) -> Result<()> {
    for index in 0..records.len() {
        let text = std::str::from_utf8(records.field(index))
            .map_err(|_| Error::NotUtf8 { place: records.place(), column: format!("{} of the header", index + 1) })?;
        match fields.get_mut(index) {
            None => fields.push(Field { name: text.to_owned(), quoted: lines == 1 && records.is_quoted(index) }),
            Some(field) if field.name.trim().is_empty() => field.name = text.to_owned(),
            Some(_) if text.trim().is_empty() => {}
            Some(field) => field.name = format!("{}_{}", field.name.trim(), text.trim()),
        }
    }
    Ok(())
}

/// For each name of the header whether a field of its column in quotes is text.
fn quotes_tell(options: &CsvOptions, fields: &[Field], set_apart: bool) -> Vec<bool> {
    let mixed = fields.iter().any(|field| !field.quoted && !field.name.trim().is_empty());
    let is_text = |field: &Field| match options.quoted_strings {
        Some(is_text) => is_text,
        None => set_apart || (mixed && field.quoted && !field.name.is_empty()),
    };
    fields.iter().map(is_text).collect()
}

/// Returns an error for a single field that holds what separates fields elsewhere, unless the delimiter was named.
fn check_delimiter(
    options: &CsvOptions,
    notation: &Notation,
    records: &Records<'_>,
    file: &str,
    is_name: bool,
) -> Result<()> {
    let one_name = options.names.as_ref().is_some_and(|names| names.len() == 1);
    if options.delimiter.is_some() || one_name || records.len() != 1 || records.is_quoted(0) {
        return Ok(());
    }
    let text = String::from_utf8_lossy(records.field(0)).into_owned();
    let words = || text.split_ascii_whitespace();
    let numbers = is_name && words().count() > 1 && words().all(|word| notation.parse(word.as_bytes()).is_some());
    let (separator, advice) = match text.chars().find(|character| ";\t|".contains(*character)) {
        Some(separator) => (format!("{separator:?}"), format!("delimiter({separator:?})")),
        None if numbers => ("numbers with spaces between them".into(), "delimiter(Delimiter::Whitespace)".into()),
        None => return Ok(()),
    };
    Err(Error::WrongDelimiter { file: file.to_owned(), line: records.line, separator, field: text, advice })
}

/// Names that were given are each another.
fn given(argument: &'static str, names: &[String]) -> Result<()> {
    let mut known = HashSet::with_capacity(names.len());
    match names.iter().find(|name| !known.insert(name.as_str())) {
        None => Ok(()),
        Some(name) => Err(Error::argument("CsvOptions", argument, format!("\"{name}\" twice"), "each name once")),
    }
}

/// How names are made of the fields of a header.
struct Naming<'a> {
    file: &'a str,
    line: u64,
    options: &'a CsvOptions,
    /// Whether the line may be a row.
    detect: bool,
    /// Whether an empty line follows it.
    set_apart: bool,
}

impl Naming<'_> {
    /// The names; in a header with names in quotes and names without, those in quotes are taken as they are.
    fn names(&self, fields: &[Field], mixed: bool, width: Option<usize>, notation: &Notation) -> Result<Vec<String>> {
        let verbatim = |field: &Field| mixed && field.quoted && (self.set_apart || !field.name.is_empty());
        let fields: Vec<(&str, bool)> = fields
            .iter()
            .map(|field| if verbatim(field) { (field.name.as_str(), true) } else { (field.name.trim(), false) })
            .collect();
        // Delimiters at the end of the header that no row has.
        let named =
            fields.iter().rposition(|(name, verbatim)| *verbatim || !name.is_empty()).map_or(0, |last| last + 1);
        let rows_width =
            width.map_or(fields.len(), |width| width.saturating_sub(usize::from(self.options.row_names.is_some())));
        // A first row that is shorter than the names is no measure of the others.
        let width = if rows_width < named { fields.len() } else { fields.len().min(rows_width) };
        let fields = &fields[..width];
        if self.detect && !self.set_apart {
            self.check(fields, notation)?;
        }
        let mut taken: HashSet<String> = fields.iter().map(|(name, _)| (*name).to_owned()).collect();
        // The next number of each name, so that a thousand of one name do not all count from 1.
        let mut next: HashMap<&str, usize> = HashMap::new();
        let mut known: HashSet<&str> = HashSet::new();
        let mut names = Vec::with_capacity(fields.len());
        for (index, &(name, verbatim)) in fields.iter().enumerate() {
            let name = match name {
                "" if !verbatim => free("unnamed", &mut { index }, &mut taken),
                name if known.insert(name) => name.to_owned(),
                name if self.options.duplicate_names == DuplicateNames::Number => {
                    free(name, next.entry(name).or_insert(1), &mut taken)
                }
                name => return Err(self.twice(name, index)),
            };
            names.push(name);
        }
        Ok(names)
    }

    /// Returns an error for a line that looks like a row.
    fn check(&self, fields: &[(&str, bool)], notation: &Notation) -> Result<()> {
        let advice = "if the line is a header, read it as one with CsvOptions::new().header(true), which takes any names; if it is a \
                      row, with .header(false), and give the names with .column_names([…])";
        let refused = |reason: String| Err(self.no_header(reason, advice));
        let is_number = |name: &str| notation.parse(name.as_bytes()).is_some() || spelling::number(name).is_some();
        let mut numbers = 0;
        for (index, &(name, verbatim)) in fields.iter().enumerate() {
            if verbatim || !is_number(name) {
                continue;
            }
            // A whole number may be a name, such as a year; one with decimals hardly ever is.
            if !name.bytes().all(|byte| byte.is_ascii_digit() || b"+-".contains(&byte)) {
                return refused(format!("column {} would be called {name}", index + 1));
            }
            numbers += 1;
        }
        let empty = fields.iter().filter(|(name, verbatim)| !verbatim && name.is_empty()).count();
        if empty == fields.len() {
            return refused("all its fields from column 1 on are empty".into());
        }
        if numbers + empty == fields.len() {
            return refused("all its fields from column 1 on are numbers".into());
        }
        Ok(())
    }

    fn twice(&self, name: &str, index: usize) -> Error {
        let reason = format!("\"{name}\" comes twice, the second time as column {}", index + 1);
        let advice = "number such names with CsvOptions::new().duplicate_names(DuplicateNames::Number), or give others in \
                      place of the line with .header(true).column_names([…]); if the line is a row, use .header(false)";
        self.no_header(reason, advice)
    }

    fn no_header(&self, reason: String, advice: &str) -> Error {
        Error::NoHeader { file: self.file.to_owned(), line: self.line, reason, advice: advice.to_owned() }
    }
}

/// The name with a number from `number` on that is not taken yet.
fn free(base: &str, number: &mut usize, taken: &mut HashSet<String>) -> String {
    loop {
        let name = format!("{base}_{number}");
        *number += 1;
        if taken.insert(name.clone()) {
            return name;
        }
    }
}

/// The place of a header, for messages about the names of a file.
pub(super) fn place(file: &str, line: Option<u64>) -> String {
    match line {
        Some(line) => format!("{file}, line {line},"),
        None => file.to_owned(),
    }
}

/// An error about a quote with the name of its column in place of the position.
pub(super) fn named(error: Error, names: &[String]) -> Error {
    match error {
        Error::UnclosedQuote { place, column, reason } => {
            let name = column.parse().ok().and_then(|position: usize| names.get(position.checked_sub(1)?));
            Error::UnclosedQuote { place, column: name.map_or(column, |name| format!("\"{name}\"")), reason }
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::super::Delimiter;
    use super::super::testing::{message, read, strings, with};
    use super::*;
    use crate::error::Place;

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

        // Without the header the names would go to a table whose first row holds the old ones.
        let names = || CsvOptions::new().column_names(["x1", "x2", "y"]);
        let error = message(with(names(), "x,x,y\n1,2,3\n4,5,6\n"));
        assert!(error.contains(".header(true)") && error.contains("line 1: \"x\" is the only value"), "{error}");
        assert_eq!(with(names().header(false), "x,x,y\n1,2,3\n4,5,6\n").unwrap().nrows(), 3);
        assert_eq!(with(names(), "x,x,y\nz,2,3\nz,z,z\n").unwrap().nrows(), 3);

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
        assert!(matches!(with(CsvOptions::new().header(false), "1;2\n"), Err(Error::WrongDelimiter { .. })));
        assert_eq!(with(CsvOptions::new().column_names(["note"]), "x; y\n").unwrap().nrows(), 1);
        let spaces = message(with(CsvOptions::new().column_names(["a", "b"]), " 0.006  18.0 \n 1.0  2.0\n"));
        assert!(spaces.contains("CsvOptions::new().delimiter(Delimiter::Whitespace)"), "{spaces}");
        assert_eq!(with(CsvOptions::new().delimiter(','), "a;b\n1;2\n").unwrap().names(), ["a;b"]);
        assert_eq!(read("\"a;b\"\n1\n").unwrap().names(), ["a;b"]);
        assert_eq!(read("free text\nx;y\n").unwrap().nrows(), 1);
        let spaces = CsvOptions::new().delimiter(Delimiter::Whitespace).column_names(["a", "b"]);
        let table = with(spaces, " 0.006 \t 18.0 \n 1.0  2.0").unwrap();
        assert_eq!((table.numbers("a").unwrap(), table.numbers("b").unwrap()), (&[0.006, 1.0][..], &[18.0, 2.0][..]));
    }

    #[test]
    fn delimiters_at_the_end_of_the_header_and_a_mark_of_the_end() {
        let table = read("a,b,,\n1,2\n3,4\n").unwrap();
        assert_eq!((table.names(), table.nrows()), (&["a".to_owned(), "b".into()][..], 2));
        assert_eq!(read("a,b,\n1,2,\n").unwrap().names(), ["a", "b", "unnamed_2"]);
        assert_eq!(with(CsvOptions::new().row_names("r"), "a,b,\nx,1,2\n").unwrap().names(), ["r", "a", "b"]);
        let skipped =
            with(CsvOptions::new().ragged(crate::preprocessing::Ragged::Skip), "a,b,\nin kg\n1,2,\n").unwrap();
        assert_eq!((skipped.names().len(), skipped.nrows()), (3, 1));
        for end in ["\u{1a}", "\u{1a}\n", "\u{1a}\r\n"] {
            assert_eq!(read(format!("a,b\n1,2\n{end}")).unwrap().nrows(), 1);
        }
        assert_eq!(strings(&read("a\nx\u{1a}\n").unwrap(), "a"), [Some("x\u{1a}".into())]);
    }
}
