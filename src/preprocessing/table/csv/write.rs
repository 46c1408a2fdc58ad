//! Writes a table as CSV.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use flate2::{Compression, write::GzEncoder};

use crate::error::{Error, Result};

use super::super::{Column, Table, spelling};
use super::options::MISSING_MARKERS;

impl Table {
    /// Writes the table to a CSV file with a header, compressed with gzip if the name ends in `.gz`.
    ///
    /// The defaults of [`CsvOptions`](super::CsvOptions) read the same table back, with these exceptions: a column without any
    /// value becomes one of missing numbers; a column of integers becomes one of numbers, or of strings if an `f64` would round
    /// a value; a column of dates, which are written in ISO 8601, becomes one of strings. Declare the latter two with `integers`
    /// and `dates` to restore them.
    ///
    /// Numbers are written with as many digits as are needed to read the same `f64`. A missing value is an empty field, or `NA`
    /// if the table has one column. Strings are quoted if CSV requires it. If a string of a column would be read as missing, or
    /// all of them as numbers or booleans, all strings and the name of the column are quoted. Names that look like numbers or have spaces
    /// around them are also quoted. If then all names are quoted, an empty line follows the header, which other programs skip.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] if the file cannot be written.
    pub fn write_csv(&self, path: impl AsRef<Path>) -> Result<()> {
        self.write_file(path.as_ref())
    }

    fn write_file(&self, path: &Path) -> Result<()> {
        let io = |source| Error::Io { path: path.to_owned(), source };
        let mut file = BufWriter::new(File::create(path).map_err(io)?);
        if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("gz")) {
            let mut packed = GzEncoder::new(file, Compression::default());
            self.write(&mut packed).map_err(io)?;
            packed.finish().and_then(|mut file| file.flush()).map_err(io)
        } else {
            self.write(&mut file).map_err(io)
        }
    }

    /// Writes the table as CSV to any writer.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] with the error of the writer.
    pub fn write_csv_to(&self, output: impl Write) -> Result<()> {
        self.write(&mut BufWriter::new(output)).map_err(|source| Error::Io { path: "CSV output".into(), source })
    }

    fn write(&self, output: &mut dyn Write) -> io::Result<()> {
        if self.columns.is_empty() {
            return Ok(());
        }
        let marked: Vec<bool> =
            self.iter().map(|(name, column)| is_ambiguous_name(name) || is_ambiguous(column)).collect();
        // For each column, whether its dates are written with the time of day.
        let timed: Vec<bool> =
            self.iter().map(|(_, column)| matches!(column, Column::DateTime(values) if !values.are_dates())).collect();
        let missing = missing_field(self.columns.len());
        write_names(output, &self.names, &marked)?;
        for row in 0..self.rows {
            for (index, column) in self.columns.iter().enumerate() {
                separate(output, index)?;
                match column.as_ref() {
                    Column::Number(values) if values[row].is_nan() => output.write_all(missing.as_bytes())?,
                    Column::Number(values) => write_number(output, values[row])?,
                    Column::Integer(values) => match values.get(row) {
                        Some(value) => write!(output, "{value}")?,
                        None => output.write_all(missing.as_bytes())?,
                    },
                    Column::DateTime(values) => match values.get(row) {
                        Some(at) => {
                            let mut written = String::new();
                            at.write(&mut written, timed[index]).map_err(io::Error::other)?;
                            output.write_all(written.as_bytes())?;
                        }
                        None => output.write_all(missing.as_bytes())?,
                    },
                    Column::Boolean(values) => match values.get(row) {
                        Some(value) => write!(output, "{value}")?,
                        None => output.write_all(missing.as_bytes())?,
                    },
                    Column::String(strings) => match strings.get(row) {
                        Some(text) if marked[index] || needs_quotes(text) => write_quoted(output, text)?,
                        Some(text) => output.write_all(text.as_bytes())?,
                        None => output.write_all(missing.as_bytes())?,
                    },
                }
            }
            output.write_all(b"\n")?;
        }
        output.flush()
    }
}

/// Writes the header. The name of a marked column is quoted, which means that all of its strings are quoted too.
pub(super) fn write_names(output: &mut dyn Write, names: &[String], marked: &[bool]) -> io::Result<()> {
    let mut has_plain_name = false;
    for (index, name) in names.iter().enumerate() {
        separate(output, index)?;
        let quoted = marked[index] || needs_quotes(name) || looks_like_several(name);
        has_plain_name |= !quoted;
        if quoted { write_quoted(output, name)? } else { output.write_all(name.as_bytes())? }
    }
    output.write_all(b"\n")?;
    // Quotes have this meaning only if another name is not quoted, and an empty name is recognized only with the empty line.
    match marked.contains(&true) && (!has_plain_name || names.iter().any(String::is_empty)) {
        true => output.write_all(b"\n"),
        false => Ok(()),
    }
}

/// The field for a missing value in a table with this many columns. With one column an empty field would be an empty line, which
/// readers skip.
pub(super) fn missing_field(columns: usize) -> &'static str {
    if columns == 1 { "NA" } else { "" }
}

pub(super) fn separate(output: &mut dyn Write, index: usize) -> io::Result<()> {
    if index > 0 { output.write_all(b",") } else { Ok(()) }
}

pub(super) fn write_quoted(output: &mut dyn Write, text: &str) -> io::Result<()> {
    write!(output, "\"{}\"", text.replace('"', "\"\""))
}

/// Writes the shortest decimal form of a number; large numbers with an exponent, since whole numbers with many digits would be read as
/// identifiers.
pub(super) fn write_number(output: &mut dyn Write, number: f64) -> io::Result<()> {
    let size = number.abs();
    match size.is_finite() && (size >= 1e16 || (size > 0.0 && size < 1e-5)) {
        true => write!(output, "{number:e}"),
        false => write!(output, "{number}"),
    }
}

/// Whether a field has to be quoted, because of its own content or because of how readers detect the format of the file.
pub(super) fn needs_quotes(text: &str) -> bool {
    text.starts_with('\u{feff}') || text.contains([',', '"', '\n', '\r', '\0', '\u{1a}'])
}

/// Whether the only name of a table would be read as several names with another delimiter.
fn looks_like_several(name: &str) -> bool {
    name.contains([';', '\t', '|']) || name.split_ascii_whitespace().all(|word| spelling::number(word).is_some())
}

/// Whether a name would be read as a different name or as a value.
pub(super) fn is_ambiguous_name(name: &str) -> bool {
    name.is_empty() || name.trim() != name || spelling::number(name).is_some()
}

/// Whether a string would be read as a number; whole numbers that are not exact in `f64` would not.
fn is_number(text: &str) -> bool {
    spelling::number(text).is_some_and(|number| spelling::is_exact(text.trim_ascii(), number))
}

/// Whether a string of the column would be read as missing, or all of them as numbers or booleans.
fn is_ambiguous(column: &Column) -> bool {
    let Column::String(strings) = column else { return false };
    let categories = strings.categories();
    let is_missing = |text: &&str| MISSING_MARKERS.contains(&text.trim_ascii());
    let all = |fits: fn(&str) -> bool| !categories.is_empty() && categories.iter().all(|text| fits(text));
    categories.iter().any(is_missing) || all(is_number) || all(|text| spelling::boolean(text).is_some())
}

#[cfg(test)]
mod tests {
    use super::super::CsvOptions;
    use super::*;
    use crate::preprocessing::{BooleanColumn, StringColumn};
    use crate::{Random, random_cases};
    use rand::RngExt;

    fn written(table: &Table) -> Vec<u8> {
        let mut written = Vec::new();
        table.write_csv_to(&mut written).unwrap();
        written
    }

    /// Writes a table, reads it back, and compares names, types, missing values and the bits of all others.
    fn check(table: &Table) -> std::result::Result<(), String> {
        let bytes = written(table);
        let shown = String::from_utf8_lossy(&bytes).into_owned();
        let back = CsvOptions::new().read_from(&bytes[..], "back").map_err(|error| format!("{error}\n{shown}"))?;
        if back.names() != table.names() || back.nrows() != table.nrows() {
            return Err(format!("{:?}, {} rows of\n{shown}", back.names(), back.nrows()));
        }
        for ((name, column), (_, again)) in table.iter().zip(back.iter()) {
            let same = match (column, again) {
                (column, Column::Number(values)) if column.missing() == column.len() => {
                    values.iter().all(|value| value.is_nan())
                }
                (Column::Number(a), Column::Number(b)) => {
                    a.iter().zip(b).all(|(a, b)| a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan()))
                }
                (Column::Boolean(a), Column::Boolean(b)) => a.iter().eq(b.iter()),
                (Column::String(a), Column::String(b)) => a.iter().eq(b.iter()),
                _ => false,
            };
            if !same {
                return Err(format!("{name:?}: {column:?} became {again:?} by\n{shown}"));
            }
        }
        Ok(())
    }

    #[test]
    fn written_tables_are_read_back_unchanged() {
        let numbers =
            [0.1 + 0.2, f64::NAN, -1e300, 7.0, 9_007_199_254_740_994.0, 1e16, 5e-324, f64::NEG_INFINITY, -0.0];
        let table = Table::new().with_numbers("n", numbers).unwrap();
        let strings = ["a,b", "\"", "line\nbreak", "x", " y ", "\r", "\0", "#", "\u{feff}"];
        let table = table.with_strings("t, quoted", strings).unwrap();
        check(&table).unwrap();
    }

    #[test]
    fn integers_and_dates_read_back_where_they_are_declared() {
        let integers: crate::preprocessing::IntegerColumn =
            [Some(i64::MIN), None, Some(i64::MAX)].into_iter().collect();
        let dates = |texts: [&str; 2]| {
            let of = texts.map(|text| Some(text.parse().unwrap()));
            [of[0], None, of[1]].into_iter().collect::<crate::preprocessing::DateTimeColumn>()
        };
        let table = Table::new().with_column("id", integers).unwrap();
        let table = table.with_column("day", dates(["2024-02-29", "-0044-03-15"])).unwrap();
        let table = table.with_column("at", dates(["2024-02-29", "2024-02-29T18:30:00.000001"])).unwrap();
        let lines = [
            "id,day,at",
            "-9223372036854775808,2024-02-29,2024-02-29T00:00:00",
            ",,",
            "9223372036854775807,-0044-03-15,2024-02-29T18:30:00.000001",
        ];
        assert_eq!(String::from_utf8(written(&table)).unwrap().lines().collect::<Vec<_>>(), lines);
        let options = CsvOptions::new().integers(["id"]).dates(["day", "at"]);
        let back = options.read_from(&written(&table)[..], "back").unwrap();
        assert!(back.integers("id").unwrap().iter().eq(table.integers("id").unwrap().iter()));
        for name in ["day", "at"] {
            assert!(back.date_times(name).unwrap().iter().eq(table.date_times(name).unwrap().iter()));
        }
        check(&table.select(["id"]).unwrap().with_column("id", vec![1.0, f64::NAN, 2.0]).unwrap()).unwrap();
    }

    #[test]
    fn strings_that_look_like_something_else_stay_strings() {
        let column =
            |strings: &[&str]| Column::String(strings.iter().map(|text| Some(*text)).collect::<StringColumn>());
        for strings in [
            &["NA", "null", "", "x"][..],
            &["04109", "00501"],
            &["1e5", "inf"],
            &["true", "False"],
            &["  ", "x"],
            &["1", "x"],
            &["1\n"],
            &["1925036343869802844", "1925036343869802845"],
            &["\u{1a}"],
        ] {
            check(&Table::new().with_column("only", column(strings)).unwrap()).unwrap();
            let table = Table::new().with_column("t", column(strings)).unwrap();
            check(&table.with_numbers("n", (0..strings.len()).map(|row| row as f64)).unwrap()).unwrap();
        }
        let missing: StringColumn = [Some("NA"), None, Some("7")].into_iter().collect();
        check(&Table::new().with_column("t", missing).unwrap()).unwrap();
    }

    #[test]
    fn names_that_look_like_something_else_stay_names() {
        for name in
            ["1.5", "2", "-inf", "", " a", "a;b", "a\tb", "1 1", "unnamed_0", "a,b", "\"", "\u{feff}", "true", "NA"]
        {
            let single = Table::new().with_numbers(name, [1.0, f64::NAN]).unwrap();
            check(&single).unwrap();
            check(&single.with_strings("t", ["04109", "1"]).unwrap()).unwrap();
            check(&Table::new().with_strings(name, ["04109", "1"]).unwrap()).unwrap();
            check(&Table::new().with_strings("0", ["04109"]).unwrap().with_numbers(name, [1.0]).unwrap()).unwrap();
        }
    }

    #[test]
    fn ordinary_tables_are_written_plainly() {
        let owner: BooleanColumn = [Some(true), None].into_iter().collect();
        let table =
            Table::new().with_strings("home", ["OWN", "a \"b\", c"]).unwrap().with_column("owner", owner).unwrap();
        let table = table.with_numbers("rate", [7.5, 1e21]).unwrap();
        assert_eq!(written(&table), b"home,owner,rate\nOWN,true,7.5\n\"a \"\"b\"\", c\",,1e21\n");
        let identifiers = ["1925036343869802844", "1"];
        assert_eq!(written(&Table::new().with_strings("id", identifiers).unwrap()), b"id\n1925036343869802844\n1\n");
        let zips = Table::new().with_strings("zip", ["04109", "00501"]).unwrap();
        assert_eq!(written(&zips), b"\"zip\"\n\n\"04109\"\n\"00501\"\n");
        let zips = zips.with_numbers("n", [1.0, 2.0]).unwrap();
        assert_eq!(written(&zips), b"\"zip\",n\n\"04109\",1\n\"00501\",2\n");
    }

    #[test]
    fn a_single_missing_column_keeps_its_rows() {
        let table = Table::new().with_numbers("n", [f64::NAN, 1.0, f64::NAN]).unwrap();
        let path = std::env::temp_dir().join(format!("perceptra-{}.csv.gz", std::process::id()));
        table.write_csv(&path).unwrap();
        let back = Table::read_csv(&path).unwrap();
        std::fs::remove_file(&path).unwrap();
        assert_eq!(back.nrows(), 3);
        assert_eq!(back.numbers("n").unwrap()[1], 1.0);
    }

    /// A random string: some have a special meaning for readers.
    fn string(random: &mut Random) -> String {
        let known = [
            "",
            "NA",
            "04109",
            "1e5",
            "true",
            "FALSE",
            "1.5",
            " ",
            "x",
            "-",
            "inf",
            "9007199254740993",
            "\u{1a}",
            "1;2",
        ];
        match random.random() {
            true => (*random_cases::one_of(random, &known)).into(),
            false => random_cases::string(random, "a1 ,\"\n\r;#\t.\u{feff}é\0-", 5),
        }
    }

    fn number(random: &mut Random) -> f64 {
        match random.random_range(0..4) {
            0 => f64::from_bits(random.random()),
            1 => random.random_range(-9_i32..99).into(),
            2 => f64::NAN,
            _ => 1e18,
        }
    }

    fn column(random: &mut Random, rows: usize) -> Column {
        match random.random_range(0..3) {
            0 => Column::Number((0..rows).map(|_| number(random)).collect()),
            1 => Column::Boolean(
                (0..rows).map(|_| *random_cases::one_of(random, &[None, Some(false), Some(true)])).collect(),
            ),
            _ => Column::String((0..rows).map(|_| random.random_bool(0.8).then(|| string(random))).collect()),
        }
    }

    #[test]
    fn any_table_reads_back() {
        random_cases::check(2000, |random| {
            let (rows, columns) = (random.random_range(0..4), random.random_range(1..4));
            let table = (0..columns).fold(Table::new(), |table, _| {
                let name = string(random);
                table.with_column(name, column(random, rows)).unwrap()
            });
            if let Err(reason) = check(&table) {
                panic!("{reason}");
            }
        });
    }
}
