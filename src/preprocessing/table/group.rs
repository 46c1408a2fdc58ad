//! Rows with the same values together.

use crate::error::{Error, Result};

use super::ranks::ranks;
use super::sort::order;
use super::{Aggregate, Table};

/// The rows of a table by the values of some columns, from [`Table::group_by`].
#[derive(Debug, Clone)]
pub struct GroupBy<'a> {
    table: &'a Table,
    keys: Vec<String>,
    /// All rows, group after group.
    order: Vec<usize>,
    /// Where in the order each group ends.
    ends: Vec<usize>,
}

impl Table {
    /// The rows in groups that have the same values in these columns, in ascending order of the values. Missing is a separate value,
    /// the last; without a column all rows are one group.
    ///
    /// ```
    /// use perceptra::preprocessing::{Aggregate, Table};
    ///
    /// let payments = Table::new()
    ///     .with_strings("loan", ["b", "a", "b"])?
    ///     .with_numbers("paid", [10.0, 20.0, 40.0])?;
    /// let loans = payments.group_by(["loan"])?.aggregate([Aggregate::rows(), Aggregate::mean("paid")])?;
    /// assert_eq!(loans.names(), ["loan", "rows", "paid_mean"]);
    /// assert_eq!(loans.numbers("paid_mean")?, [20.0, 25.0]);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::UnknownColumn`]; [`Error::Argument`] for a column that is given twice.
    ///
    /// # References
    ///
    /// pandas, *DataFrame.groupby* with `dropna=False`.
    pub fn group_by(&self, columns: impl IntoIterator<Item = impl AsRef<str>>) -> Result<GroupBy<'_>> {
        let keys = self.select(columns)?;
        let by_key: Vec<Vec<u32>> = keys.iter().map(|(_, column)| ranks(column)).collect();
        let order = order(self.rows, &by_key);
        let is_alike = |a: usize, b: usize| by_key.iter().all(|ranks| ranks[a] == ranks[b]);
        let mut ends = Vec::new();
        for group in order.chunk_by(|&a, &b| is_alike(a, b)) {
            ends.push(ends.last().copied().unwrap_or(0) + group.len());
        }
        Ok(GroupBy { table: self, keys: keys.names().to_vec(), order, ends })
    }
}

impl GroupBy<'_> {
    /// The rows of each group, in their order.
    pub fn groups(&self) -> Vec<&[usize]> {
        let starts = [0].into_iter().chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, &end)| &self.order[start..end]).collect()
    }

    /// The table with a row for each group: the columns by which the rows were grouped, and one for each statistic.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownColumn`]; [`Error::NotANumber`] or [`Error::ColumnType`] for a sum or mean of what are no numbers;
    /// [`Error::Argument`] for a sum of integers beyond 64 bits, and for two columns of one name.
    pub fn aggregate(&self, statistics: impl IntoIterator<Item = Aggregate>) -> Result<Table> {
        let groups = self.groups();
        let first: Vec<usize> = groups.iter().map(|rows| rows[0]).collect();
        let mut made = self.table.select(&self.keys)?.gather(&first);
        made.rows = groups.len();
        for statistic in statistics {
            let name = statistic.output();
            if made.names.position(&name).is_some() {
                let value = format!("two columns called \"{name}\"");
                return Err(Error::argument("GroupBy::aggregate", "statistics", value, "other names with .name(…)"));
            }
            made = made.with_column(name, statistic.column(self.table, &groups)?)?;
        }
        Ok(made)
    }
}

#[cfg(test)]
mod tests {
    use super::super::reference_tables::{frame, same};
    use super::*;

    fn all(column: &str) -> [Aggregate; 8] {
        [
            Aggregate::rows(),
            Aggregate::count(column),
            Aggregate::distinct(column),
            Aggregate::sum(column),
            Aggregate::mean(column),
            Aggregate::min(column),
            Aggregate::max(column),
            Aggregate::first(column),
        ]
    }

    #[test]
    fn statistics_are_those_of_the_reference() {
        let frame_left = frame("left");
        for column in ["x", "code"] {
            let found = frame_left.group_by(["key"]).unwrap().aggregate(all(column)).unwrap();
            same(&found, &frame(&format!("grouped_{column}")));
        }
        let both = frame_left.group_by(["key", "flag"]).unwrap();
        let (min, max) = (Aggregate::min("at"), Aggregate::max("at").name("last"));
        let found = both.aggregate([Aggregate::rows(), min, max, Aggregate::first("key").name("again")]).unwrap();
        same(&found, &frame("grouped_both"));
    }

    #[test]
    fn all_rows_are_one_group_without_a_column() {
        let table = Table::new().with_numbers("x", [1.0, f64::NAN, 4.0]).unwrap();
        let one = table.group_by([""; 0]).unwrap().aggregate(all("x")).unwrap();
        assert_eq!(
            (one.nrows(), one.numbers("x_mean").unwrap(), one.integers("rows").unwrap().get(0)),
            (1, &[2.5][..], Some(3))
        );
        let none = table.head(0).group_by(["x"]).unwrap().aggregate(all("x")).unwrap();
        assert_eq!((none.nrows(), none.ncols()), (0, 9));
        assert_eq!(table.group_by(["x"]).unwrap().groups(), [&[0][..], &[2], &[1]]);
    }

    #[test]
    fn unusable_columns_are_refused() {
        let table = Table::new().with_strings("t", ["a", "b"]).unwrap().with_integers("i", [i64::MAX, 1]).unwrap();
        let message = |statistic| table.group_by([""; 0]).unwrap().aggregate([statistic]).unwrap_err().to_string();
        assert!(message(Aggregate::mean("t")).contains("\"a\" is not a number"));
        assert!(message(Aggregate::sum("i")).contains("9223372036854775808"));
        assert!(message(Aggregate::sum("x")).contains("no column \"x\""));
        let grouped = table.group_by(["t"]).unwrap();
        assert!(grouped.aggregate([Aggregate::rows().name("t")]).unwrap_err().to_string().contains("with .name(…)"));
        assert!(matches!(table.group_by(["t", "t"]), Err(Error::Argument { .. })));
    }
}
