//! A table: named, typed columns of equal length.

mod aggregate;
#[cfg(feature = "arrow")]
mod arrow;
mod boolean_column;
mod categories;
mod checksum;
mod column;
mod column_names;
mod concat;
mod correlation;
#[cfg(feature = "csv")]
mod csv;
mod date_time;
mod dates;
mod display;
mod group;
mod integer_column;
mod join;
mod matrix;
mod missing;
mod optional_integers;
mod ordered_numbers;
mod ranks;
mod record;
#[cfg(test)]
mod reference_tables;
mod row_hash;
mod rows;
mod selected_rows;
mod sort;
mod spelling;
mod structs;
mod summary;
mod value;
mod values;

use std::sync::Arc;

use crate::error::{Error, Place, Result};

pub use aggregate::Aggregate;
pub use boolean_column::BooleanColumn;
pub use column::{Column, StringColumn};
pub use correlation::Correlation;
#[cfg(feature = "csv")]
pub(crate) use csv::BadRows;
#[cfg(feature = "csv")]
pub use csv::{CsvBatches, CsvOptions, CsvTables, CsvWriter, Delimiter, DuplicateNames, Header, Ragged};
pub use date_time::{DateTime, DateTimeColumn};
pub use group::GroupBy;
pub use integer_column::IntegerColumn;
pub use record::Record;
pub use rows::Row;
pub use sort::SortKey;
pub use summary::{DateTimeSummary, NumberSummary, StringSummary, TableSummary};
pub use value::Value;

use column_names::ColumnNames;

pub(super) use categories::{Categories, Found};
pub(crate) use checksum::BlockwiseChecksum;
pub(crate) use column::MISSING;
pub(crate) use selected_rows::SelectedRows;
pub(super) use spelling::{boolean as spelled_boolean, is_exact as spelled_exactly, number as spelled_number};

/// Named columns of numbers, integers, booleans, dates and strings, all with the same number of rows.
///
/// A table does not change: every method that selects or computes returns a new table, which shares the columns
/// it keeps, so selecting and cloning cost nothing. A table read from a file remembers its lines, and an error
/// names them even after rows were dropped or shuffled.
///
/// With the feature `csv` a table is read from a file by `Table::read_csv`, or with `CsvOptions`.
///
/// ```
/// use perceptra::preprocessing::Table;
///
/// let table = Table::new()
///     .with_numbers("int_rate", [14.98, 7.5, f64::NAN])?
///     .with_strings("term", ["36 months", "60 months", "36 months"])?
///     .drop_missing()?;
/// let table = table.map_strings("term", |term| term.strip_suffix(" months")?.parse().ok())?;
/// assert_eq!(table.numbers("term")?, [36.0, 60.0]);
/// # Ok::<(), perceptra::Error>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Table {
    names: Arc<ColumnNames>,
    columns: Vec<Arc<Column>>,
    rows: usize,
    origin: Option<Arc<Origin>>,
}

/// Where the rows of a table came from.
#[derive(Debug)]
enum Origin {
    /// A file, the line of its header if it has one, and the line of each row.
    #[cfg_attr(not(feature = "csv"), expect(dead_code, reason = "only a reader knows lines"))]
    File { file: String, header: Option<u64>, lines: Vec<u32> },
    /// Consecutive rows of a file without lines, from `first` on.
    FileRows { file: String, row_group: usize, first: usize },
    /// Several tables below each other: the table of each row, and its position there.
    Several { origins: Vec<Option<Arc<Origin>>>, rows: Vec<(usize, usize)> },
    /// One record.
    Record,
    /// Rows of another table by their positions, with what it came from.
    Rows { rows: Arc<Vec<usize>>, of: Option<Arc<Origin>> },
}

impl Origin {
    /// The origin that lists the lines of a file, or the record.
    fn root(&self) -> Option<&Origin> {
        match self {
            Origin::Rows { of, .. } => of.as_deref(),
            other => Some(other),
        }
    }
}

impl Origin {
    /// Of the rows of those positions.
    fn take(&self, rows: &[usize]) -> Origin {
        match self {
            Origin::File { file, header, lines } => {
                let lines = rows.iter().map(|&row| lines[row]).collect();
                Origin::File { file: file.clone(), header: *header, lines }
            }
            Origin::FileRows { file, row_group, first } => {
                let of = Origin::FileRows { file: file.clone(), row_group: *row_group, first: *first };
                Origin::Rows { rows: Arc::new(rows.to_vec()), of: Some(Arc::new(of)) }
            }
            Origin::Several { origins, rows: all } => {
                Origin::Several { origins: origins.clone(), rows: rows.iter().map(|&row| all[row]).collect() }
            }
            Origin::Record => Origin::Record,
            Origin::Rows { rows: held, of } => {
                let rows: Vec<usize> = rows.iter().map(|&row| held[row]).collect();
                Origin::Rows { rows: Arc::new(rows), of: of.clone() }
            }
        }
    }

    /// The place of a row in its file, if it is known.
    fn place_in_file(&self, row: usize) -> Option<Place> {
        match self {
            Origin::File { file, lines, .. } => {
                Some(Place::Line { file: file.clone(), line: u64::from(*lines.get(row)?) })
            }
            Origin::FileRows { file, row_group, first } => {
                Some(Place::FileRow { file: file.clone(), row_group: *row_group, row: first + row })
            }
            Origin::Several { origins, rows } => {
                let &(index, row) = rows.get(row)?;
                origins.get(index)?.as_deref()?.place_in_file(row)
            }
            Origin::Record => None,
            Origin::Rows { rows, of } => of.as_deref()?.place_in_file(*rows.get(row)?),
        }
    }
}

impl Table {
    /// A table without columns.
    pub fn new() -> Table {
        Table::default()
    }

    /// The table with this column: in place of the one of the same name, or as its last.
    ///
    /// # Errors
    ///
    /// [`Error::Rows`] if the column has another number of rows than the table.
    pub fn with_column(&self, name: impl Into<String>, column: impl Into<Column>) -> Result<Table> {
        self.with_named(name.into(), column.into())
    }

    fn with_named(&self, name: String, column: Column) -> Result<Table> {
        if !self.columns.is_empty() && column.len() != self.rows {
            return Err(Error::Rows {
                left: "the table",
                left_rows: self.rows,
                right: "the new column",
                right_rows: column.len(),
            });
        }
        let mut table = self.clone();
        table.rows = column.len();
        match table.names.position(&name) {
            Some(index) => table.columns[index] = Arc::new(column),
            None => {
                Arc::make_mut(&mut table.names).push(name);
                table.columns.push(Arc::new(column));
            }
        }
        Ok(table)
    }

    /// The table with a column of numbers, NaN for a missing one; see [`with_column`](Self::with_column).
    ///
    /// # Errors
    ///
    /// [`Error::Rows`] if there are more or fewer numbers than rows.
    pub fn with_numbers(&self, name: impl Into<String>, numbers: impl IntoIterator<Item = f64>) -> Result<Table> {
        self.with_column(name, numbers.into_iter().collect::<Vec<_>>())
    }

    /// The table with a column of integers; see [`with_column`](Self::with_column), which also takes missing ones.
    ///
    /// # Errors
    ///
    /// [`Error::Rows`] if there are more or fewer integers than rows.
    pub fn with_integers(&self, name: impl Into<String>, values: impl IntoIterator<Item = i64>) -> Result<Table> {
        self.with_column(name, values.into_iter().collect::<IntegerColumn>())
    }

    /// The table with a column of dates and times; see [`with_column`](Self::with_column), which also takes missing ones.
    ///
    /// # Errors
    ///
    /// [`Error::Rows`] if there are more or fewer points in time than rows.
    pub fn with_date_times(
        &self,
        name: impl Into<String>,
        values: impl IntoIterator<Item = DateTime>,
    ) -> Result<Table> {
        self.with_column(name, values.into_iter().collect::<DateTimeColumn>())
    }

    /// The table with a column of booleans; see [`with_column`](Self::with_column), which also takes missing ones.
    ///
    /// # Errors
    ///
    /// [`Error::Rows`] if there are more or fewer booleans than rows.
    pub fn with_booleans(&self, name: impl Into<String>, values: impl IntoIterator<Item = bool>) -> Result<Table> {
        self.with_column(name, values.into_iter().collect::<BooleanColumn>())
    }

    /// The table with a column of strings; see [`with_column`](Self::with_column), which also takes missing ones.
    ///
    /// # Errors
    ///
    /// [`Error::Rows`] if there are more or fewer strings than rows.
    pub fn with_strings<S: AsRef<str>>(
        &self,
        name: impl Into<String>,
        strings: impl IntoIterator<Item = S>,
    ) -> Result<Table> {
        self.with_column(name, strings.into_iter().map(Some).collect::<StringColumn>())
    }

    /// The number of rows.
    pub fn nrows(&self) -> usize {
        self.rows
    }

    /// The number of columns.
    pub fn ncols(&self) -> usize {
        self.columns.len()
    }

    /// The names of the columns in order.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The names of the columns that [`numbers`](Self::numbers) can lend: those of numbers, of booleans, and of integers that an
    /// `f64` holds.
    pub fn number_names(&self) -> Vec<&str> {
        self.iter().filter(|(_, column)| column.as_numbers().is_some()).map(|(name, _)| name).collect()
    }

    /// Names and columns in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Column)> {
        self.names.iter().zip(&self.columns).map(|(name, column)| (name.as_str(), column.as_ref()))
    }

    /// The column of that name.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownColumn`], which names those that exist.
    pub fn column(&self, name: &str) -> Result<&Column> {
        Ok(&self.columns[self.index(name)?])
    }

    /// The column of that name, which is found without a search if it is at this position.
    pub(in crate::preprocessing) fn column_near(&self, position: usize, name: &str) -> Result<&Column> {
        match self.names.get(position).is_some_and(|known| known == name) {
            true => Ok(&self.columns[position]),
            false => self.column(name),
        }
    }

    /// The table of these columns, in this order.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownColumn`] for a name that is not there, [`Error::Argument`] for one given twice.
    pub fn select<S: AsRef<str>>(&self, names: impl IntoIterator<Item = S>) -> Result<Table> {
        let mut positions = SelectedPositions { taken: vec![false; self.ncols()], positions: Vec::new() };
        for name in names {
            let name = name.as_ref();
            positions.add(self.index(name)?, name)?;
        }
        Ok(self.at_positions(&positions.positions))
    }

    /// The table of the columns at these positions.
    fn at_positions(&self, positions: &[usize]) -> Table {
        let names: Vec<String> = positions.iter().map(|&position| self.names[position].clone()).collect();
        let columns = positions.iter().map(|&position| Arc::clone(&self.columns[position])).collect();
        Table { names: Arc::new(names.into()), columns, rows: self.rows, origin: self.origin.clone() }
    }

    /// The table without these columns.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownColumn`] for a name that is not there.
    pub fn drop_columns<S: AsRef<str>>(&self, names: impl IntoIterator<Item = S>) -> Result<Table> {
        let mut dropped = vec![false; self.ncols()];
        for name in names {
            dropped[self.index(name.as_ref())?] = true;
        }
        let kept: Vec<usize> = (0..self.ncols()).filter(|&position| !dropped[position]).collect();
        Ok(self.at_positions(&kept))
    }

    /// A table of other columns, each of as many rows as this one has, that knows where its rows came from.
    pub(super) fn of_same_rows(&self, columns: Vec<(String, Column)>) -> Table {
        let (names, columns) = columns.into_iter().unzip();
        self.of_outputs(names, columns)
    }

    /// A table of these columns and names, that knows where its rows came from.
    pub(super) fn of_outputs(&self, names: Vec<String>, columns: Vec<Column>) -> Table {
        let columns = columns.into_iter().map(Arc::new).collect();
        Table { names: Arc::new(names.into()), columns, rows: self.rows, origin: self.origin.clone() }
    }

    /// Whether it is made of one record.
    pub(super) fn is_record(&self) -> bool {
        matches!(self.origin.as_deref(), Some(Origin::Record))
    }

    /// Returns the table as rows of a file without lines, such as a Parquet file: errors about a row name them. The first row is row
    /// `first` of the file, counted from 0, and all are in one row group.
    ///
    /// ```
    /// use perceptra::preprocessing::Table;
    ///
    /// let table = Table::new().with_numbers("rate", [7.5, f64::NAN])?.with_file_rows("loans.parquet", 3, 4_000);
    /// let error = table.to_matrix::<f32>(["rate"]).unwrap_err();
    /// assert!(error.to_string().starts_with("loans.parquet, row 4001 in row group 3 (counted from 0)"));
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    #[must_use]
    pub fn with_file_rows(&self, file: impl Into<String>, row_group: usize, first: usize) -> Table {
        Table { origin: Some(Arc::new(Origin::FileRows { file: file.into(), row_group, first })), ..self.clone() }
    }

    /// An error about a row of this table as one about that row of the table that it is a part of, or of the file, where it knows that.
    pub(crate) fn about_rows(&self, error: Error) -> Error {
        if let Some(Origin::FileRows { .. }) = self.origin.as_deref().and_then(Origin::root) {
            return match error.row().map(|row| self.place(row)) {
                Some(place @ Place::FileRow { row, .. }) => {
                    Error::InRow { place, source: Box::new(error.with_row(|_| row)) }
                }
                _ => error,
            };
        }
        match self.origin.as_deref() {
            Some(Origin::Rows { rows, .. }) => error.with_row(|row| rows.get(row).copied().unwrap_or(row)),
            _ => error,
        }
    }

    /// Returns the rows counted from `before`, unless their origin is known.
    pub(crate) fn counted_from(self, before: usize) -> Table {
        match &self.origin {
            Some(_) => self,
            None => {
                let rows = Arc::new((before..before + self.rows).collect());
                Table { origin: Some(Arc::new(Origin::Rows { rows, of: None })), ..self }
            }
        }
    }

    /// The file that all rows came from, and their lines.
    pub(crate) fn file_lines(&self) -> Option<(&str, &[u32])> {
        match self.origin.as_deref() {
            Some(Origin::File { file, lines, .. }) => Some((file, lines)),
            _ => None,
        }
    }

    /// Where that row came from.
    pub(crate) fn place(&self, row: usize) -> Place {
        let Some(origin) = self.origin.as_deref() else { return Place::Row(row) };
        match (origin.place_in_file(row), origin) {
            (Some(place), _) => place,
            (None, Origin::Record) => Place::Record,
            (None, Origin::Rows { rows, .. }) => Place::Row(rows.get(row).copied().unwrap_or(row)),
            _ => Place::Row(row),
        }
    }

    fn index(&self, name: &str) -> Result<usize> {
        self.names.position(name).ok_or_else(|| {
            let table = match self.origin.as_deref().and_then(Origin::root) {
                Some(Origin::File { file, header: Some(line), .. }) => format!("{file}, line {line},"),
                Some(Origin::File { file, header: None, .. } | Origin::FileRows { file, .. }) => file.clone(),
                Some(Origin::Record) => "the record".into(),
                Some(Origin::Several { .. } | Origin::Rows { .. }) | None => "the table".into(),
            };
            Error::unknown_column(table, name, self.names())
        })
    }
}

/// The positions of columns that are selected, each at most once.
struct SelectedPositions {
    taken: Vec<bool>,
    positions: Vec<usize>,
}

impl SelectedPositions {
    fn add(&mut self, position: usize, name: &str) -> Result<()> {
        if std::mem::replace(&mut self.taken[position], true) {
            return Err(Error::argument("Table::select", "names", format!("\"{name}\" twice"), "each column once"));
        }
        self.positions.push(position);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn loans() -> Table {
        let table = Table::new().with_numbers("rate", [1.0, 2.0]).unwrap();
        table.with_strings("home", ["RENT", "OWN"]).unwrap()
    }

    #[test]
    fn columns_are_selected_and_dropped_by_name() {
        assert_eq!(loans().select(["home", "rate"]).unwrap().names(), ["home", "rate"]);
        assert_eq!(loans().drop_columns(["home"]).unwrap().names(), ["rate"]);
        assert_eq!(loans().number_names(), ["rate"]);
    }

    #[test]
    fn an_unknown_column_is_met_with_those_that_exist() {
        let error = loans().select(["rte"]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the table has no column \"rte\"; did you mean \"rate\"?; its columns: rate, home"
        );
        assert!(matches!(loans().drop_columns(["x"]), Err(Error::UnknownColumn { .. })));
        assert!(matches!(loans().select(["rate", "rate"]), Err(Error::Argument { .. })));
    }

    #[test]
    fn rows_of_a_file_without_lines_are_named_after_any_choice() {
        let file = loans().with_file_rows("f.parquet", 2, 100);
        let at = |row| Place::FileRow { file: "f.parquet".into(), row_group: 2, row };
        assert_eq!((file.place(1), file.take(&[1]).unwrap().place(0)), (at(101), at(101)));
        let both = Table::concat_rows([&loans(), &file]).unwrap();
        assert_eq!((both.place(0), both.place(2)), (Place::Row(0), at(100)));
        let error = || Error::NotFinite { what: "x", row: 0, column: 1, value: f64::NAN };
        let rows = SelectedRows::of(&file, vec![1]).unwrap();
        for found in [rows.about_rows(error()), rows.table().about_rows(error())] {
            assert_eq!(found.place(), Some(&at(101)));
            let message = found.to_string();
            assert!(message.starts_with("f.parquet, row 101 in row group 2 (counted from 0): x holds NaN at row 101"));
        }
        assert!(matches!(loans().about_rows(error()), Error::NotFinite { row: 0, .. }));
        assert!(file.column("rte").unwrap_err().to_string().starts_with("f.parquet has no column"));
    }

    #[test]
    fn a_column_of_the_same_name_is_replaced_and_lengths_agree() {
        let table = loans().with_numbers("rate", [5.0, 6.0]).unwrap();
        assert_eq!(table.numbers("rate").unwrap(), [5.0, 6.0]);
        assert_eq!(table.ncols(), 2);
        assert!(matches!(loans().with_numbers("x", [1.0]), Err(Error::Rows { .. })));
    }
}
