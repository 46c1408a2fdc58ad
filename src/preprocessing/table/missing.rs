//! Rows and columns in which values are missing.

use crate::error::{Error, Result};
use crate::sorting;

use super::Table;

impl Table {
    /// The rows without a missing value; [`incomplete_rows`](Self::incomplete_rows) counts the others.
    ///
    /// ```
    /// # use perceptra::preprocessing::Table;
    /// let table = Table::new().with_numbers("a", [1.0, f64::NAN])?.with_numbers("b", [3.0, 4.0])?;
    /// assert_eq!(table.drop_missing()?.numbers("b")?, [3.0]);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::NoCompleteRow`] if no row would be left of a table that has rows. It names the columns without any
    /// value, which [`drop_empty_columns`](Self::drop_empty_columns) removes, or those in which most are missing.
    pub fn drop_missing(&self) -> Result<Table> {
        self.complete_in(self)
    }

    /// The rows without a missing value in these columns, such as that of a target; other columns keep their gaps.
    ///
    /// ```
    /// # use perceptra::preprocessing::Table;
    /// let table = Table::new().with_numbers("a", [1.0, f64::NAN, 2.0])?.with_numbers("y", [0.0, 1.0, f64::NAN])?;
    /// assert_eq!(table.drop_missing_in(["y"])?.numbers("y")?, [0.0, 1.0]);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The errors of [`select`](Self::select), and as [`drop_missing`](Self::drop_missing) for these columns.
    pub fn drop_missing_in<S: AsRef<str>>(&self, columns: impl IntoIterator<Item = S>) -> Result<Table> {
        self.complete_in(&self.select(columns)?)
    }

    /// The rows in which those columns of this table have no missing value.
    fn complete_in(&self, columns: &Table) -> Result<Table> {
        let complete: Vec<usize> = (0..self.rows).filter(|&row| !columns.is_incomplete(row)).collect();
        if complete.len() == self.rows {
            return Ok(self.clone());
        }
        if complete.is_empty() {
            return Err(columns.no_complete_row());
        }
        Ok(self.gather(&complete))
    }

    /// The table without the columns in which every value is missing, such as those that separators at the ends of the
    /// lines of a file make.
    ///
    /// ```
    /// # use perceptra::preprocessing::Table;
    /// let table = Table::new().with_numbers("a", [1.0, f64::NAN])?.with_numbers("unnamed_1", [f64::NAN; 2])?;
    /// assert_eq!(table.drop_empty_columns().drop_missing()?.numbers("a")?, [1.0]);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    #[must_use]
    pub fn drop_empty_columns(&self) -> Table {
        let has_value = |position: &usize| self.rows == 0 || self.columns[*position].missing() < self.rows;
        let kept: Vec<usize> = (0..self.ncols()).filter(has_value).collect();
        self.at_positions(&kept)
    }

    /// The number of rows in which at least one value is missing.
    pub fn incomplete_rows(&self) -> usize {
        (0..self.rows).filter(|&row| self.is_incomplete(row)).count()
    }

    fn is_incomplete(&self, row: usize) -> bool {
        self.columns.iter().any(|column| column.is_missing(row))
    }

    fn no_complete_row(&self) -> Error {
        let mut missing: Vec<(&str, usize)> = self.iter().map(|(name, column)| (name, column.missing())).collect();
        let empty = missing.iter().filter(|(_, count)| *count == self.rows).map(|(name, _)| (*name).to_owned());
        let empty: Vec<String> = empty.collect();
        sorting::by_integer(&mut missing, |&(_, count)| -(count as i64));
        let most = missing.iter().take(3).map(|&(name, count)| (name.to_owned(), count)).collect();
        Error::NoCompleteRow { rows: self.rows, empty, most }
    }
}

#[cfg(test)]
mod tests {
    use super::super::StringColumn;
    use super::*;

    fn table() -> Table {
        let homes: StringColumn = [Some("RENT"), Some("OWN"), None, Some("RENT")].into_iter().collect();
        let table = Table::new().with_numbers("rate", [1.0, f64::NAN, 3.0, 4.0]).unwrap();
        table.with_column("home", homes).unwrap()
    }

    #[test]
    fn rows_with_missing_values_are_dropped_and_counted() {
        assert_eq!(table().incomplete_rows(), 2);
        assert_eq!(table().drop_missing().unwrap().numbers("rate").unwrap(), [1.0, 4.0]);
        assert_eq!(table().column("rate").unwrap().missing(), 1);
        let owner = [Some(true), None, Some(true), Some(false)].into_iter().collect::<super::super::BooleanColumn>();
        assert_eq!(table().with_column("owner", owner).unwrap().incomplete_rows(), 2);
        assert_eq!(Table::new().with_numbers("n", []).unwrap().drop_missing().unwrap().nrows(), 0);
    }

    #[test]
    fn rows_are_dropped_for_the_gaps_of_chosen_columns() {
        let kept = table().drop_missing_in(["home"]).unwrap();
        assert_eq!((kept.nrows(), kept.column("rate").unwrap().missing()), (3, 1));
        assert_eq!(table().drop_missing_in(["home", "rate"]).unwrap().numbers("rate").unwrap(), [1.0, 4.0]);
        let none: [&str; 0] = [];
        assert_eq!(table().drop_missing_in(none).unwrap().nrows(), 4);
        assert!(matches!(table().drop_missing_in(["rat"]), Err(Error::UnknownColumn { .. })));
        let empty = table().with_numbers("y", [f64::NAN; 4]).unwrap();
        assert!(matches!(empty.drop_missing_in(["y"]), Err(Error::NoCompleteRow { rows: 4, .. })));
        assert_eq!(empty.drop_missing_in(["rate"]).unwrap().nrows(), 3);
    }

    #[test]
    fn a_column_without_any_value_is_named_and_can_be_dropped() {
        let table = table().with_numbers("unnamed_2", [f64::NAN; 4]).unwrap();
        let error = table.drop_missing().unwrap_err().to_string();
        assert!(error.starts_with("of 4 rows, none is complete: no row has a value in \"unnamed_2\""), "{error}");
        assert!(error.contains("drop_empty_columns()"), "{error}");
        let rest = table.drop_empty_columns();
        assert_eq!(
            (rest.names(), rest.drop_missing().unwrap().nrows()),
            (&["rate".to_owned(), "home".to_owned()][..], 2)
        );
        let crossed =
            Table::new().with_numbers("a", [1.0, f64::NAN]).unwrap().with_numbers("b", [f64::NAN, 1.0]).unwrap();
        let error = crossed.drop_missing().unwrap_err().to_string();
        assert!(error.contains("most are missing in \"a\" (1), \"b\" (1)"), "{error}");
        assert_eq!(crossed.drop_empty_columns().ncols(), 2);
    }
}
