//! The options of reading a CSV file.

/// The default markers of missing values; they are case-sensitive.
pub(super) const MISSING_MARKERS: [&str; 14] =
    ["", "NA", "N/A", "n/a", "NaN", "nan", "-NaN", "-nan", "NULL", "null", "None", "#N/A", "#NA", "<NA>"];

/// The size that a compressed file may unfold to by default.
const UNFOLDED: u64 = 1 << 30;

/// The options of reading a CSV file.
///
/// | option | default | |
/// |---|---|---|
/// | [`delimiter`](Self::delimiter) | `,` | the separator of fields |
/// | [`quote`](Self::quote) | `"` | the quotation mark around fields that contain a delimiter |
/// | [`comment`](Self::comment) | none | the first character of lines that are skipped |
/// | [`trim`](Self::trim) | `false` | whether spaces around fields are removed |
/// | [`encoding`](Self::encoding) | UTF-8, or that of a byte order mark | the encoding of characters |
/// | [`skip_lines`](Self::skip_lines) | 0 | lines before the header |
/// | [`header`](Self::header) | [`Header::Detect`] | whether the first line holds the names |
/// | [`column_names`](Self::column_names) | those of the header | the names |
/// | [`row_names`](Self::row_names) | none | the name of a first column that the header leaves out |
/// | [`duplicate_names`](Self::duplicate_names) | [`DuplicateNames::Error`] | the treatment of duplicate names |
/// | [`missing`](Self::missing) | the empty field, `NA`, `N/A`, `n/a`, `NaN`, `nan`, `-NaN`, `-nan`, `NULL`, `null`, `None`, `#N/A`, `#NA`, `<NA>` | the fields that represent a missing value |
/// | [`numbers`](Self::numbers), [`integers`](Self::integers), [`booleans`](Self::booleans), [`dates`](Self::dates), [`strings`](Self::strings) | inferred | the types of columns |
/// | [`date_format`](Self::date_format) | none | columns of dates in a format other than ISO 8601 |
/// | [`decimal`](Self::decimal) | `.` | the sign before the decimals of a number |
/// | [`thousands`](Self::thousands) | none | the sign between groups of three digits |
/// | [`quoted_strings`](Self::quoted_strings) | as in the header | whether a field in quotes is a string |
/// | [`ragged`](Self::ragged) | [`Ragged::Error`] | the treatment of rows that are too short or too long |
/// | [`max_unfolded`](Self::max_unfolded) | 1 GiB | the largest uncompressed size of a compressed file |
///
/// The file may be compressed with gzip, which is found by its first bytes and not by its name. Lines end with a line feed, a
/// carriage return or both. Fields may be quoted; spaces around a number, a boolean or a missing marker do not count. A last
/// line of nothing but Ctrl-Z, the end-of-file mark of DOS, does not count either.
///
/// # Types
///
/// A column is one of numbers if every value that is not missing reads as a number, one of booleans if every one is `true`,
/// `True` or `TRUE` or the same of `false`, and text otherwise; one without any value is a column of missing numbers. A column
/// with a whole number that an `f64` cannot hold to the last digit, such as identifiers above 2⁵³, is text, so that none is
/// changed; declared as numbers it is rounded, and declared as integers it keeps its digits. Integers and dates are never inferred: whole
/// numbers are numbers and dates are text unless their columns are declared.
///
/// As a rule quotes have no bearing on the type, since many programs put every field in quotes. They do in a column whose
/// name is quoted in a header that has names without quotes, and in all columns if an empty line follows the header: a quoted
/// field is text there, never missing and never a number (unless it needs its quotes for a delimiter that it holds). No
/// other program is known to write such headers; [`Table::write_csv`](super::super::Table::write_csv) writes them where strings
/// would otherwise come back as something else.
///
/// # Header
///
/// A header field without a name is called `unnamed_0` after its position, as in files written with an index; those at
/// the end that the first row has no fields for are left out. With [`Header::Detect`] a first line is taken for a row, and
/// refused as a header, if all its fields are numbers or empty, if one is a number with decimals, or if a name comes twice. A
/// row that escapes these signs becomes the header.
///
/// ```
/// use perceptra::preprocessing::CsvOptions;
///
/// let file = "zip;rate\n04109;7,5\n80331;?\n";
/// let options = CsvOptions::new().delimiter(';').decimal(',').missing(["?"]).strings(["zip"]);
/// let table = options.read_from(file.as_bytes(), "loans.csv")?;
/// assert_eq!(table.strings("zip")?.get(0), Some("04109"));
/// assert_eq!(table.numbers("rate")?[0], 7.5);
/// assert!(table.numbers("rate")?[1].is_nan());
/// # Ok::<(), perceptra::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct CsvOptions {
    pub(super) delimiter: Option<Delimiter>,
    pub(super) quote: Option<char>,
    pub(super) comment: Option<char>,
    pub(super) trim: bool,
    pub(super) encoding: Option<String>,
    pub(super) skip_lines: usize,
    pub(super) header: Header,
    pub(super) names: Option<Vec<String>>,
    pub(super) row_names: Option<String>,
    pub(super) duplicate_names: DuplicateNames,
    pub(super) missing: Vec<String>,
    pub(super) declared: Vec<(String, DeclaredType)>,
    pub(super) decimal: char,
    pub(super) thousands: Option<char>,
    pub(super) quoted_strings: Option<bool>,
    pub(super) ragged: Ragged,
    pub(super) unfolded: u64,
}

/// The separator of the fields of a CSV file; a character converts into it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Delimiter {
    /// This character, one of ASCII other than a quote or a line break.
    Character(char),
    /// Any number of spaces and tabs; those at the beginning and end of a line do not count.
    Whitespace,
}

impl From<char> for Delimiter {
    fn from(character: char) -> Delimiter {
        Delimiter::Character(character)
    }
}

/// The lines of a CSV file with the names of its columns; `true` converts to one line, `false` to none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Header {
    /// The first line, which must not look like a row. With [`CsvOptions::column_names`] the first line is a row.
    #[default]
    Detect,
    /// This many first lines, whatever they hold. The parts of a name that are on several lines are joined by `_`.
    Lines(usize),
    /// Nowhere: the first line is a row. Without [`CsvOptions::column_names`] the columns are called `column_0`, `column_1`, ….
    None,
}

impl From<bool> for Header {
    fn from(has_header: bool) -> Header {
        if has_header { Header::Lines(1) } else { Header::None }
    }
}

/// The treatment of duplicate names in the header of a CSV file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum DuplicateNames {
    /// An error that names it.
    #[default]
    Error,
    /// The further ones get a number: `x`, `x_1`, `x_2`, past the names that the header has.
    Number,
}

/// The treatment of rows of a CSV file with fewer or more fields than there are columns.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Ragged {
    /// An error that names the line.
    #[default]
    Error,
    /// Fields that a short row lacks are missing values, which use memory; a long row is an error.
    Fill,
    /// Fields that a short row lacks are missing values; excess fields of a long row are dropped.
    FillAndTruncate,
    /// Such rows are left out, as footers and lines of text between the rows are.
    Skip,
}

/// A type that was declared.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum DeclaredType {
    Number,
    Integer,
    Boolean,
    /// In ISO 8601, or in a format that is not checked yet.
    Date(Option<String>),
    Strings,
}

impl Default for CsvOptions {
    fn default() -> CsvOptions {
        CsvOptions {
            delimiter: None,
            quote: Some('"'),
            comment: None,
            trim: false,
            encoding: None,
            skip_lines: 0,
            header: Header::Detect,
            names: None,
            row_names: None,
            duplicate_names: DuplicateNames::Error,
            missing: MISSING_MARKERS.map(str::to_owned).to_vec(),
            declared: Vec::new(),
            decimal: '.',
            thousands: None,
            quoted_strings: None,
            ragged: Ragged::Error,
            unfolded: UNFOLDED,
        }
    }
}

impl CsvOptions {
    /// The defaults.
    pub fn new() -> CsvOptions {
        CsvOptions::default()
    }

    /// Sets the separator of fields: an ASCII character or [`Delimiter::Whitespace`]. Defaults to `,`.
    ///
    /// A file of a single column whose name holds `;`, `|` or a tab is an error as long as no delimiter is named.
    ///
    /// ```
    /// use perceptra::preprocessing::{CsvOptions, Delimiter};
    ///
    /// let file = " 1.5   20\n12.5    3\n";
    /// let options = CsvOptions::new().delimiter(Delimiter::Whitespace).column_names(["a", "b"]);
    /// assert_eq!(options.read_from(file.as_bytes(), "housing.data")?.numbers("b")?, [20.0, 3.0]);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    #[must_use]
    pub fn delimiter(mut self, delimiter: impl Into<Delimiter>) -> CsvOptions {
        self.delimiter = Some(delimiter.into());
        self
    }

    /// The character of ASCII that a field which holds a delimiter is enclosed in, or `None` where quotes are ordinary
    /// characters. Defaults to `"`.
    #[must_use]
    pub fn quote(mut self, quote: impl Into<Option<char>>) -> CsvOptions {
        self.quote = quote.into();
        self
    }

    /// Sets the ASCII character that begins a line to be skipped. Defaults to none.
    #[must_use]
    pub fn comment(mut self, comment: char) -> CsvOptions {
        self.comment = Some(comment);
        self
    }

    /// Whether spaces and tabs around fields are left out; those within quotes stay. Defaults to false: they are part of
    /// strings.
    ///
    /// A [`Record`](super::super::Record) is not trimmed: what is asked later must be spelled without them.
    #[must_use]
    pub fn trim(mut self, trim: bool) -> CsvOptions {
        self.trim = trim;
        self
    }

    /// Sets the character encoding of the file, by a label of the [Encoding Standard](https://encoding.spec.whatwg.org):
    /// `"windows-1252"` (of which `"latin1"` is another name), `"utf-16le"`, `"shift_jis"`, `"gbk"` and so on.
    ///
    /// Defaults to UTF-8. A byte order mark of UTF-8 or UTF-16 takes precedence.
    ///
    /// ```
    /// use perceptra::preprocessing::CsvOptions;
    ///
    /// let file = b"city,n\nK\xf6ln,1\n";
    /// let table = CsvOptions::new().encoding("latin1").read_from(&file[..], "cities.csv")?;
    /// assert_eq!(table.strings("city")?.get(0), Some("Köln"));
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    #[must_use]
    pub fn encoding(mut self, label: impl Into<String>) -> CsvOptions {
        self.encoding = Some(label.into());
        self
    }

    /// Sets the number of lines to skip before the header, or before the first row if there is no header. Defaults to 0.
    #[must_use]
    pub fn skip_lines(mut self, lines: usize) -> CsvOptions {
        self.skip_lines = lines;
        self
    }

    /// Whether the first line, or several, hold the names of the columns: true, false, or a [`Header`]. Defaults to
    /// [`Header::Detect`].
    ///
    /// ```
    /// use perceptra::preprocessing::{CsvOptions, Header};
    ///
    /// let read = |options: CsvOptions, file: &str| options.read_from(file.as_bytes(), "f.csv");
    /// let table = read(CsvOptions::new().header(true), "0,1\n0.5,1.5\n")?;
    /// assert_eq!((table.names().join(" "), table.nrows()), ("0 1".into(), 1));
    /// let table = read(CsvOptions::new().header(false), "0,1\n0.5,1.5\n")?;
    /// assert_eq!((table.names().join(" "), table.nrows()), ("column_0 column_1".into(), 2));
    /// let table = read(CsvOptions::new().header(Header::Lines(2)), "age,weight\nyears,kg\n31,70\n")?;
    /// assert_eq!(table.names().join(" "), "age_years weight_kg");
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    #[must_use]
    pub fn header(mut self, header: impl Into<Header>) -> CsvOptions {
        self.header = header.into();
        self
    }

    /// The names of the columns, for a file whose first line is a row already; with [`header`](Self::header)`(true)` in
    /// place of those in the header. If only the first line has no number in some column, it is an error unless `header` states
    /// what it is.
    #[must_use]
    pub fn column_names(mut self, names: impl IntoIterator<Item = impl Into<String>>) -> CsvOptions {
        self.names = Some(names.into_iter().map(Into::into).collect());
        self
    }

    /// The name of a first column that the header leaves out, as R writes the names of rows. Defaults to none.
    ///
    /// ```
    /// use perceptra::preprocessing::CsvOptions;
    ///
    /// let file = "mpg,cyl\nMazda RX4,21,6\nValiant,18.1,6\n";
    /// let table = CsvOptions::new().row_names("car").read_from(file.as_bytes(), "mtcars.csv")?;
    /// assert_eq!(table.names(), ["car", "mpg", "cyl"]);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    #[must_use]
    pub fn row_names(mut self, name: impl Into<String>) -> CsvOptions {
        self.row_names = Some(name.into());
        self
    }

    /// Sets the treatment of duplicate names in the header. Defaults to [`DuplicateNames::Error`].
    #[must_use]
    pub fn duplicate_names(mut self, duplicate_names: DuplicateNames) -> CsvOptions {
        self.duplicate_names = duplicate_names;
        self
    }

    /// The fields that mean a missing value, in place of the default ones; the empty field always does.
    ///
    /// Spaces around them do not count. In a column of numbers a marker that is a number represents that number however it is
    /// spelled: `-999` also for `-999.0`.
    #[must_use]
    pub fn missing(mut self, markers: impl IntoIterator<Item = impl Into<String>>) -> CsvOptions {
        self.missing = markers.into_iter().map(Into::into).chain([String::new()]).collect();
        self
    }

    /// Columns that hold numbers, quoted or not: anything else in them is an error. Whole numbers above 2⁵³ are rounded to
    /// the nearest `f64`.
    #[must_use]
    pub fn numbers(mut self, columns: impl IntoIterator<Item = impl Into<String>>) -> CsvOptions {
        self.declared.extend(columns.into_iter().map(|name| (name.into(), DeclaredType::Number)));
        self
    }

    /// Columns that hold whole numbers from −2⁶³ to 2⁶³ − 1, which keep all their digits: anything else in them is an error. Decimals that are 0,
    /// as in `7.0`, are allowed.
    ///
    /// ```
    /// use perceptra::preprocessing::CsvOptions;
    ///
    /// let file = "id\n1925036343869802844\n\n7\n";
    /// let table = CsvOptions::new().integers(["id"]).read_from(file.as_bytes(), "loans.csv")?;
    /// assert_eq!(table.integers("id")?.get(0), Some(1_925_036_343_869_802_844));
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    #[must_use]
    pub fn integers(mut self, columns: impl IntoIterator<Item = impl Into<String>>) -> CsvOptions {
        self.declared.extend(columns.into_iter().map(|name| (name.into(), DeclaredType::Integer)));
        self
    }

    /// Columns that hold dates, or dates and times, of ISO 8601, as [`DateTime`](super::super::DateTime) reads them: anything else in them is
    /// an error.
    ///
    /// ```
    /// use perceptra::preprocessing::CsvOptions;
    ///
    /// let file = "issued,paid\n2011-12-01,31.03.2012\n2011-12-01T12:00,\n";
    /// let options = CsvOptions::new().dates(["issued"]).date_format("%d.%m.%Y", ["paid"]);
    /// let table = options.read_from(file.as_bytes(), "loans.csv")?;
    /// assert_eq!(table.date_times("paid")?.get(0), Some("2012-03-31".parse()?));
    /// assert_eq!(table.date_times("issued")?.get(1).map(|at| at.hour()), Some(12));
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    #[must_use]
    pub fn dates(mut self, columns: impl IntoIterator<Item = impl Into<String>>) -> CsvOptions {
        self.declared.extend(columns.into_iter().map(|name| (name.into(), DeclaredType::Date(None))));
        self
    }

    /// Columns that hold dates, or dates and times, of a format such as `%d.%m.%Y`, which
    /// [`DateTime::parse`](super::super::DateTime::parse) describes: anything else in them is an error.
    #[must_use]
    pub fn date_format(
        mut self,
        format: impl Into<String>,
        columns: impl IntoIterator<Item = impl Into<String>>,
    ) -> CsvOptions {
        let declared = DeclaredType::Date(Some(format.into()));
        self.declared.extend(columns.into_iter().map(|name| (name.into(), declared.clone())));
        self
    }

    /// Columns that hold booleans, 1 and 0 among them: anything else in them is an error.
    #[must_use]
    pub fn booleans(mut self, columns: impl IntoIterator<Item = impl Into<String>>) -> CsvOptions {
        self.declared.extend(columns.into_iter().map(|name| (name.into(), DeclaredType::Boolean)));
        self
    }

    /// Columns that hold strings even where they look like numbers or booleans.
    #[must_use]
    pub fn strings(mut self, columns: impl IntoIterator<Item = impl Into<String>>) -> CsvOptions {
        self.declared.extend(columns.into_iter().map(|name| (name.into(), DeclaredType::Strings)));
        self
    }

    /// The sign before the decimals of a number. Defaults to `.`; with another one a number with `.` is text, unless that
    /// is the sign of [`thousands`](Self::thousands).
    #[must_use]
    pub fn decimal(mut self, decimal: char) -> CsvOptions {
        self.decimal = decimal;
        self
    }

    /// The sign between groups of three digits of a number. Defaults to none. A number may be written without it; one with
    /// other groups is text. A space is also the no-break space (U+00A0) and the narrow one (U+202F).
    ///
    /// ```
    /// use perceptra::preprocessing::CsvOptions;
    ///
    /// let file = "price;code\n1.234,5;1.23\n99;4\n";
    /// let options = CsvOptions::new().delimiter(';').decimal(',').thousands('.');
    /// let table = options.read_from(file.as_bytes(), "prices.csv")?;
    /// assert_eq!(table.numbers("price")?, [1234.5, 99.0]);
    /// assert_eq!(table.column("code")?.kind(), "strings");
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    #[must_use]
    pub fn thousands(mut self, thousands: char) -> CsvOptions {
        self.thousands = Some(thousands);
        self
    }

    /// Whether a field in quotes that it does not need is text, whatever it looks like (true), or quotes have no meaning (false).
    /// By default they do in the columns that the header marks; see [Types](#types).
    #[must_use]
    pub fn quoted_strings(mut self, quoted_strings: bool) -> CsvOptions {
        self.quoted_strings = Some(quoted_strings);
        self
    }

    /// Sets the treatment of rows with fewer or more fields than there are columns. Defaults to [`Ragged::Error`].
    #[must_use]
    pub fn ragged(mut self, ragged: Ragged) -> CsvOptions {
        self.ragged = ragged;
        self
    }

    /// The most bytes of text that a file compressed with gzip may unfold to, so that a few bytes cannot fill the memory.
    /// Defaults to 1 GiB; a plain file has no bound but its length.
    #[must_use]
    pub fn max_unfolded(mut self, bytes: u64) -> CsvOptions {
        self.unfolded = bytes;
        self
    }
}
