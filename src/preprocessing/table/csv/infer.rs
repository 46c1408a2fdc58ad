//! Type inference for CSV columns while they are read.

use super::super::column::StringBuilder;
use super::super::date_time::DateFormat;
use super::super::optional_integers::OptionalIntegers;
use super::super::{Column, spelling};
use super::notation::Notation;
use super::options::DeclaredType;
use crate::error::Result as CrateResult;

/// The fields that represent a missing value. `first` states which bytes a marker begins with, so that most fields need no comparison.
pub(super) struct Markers {
    markers: Vec<Vec<u8>>,
    first: [bool; 256],
    /// The values of the markers that are numbers: in a column of numbers any spelling of such a value is missing.
    numbers: Vec<f64>,
}

impl Markers {
    pub(super) fn new(markers: &[String], notation: &Notation) -> Markers {
        let markers: Vec<Vec<u8>> = markers.iter().map(|marker| marker.as_bytes().trim_ascii().to_vec()).collect();
        let mut first = [false; 256];
        for byte in markers.iter().filter_map(|marker| marker.first()) {
            first[usize::from(*byte)] = true;
        }
        let numbers = markers.iter().filter_map(|marker| notation.parse(marker)).map(|numeral| numeral.value);
        Markers { first, numbers: numbers.collect(), markers }
    }

    pub(super) fn contains(&self, field: &[u8]) -> bool {
        let field = field.trim_ascii();
        match field.first() {
            None => true,
            Some(&byte) => self.first[usize::from(byte)] && self.markers.iter().any(|marker| marker == field),
        }
    }
}

/// Why a field does not fit its column.
pub(super) enum Refused {
    NotUtf8,
    NotANumber,
    NotAnInteger,
    NotABoolean,
    /// With an example of a valid date.
    NotADate(String),
}

/// The rules by which a field is parsed: markers of missing values and number notation.
pub(super) struct FieldRules {
    pub(super) markers: Markers,
    pub(super) notation: Notation,
}

impl FieldRules {
    /// The number in a field, NaN if a marker has this value. `None` for a field that is not a number, or, unless `rounded`, for an integer
    /// that an `f64` would round.
    pub(super) fn number(&self, field: &[u8], rounded: bool) -> Option<f64> {
        let numeral = self.notation.parse(field).filter(|numeral| numeral.exact || rounded)?;
        let marked = !self.markers.numbers.is_empty() && self.markers.numbers.contains(&numeral.value);
        Some(if marked { f64::NAN } else { numeral.value })
    }

    /// The integer in a field, `Some(None)` if a marker has this value; `None` for a field that is not an integer.
    fn integer(&self, field: &[u8]) -> Option<Option<i64>> {
        let integer = self.notation.integer(field)?;
        Some((!self.markers.numbers.contains(&(integer as f64))).then_some(integer))
    }
}

/// The type inferred from the values of a column so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum InferredType {
    /// Only missing values so far.
    Nothing,
    Numbers,
    Booleans,
    Strings,
}

impl InferredType {
    /// The type of a column whose two parts have these types.
    pub(super) fn and(self, later: InferredType) -> InferredType {
        match (self, later) {
            (InferredType::Nothing, other) | (other, InferredType::Nothing) => other,
            (one, other) if one == other => one,
            _ => InferredType::Strings,
        }
    }

    /// The type with which a column of this inferred type is declared.
    pub(super) fn declared(self) -> DeclaredType {
        match self {
            InferredType::Nothing | InferredType::Numbers => DeclaredType::Number,
            InferredType::Booleans => DeclaredType::Boolean,
            InferredType::Strings => DeclaredType::Strings,
        }
    }
}

/// A column that is being read.
pub(super) struct ColumnBuilder {
    values: Values,
    /// Whether its type was declared: a field of another type is then an error, and otherwise makes the column one of strings.
    declared: bool,
}

enum Values {
    /// Only missing values so far, with their number.
    Undecided(usize),
    Number(Vec<f64>),
    Integer(OptionalIntegers),
    Boolean(Vec<Option<bool>>),
    DateTime(OptionalIntegers, DateFormat),
    Strings(StringBuilder),
    /// Numbers or booleans up to a field of another type. The column must be read again as strings, since the spelling of the earlier
    /// fields was not kept.
    Reread,
}

impl ColumnBuilder {
    pub(super) fn undecided() -> ColumnBuilder {
        ColumnBuilder { values: Values::Undecided(0), declared: false }
    }

    pub(super) fn declared(kind: &DeclaredType) -> CrateResult<ColumnBuilder> {
        let values = match kind {
            DeclaredType::Number => Values::Number(Vec::new()),
            DeclaredType::Integer => Values::Integer(OptionalIntegers::default()),
            DeclaredType::Boolean => Values::Boolean(Vec::new()),
            DeclaredType::Date(None) => Values::DateTime(OptionalIntegers::default(), DateFormat::Iso),
            DeclaredType::Date(Some(format)) => Values::DateTime(OptionalIntegers::default(), DateFormat::new(format)?),
            DeclaredType::Strings => Values::Strings(StringBuilder::default()),
        };
        Ok(ColumnBuilder { values, declared: true })
    }

    /// Creates a column of strings.
    pub(super) fn strings() -> ColumnBuilder {
        ColumnBuilder { values: Values::Strings(StringBuilder::default()), declared: true }
    }

    /// Whether the column must be read again as strings.
    pub(super) fn is_to_reread(&self) -> bool {
        matches!(self.values, Values::Reread)
    }

    /// The inferred type, for a column whose type was not declared.
    pub(super) fn inferred(&self) -> InferredType {
        match &self.values {
            Values::Undecided(_) => InferredType::Nothing,
            Values::Number(_) | Values::Integer(_) => InferredType::Numbers,
            Values::Boolean(_) => InferredType::Booleans,
            Values::DateTime(..) | Values::Strings(_) | Values::Reread => InferredType::Strings,
        }
    }

    /// Adds the field of the next row. `text` states that its quotes mark it as a string, which matters only for undeclared types.
    pub(super) fn push(&mut self, field: &[u8], text: bool, rules: &FieldRules) -> Result<(), Refused> {
        // For a declared type, quotes have no effect.
        let text = text && (!self.declared || matches!(self.values, Values::Strings(_)));
        if !text && rules.markers.contains(field) {
            self.push_missing();
            return Ok(());
        }
        match &mut self.values {
            Values::Undecided(rows) => {
                let rows = *rows;
                let number = if text { None } else { rules.number(field, false) };
                let boolean = || if text { None } else { boolean(field) };
                self.values = if let Some(number) = number {
                    let mut numbers = vec![f64::NAN; rows];
                    numbers.push(number);
                    Values::Number(numbers)
                } else if let Some(boolean) = boolean() {
                    let mut booleans = vec![None; rows];
                    booleans.push(Some(boolean));
                    Values::Boolean(booleans)
                } else {
                    let mut strings = StringBuilder::default();
                    strings.push_missing(rows);
                    strings.push(utf8(field)?);
                    Values::Strings(strings)
                };
            }
            Values::Number(numbers) => {
                let number = if text { None } else { rules.number(field, self.declared) };
                match number {
                    Some(number) => numbers.push(number),
                    None => self.refuse(field, Refused::NotANumber)?,
                }
            }
            Values::Integer(integers) => match rules.integer(field) {
                Some(integer) => integers.push(integer),
                None => self.refuse(field, Refused::NotAnInteger)?,
            },
            Values::DateTime(values, format) => match format.parse(utf8(field)?) {
                Some(at) => values.push(Some(at.microseconds())),
                None => return Err(Refused::NotADate(format.example())),
            },
            Values::Boolean(booleans) => {
                let boolean = if text { None } else { boolean(field) };
                let digit = || match field.trim_ascii() {
                    b"1" if self.declared => Some(true),
                    b"0" if self.declared => Some(false),
                    _ => None,
                };
                match boolean.or_else(digit) {
                    Some(boolean) => booleans.push(Some(boolean)),
                    None => self.refuse(field, Refused::NotABoolean)?,
                }
            }
            Values::Strings(strings) => strings.push(utf8(field)?),
            Values::Reread => {}
        }
        Ok(())
    }

    /// Adds a missing value for a row without this field.
    pub(super) fn push_missing(&mut self) {
        match &mut self.values {
            Values::Undecided(rows) => *rows += 1,
            Values::Number(numbers) => numbers.push(f64::NAN),
            Values::Integer(values) | Values::DateTime(values, _) => values.push(None),
            Values::Boolean(booleans) => booleans.push(None),
            Values::Strings(strings) => strings.push_missing(1),
            Values::Reread => {}
        }
    }

    /// Keeps only the first `rows` rows.
    pub(super) fn truncate(&mut self, rows: usize) {
        match &mut self.values {
            Values::Undecided(count) => *count = rows.min(*count),
            Values::Number(numbers) => numbers.truncate(rows),
            Values::Integer(values) | Values::DateTime(values, _) => values.truncate(rows),
            Values::Boolean(booleans) => booleans.truncate(rows),
            Values::Strings(strings) => strings.truncate(rows),
            Values::Reread => {}
        }
    }

    /// Handles a field that is not of the column's type: an error if the type was declared, otherwise the column is read again as strings.
    fn refuse(&mut self, field: &[u8], reason: Refused) -> Result<(), Refused> {
        utf8(field)?;
        if self.declared {
            return Err(reason);
        }
        self.values = Values::Reread;
        Ok(())
    }

    pub(super) fn finish(self) -> Column {
        match self.values {
            Values::Undecided(rows) => Column::Number(vec![f64::NAN; rows]),
            Values::Number(numbers) => Column::Number(numbers),
            Values::Integer(integers) => Column::Integer(integers.into()),
            Values::DateTime(values, _) => Column::DateTime(values.into()),
            Values::Boolean(booleans) => Column::Boolean(booleans.into_iter().collect()),
            Values::Strings(strings) => Column::String(strings.finish()),
            Values::Reread => Column::Number(Vec::new()),
        }
    }
}

fn utf8(field: &[u8]) -> Result<&str, Refused> {
    std::str::from_utf8(field).map_err(|_| Refused::NotUtf8)
}

pub(super) fn boolean(field: &[u8]) -> Option<bool> {
    spelling::boolean(std::str::from_utf8(field).ok()?)
}

#[cfg(test)]
mod tests {
    use super::super::CsvOptions;
    use super::super::testing::{message, read, strings, with};
    use super::*;

    #[test]
    fn markers_are_compared_whole_and_without_spaces() {
        let notation = Notation::of(&CsvOptions::new()).unwrap();
        let markers = Markers::new(&["NA".to_owned(), "-999".to_owned(), " ? ".to_owned()], &notation);
        assert!(
            markers.contains(b"") && markers.contains(b" NA ") && markers.contains(b"-999") && markers.contains(b"?")
        );
        assert!(!markers.contains(b"na") && !markers.contains(b"-9990") && !markers.contains(b"N"));
        assert_eq!(markers.numbers, [-999.0]);
    }

    #[test]
    fn types_are_inferred_column_by_column() {
        let table = read("a,b,c,d\n1,x,,7\nNA, y,,1e3\n 2.5 ,3,NaN,x\n").unwrap();
        assert_eq!(table.number_names(), ["a", "c"]);
        let a = table.numbers("a").unwrap();
        assert_eq!((a[0], a[1].is_nan(), a[2]), (1.0, true, 2.5));
        assert_eq!(table.strings("b").unwrap().iter().collect::<Vec<_>>(), [Some("x"), Some(" y"), Some("3")]);
        // Read as text a second time: the spelling is kept.
        assert_eq!(table.strings("d").unwrap().iter().collect::<Vec<_>>(), [Some("7"), Some("1e3"), Some("x")]);
        assert_eq!(table.column("c").unwrap().missing(), 3);
    }

    #[test]
    fn booleans_are_a_type() {
        let table = read("a,b,c,d,e\nTrue,true,1,true,yes\nFALSE,,0,x,no\n").unwrap();
        let kinds: Vec<&str> = table.iter().map(|(_, column)| column.kind()).collect();
        assert_eq!(kinds, ["booleans", "booleans", "numbers", "strings", "strings"]);
        assert_eq!(table.booleans("b").unwrap().iter().collect::<Vec<_>>(), [Some(true), None]);
        assert_eq!(table.numbers("a").unwrap(), [1.0, 0.0]);
        assert_eq!(strings(&table, "d"), [Some("true".into()), Some("x".into())]);
        let declared = with(CsvOptions::new().booleans(["c"]), "c\n1\nTrue\n0\nNA\n").unwrap();
        assert_eq!(
            declared.booleans("c").unwrap().iter().collect::<Vec<_>>(),
            [Some(true), Some(true), Some(false), None]
        );
        let wrong = message(with(CsvOptions::new().booleans(["c"]), "c\n1\n2\n"));
        assert!(wrong.starts_with("f.csv, line 3, column \"c\": \"2\" is not a boolean"), "{wrong}");
    }

    #[test]
    fn integers_that_are_declared_keep_their_digits() {
        let ids = || CsvOptions::new().integers(["id"]);
        let text = "id,n\n1925036343869802845,1\n\"-9223372036854775808\",2\nNA,3\n +7.00 ,4\n9007199254740993.0,5\n";
        let table = with(ids(), text).unwrap();
        let expected = [Some(1_925_036_343_869_802_845), Some(i64::MIN), None, Some(7), Some(9_007_199_254_740_993)];
        assert!(table.integers("id").unwrap().iter().eq(expected));
        assert_eq!(table.column("n").unwrap().kind(), "numbers", "nothing is inferred");
        let german = ids().delimiter(';').decimal(',').thousands('.').missing(["-999"]);
        let table = with(german, "id;n\n1.925.036.343.869.802.845;1\n-999;1\n12,0;1\n").unwrap();
        assert!(table.integers("id").unwrap().iter().eq([Some(1_925_036_343_869_802_845), None, Some(12)]));
        for field in ["1.5", "1e3", "x", "9223372036854775808", "1,000", "-", "."] {
            let error = message(with(ids(), format!("id,n\n\"{field}\",1\n")));
            assert!(
                error.starts_with(&format!("f.csv, line 2, column \"id\": \"{field}\" is not an integer")),
                "{error}"
            );
        }
    }

    #[test]
    fn dates_that_are_declared_are_read() {
        let at = |text: &str| Some(text.parse().unwrap());
        let text = "a,b,c\n2024-02-29,29.02.2024 18:30,2024-02-29\n\"2024-02-29 18:30:00\",NA,x\n,1.3.2024 00:00,\n";
        let options = || CsvOptions::new().dates(["a"]).date_format("%d.%m.%Y %H:%M", ["b"]);
        let table = with(options(), text).unwrap();
        assert!(table.date_times("a").unwrap().iter().eq([at("2024-02-29"), at("2024-02-29T18:30:00"), None]));
        assert!(table.date_times("b").unwrap().iter().eq([at("2024-02-29T18:30:00"), None, at("2024-03-01")]));
        assert_eq!(table.column("c").unwrap().kind(), "strings");
        assert_eq!(read("a\n2024-02-29\n").unwrap().column("a").unwrap().kind(), "strings", "nothing is inferred");
        let error = message(with(options(), "a,b\n2024-02-29,30.02.2024 18:30\n"));
        let expected = "f.csv, line 2, column \"b\": \"30.02.2024 18:30\" is not a date: expected \"%d.%m.%Y %H:%M\"";
        assert!(error.starts_with(expected), "{error}");
        assert!(message(with(options(), "a,b\n29.02.2024,\n")).contains("CsvOptions::date_format"));
        assert!(message(with(CsvOptions::new().date_format("%d", ["a"]), "a\n1\n")).contains("a format with a year"));
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
    fn quotes_mark_strings_only_if_the_header_marks_the_column() {
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
        assert_eq!(with(CsvOptions::new().quoted_strings(false), mixed).unwrap().number_names(), ["a", "b"]);
        assert_eq!(with(CsvOptions::new().quoted_strings(true), "a,b\n\"1\",2\n").unwrap().number_names(), ["b"]);
        assert_eq!(with(CsvOptions::new().numbers(["a"]), "\"a\",b\n\"1\",2\n").unwrap().numbers("a").unwrap(), [1.0]);
        // Row numbers under an empty name in quotes are numbers.
        assert_eq!(read("\"\",a\n\"1\",x\n").unwrap().number_names(), ["unnamed_0"]);
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
}
