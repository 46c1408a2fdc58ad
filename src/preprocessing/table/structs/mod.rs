//! Rows that are values of a program's structs.

mod cell;
mod deserialize;
mod failure;
mod growing;
mod serialize;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::{Error, Result};

use super::{Record, Table};
use cell::RowReader;
use growing::GrowingTable;
use serialize::RowWriter;

impl Table {
    /// The table of rows that are structs, with a column for each field.
    ///
    /// | field | column |
    /// |---|---|
    /// | `f64`, `f32` | numbers, of which NaN is missing |
    /// | integers | integers of 64 bits |
    /// | `bool` | booleans |
    /// | [`DateTime`](super::DateTime) | dates |
    /// | `String`, `&str`, `char`, enums without data | strings |
    /// | `Option` of these | the same, of which `None` is missing |
    ///
    /// Fields that serde's attributes rename, flatten or skip are columns accordingly; a field that a row leaves out is missing there. A
    /// row may be a map from strings to values. A field that is `None` in every row becomes a column of missing numbers.
    ///
    /// ```
    /// use perceptra::preprocessing::Table;
    ///
    /// #[derive(serde::Serialize)]
    /// enum Home {
    ///     Rent,
    ///     Own,
    /// }
    ///
    /// #[derive(serde::Serialize)]
    /// struct Loan {
    ///     id: u64,
    ///     rate: Option<f64>,
    ///     home: Home,
    /// }
    ///
    /// let loans = [Loan { id: 7, rate: None, home: Home::Own }, Loan { id: 8, rate: Some(7.5), home: Home::Rent }];
    /// let table = Table::from_rows(&loans)?;
    /// assert_eq!(table.integers("id")?.get(1), Some(8));
    /// assert!(table.numbers("rate")?[0].is_nan());
    /// assert_eq!(table.strings("home")?.get(0), Some("Own"));
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Argument`], with row and field, for a row that is neither a struct nor a map, for a field that is a struct, a map, a list or an
    /// enum with data, for an integer beyond the range of `i64`, and for one field of several types.
    pub fn from_rows<'a, R: Serialize + 'a>(rows: impl IntoIterator<Item = &'a R>) -> Result<Table> {
        let mut table = GrowingTable::default();
        for (row, value) in rows.into_iter().enumerate() {
            let written = value.serialize(RowWriter { table: &mut table });
            written.map_err(|failure| {
                let expected = "a struct or map whose fields are numbers, booleans, strings, dates, enums without data, or options of them";
                Error::argument("Table::from_rows", "rows", format!("row {row}, {failure}"), expected)
            })?;
            table.end_row();
        }
        Ok(table.finish())
    }

    /// The rows as structs, whose fields are found by the names of the columns; the way back of [`from_rows`](Self::from_rows).
    ///
    /// A missing value is the `None` of an `Option` or the NaN of an `f64`; another field has none. Whole numbers are integers where a field is
    /// one, strings are enums without data, and dates are [`DateTime`](super::DateTime)s or strings of ISO 8601. Columns without a field are
    /// passed over, unless serde's attributes deny that; by serde's rules a field that has no column is `None` if it is an `Option`.
    ///
    /// ```
    /// use perceptra::preprocessing::Table;
    ///
    /// #[derive(serde::Deserialize)]
    /// struct Loan {
    ///     rate: Option<f64>,
    ///     home: String,
    /// }
    ///
    /// let table = Table::new().with_numbers("rate", [7.5, f64::NAN])?.with_strings("home", ["OWN", "RENT"])?;
    /// let loans: Vec<Loan> = table.to_rows()?;
    /// assert_eq!((loans[0].rate, loans[1].rate, &*loans[1].home), (Some(7.5), None, "RENT"));
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Argument`], with row and column, for a value that the field cannot hold, and for a field without a column.
    pub fn to_rows<R: DeserializeOwned>(&self) -> Result<Vec<R>> {
        let row = |row: usize| {
            R::deserialize(RowReader { table: self, row }).map_err(|failure| {
                let expected =
                    "a column for each field, with values of its type; a field with missing values is an Option";
                Error::argument("Table::to_rows", "table", format!("{}, {failure}", self.place(row)), expected)
            })
        };
        (0..self.rows).map(row).collect()
    }
}

impl Record {
    /// The record of a row that is a struct, as [`Table::from_rows`] takes it; what is missing is left out.
    ///
    /// ```
    /// use perceptra::preprocessing::Record;
    ///
    /// #[derive(serde::Serialize)]
    /// struct Applicant {
    ///     annual_inc: f64,
    ///     home: &'static str,
    /// }
    ///
    /// let record = Record::from_row(&Applicant { annual_inc: 40_000.0, home: "RENT" })?;
    /// assert_eq!(record, Record::new().with("annual_inc", 40_000.0).with("home", "RENT"));
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The errors of [`Table::from_rows`].
    pub fn from_row<R: Serialize>(row: &R) -> Result<Record> {
        Table::from_rows([row])?.record(0)
    }
}

#[cfg(test)]
mod tests;
