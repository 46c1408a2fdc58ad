//! Rows in the order of columns.

use crate::error::Result;
use crate::sorting;

use super::ranks::ranks;
use super::{MISSING, Table};

/// A column by which [`Table::sort`] orders rows, and its direction; a plain name means ascending.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SortKey {
    column: String,
    descending: bool,
}

impl SortKey {
    /// The smallest, earliest or first value in front.
    pub fn ascending(column: impl Into<String>) -> SortKey {
        SortKey { column: column.into(), descending: false }
    }

    /// The largest, latest or last value in front.
    pub fn descending(column: impl Into<String>) -> SortKey {
        SortKey { column: column.into(), descending: true }
    }
}

impl<S: Into<String>> From<S> for SortKey {
    fn from(column: S) -> SortKey {
        SortKey::ascending(column)
    }
}

impl Table {
    /// The rows ordered by columns, the first of which counts most. Missing values are last in both directions, rows with equal values keep
    /// their order; strings are ordered by their characters, `false` is before `true`.
    ///
    /// ```
    /// # use perceptra::preprocessing::{SortKey, Table};
    /// let table = Table::new().with_strings("home", ["RENT", "OWN", "RENT"])?.with_numbers("rate", [1.0, 2.0, 3.0])?;
    /// assert_eq!(table.sort(["home", "rate"])?.numbers("rate")?, [2.0, 1.0, 3.0]);
    /// let by_rate = table.sort([SortKey::ascending("home"), SortKey::descending("rate")])?;
    /// assert_eq!(by_rate.numbers("rate")?, [2.0, 3.0, 1.0]);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::UnknownColumn`](crate::Error::UnknownColumn).
    ///
    /// # References
    ///
    /// pandas, *DataFrame.sort_values* with `kind="stable"`.
    pub fn sort(&self, keys: impl IntoIterator<Item = impl Into<SortKey>>) -> Result<Table> {
        let mut by_key = Vec::new();
        for key in keys {
            let SortKey { column, descending } = key.into();
            let mut ranks = ranks(self.column(&column)?);
            if descending {
                // All missing ones stay after the others.
                ranks.iter_mut().filter(|rank| **rank != MISSING).for_each(|rank| *rank = MISSING - 1 - *rank);
            }
            by_key.push(ranks);
        }
        Ok(self.gather(&order(self.rows, &by_key)))
    }
}

/// The rows in ascending order of these numbers, the first of which count most; equal rows keep their order.
pub(super) fn order(rows: usize, by_key: &[Vec<u32>]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..rows).collect();
    sorting::by(&mut order, |&a, &b| by_key.iter().map(|ranks| ranks[a]).cmp(by_key.iter().map(|ranks| ranks[b])));
    order
}

#[cfg(test)]
mod tests {
    use super::super::reference_tables::frame;
    use super::*;
    use crate::reference;

    #[test]
    fn the_order_is_that_of_the_reference() {
        let case = reference::case("table_sorted");
        let rows = |keys: Vec<SortKey>| frame("left").sort(keys).unwrap().numbers("row").unwrap().to_vec();
        for column in ["key", "code", "x", "flag", "at"] {
            assert_eq!(rows(vec![column.into()]), case.numbers(&format!("{column}_ascending")), "{column}");
            let descending = rows(vec![SortKey::descending(column)]);
            assert_eq!(descending, case.numbers(&format!("{column}_descending")), "{column}");
        }
        assert_eq!(rows(vec!["key".into(), SortKey::descending("code")]), case.numbers("key_code"));
        assert_eq!(rows(vec![]), frame("left").numbers("row").unwrap());
        assert!(frame("left").sort(["keys"]).unwrap_err().to_string().contains("did you mean \"key\""));
    }
}
