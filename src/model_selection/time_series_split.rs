//! Folds in the order of time.

use super::fold::Fold;
use super::folds::Folds;
use super::folds_input::FoldsInput;
use super::time_order::TimeOrder;
use crate::error::counted;
use crate::error::{Error, Result};
use crate::items::{Spec, item};

item! {
    /// Divides rows in the order of time: each fold tests on later rows than the one before it, and trains only on rows before its test rows.
    ///
    /// Of n rows in the order of time the last `n_splits · test_size` are for testing, `test_size` rows per fold, by default
    /// `⌊n / (n_splits + 1)⌋`. A fold trains on all rows before its test rows, except for the last `gap` of them; `max_train_size`
    /// limits the training rows to the latest ones.
    ///
    /// The order is that of the numbers or dates in the column `time`, or that of the rows. Rows with the same time are not divided into
    /// training and test rows: where a boundary between folds would divide them, the test rows begin with the next later time, and the
    /// tied rows are training rows (or in the gap, or in the test part of the fold before). In the same way a gap leaves out all rows
    /// with the time at which it begins. `max_train_size` is exact and takes rows of the earliest time in their order.
    ///
    /// ```
    /// use perceptra::model_selection::{Folds, FoldsInput, TimeSeriesSplit};
    /// use perceptra::preprocessing::Table;
    ///
    /// let table = Table::new().with_numbers("issue_d", [2016.0, 2013.0, 2015.0, 2014.0, 2015.0, 2017.0])?;
    /// let folds = TimeSeriesSplit::new(2).time("issue_d").folds(&FoldsInput::of(&table))?;
    /// assert_eq!((&*folds[0].train, &*folds[0].test), (&[1, 3][..], &[2, 4][..]));
    /// assert_eq!((&*folds[1].train, &*folds[1].test), (&[1, 2, 3, 4][..], &[0, 5][..]));
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # References
    ///
    /// scikit-learn, *sklearn.model_selection.TimeSeriesSplit*.
    pub struct TimeSeriesSplit: "TimeSeriesSplit" {
        /// The number of folds.
        n_splits: usize [at least 2] = 5,
        /// The largest number of training rows of a fold.
        max_train_size: Option<usize> [at least 1] = None,
        /// The number of test rows of a fold.
        test_size: Option<usize> [at least 1] = None,
        /// The number of rows between training and test that are left out.
        gap: usize = 0,
        /// The column of numbers or dates that orders the rows; by default the rows are in order already.
        time: Option<String> = None,
    }
}

impl TimeSeriesSplit {
    /// Creates this many folds, at least 2 and fewer than rows.
    pub fn new(n_splits: usize) -> TimeSeriesSplit {
        TimeSeriesSplit { n_splits, ..TimeSeriesSplit }
    }

    /// The position of the first test row.
    fn first(&self, count: usize, test_size: usize) -> Result<usize> {
        let tested = test_size.saturating_mul(self.n_splits);
        match count.checked_sub(tested) {
            Some(first) if first > self.gap => Ok(first),
            _ => {
                let value = format!(
                    "{}, each of {} after a gap of {}",
                    self.n_splits,
                    counted(test_size, "test row"),
                    self.gap
                );
                let expected = format!("folds that leave at least one row of {count} to train on; make fewer");
                Err(Error::argument(self.class_name(), "n_splits", value, expected))
            }
        }
    }
}

/// Groups and classes of the input are not used.
impl Folds for TimeSeriesSplit {
    fn folds(&self, input: &FoldsInput<'_>) -> Result<Vec<Fold>> {
        self.check()?;
        let count = input.rows();
        if self.n_splits >= count {
            let expected = format!("at least 2 and fewer than there are rows, {count}");
            return Err(Error::argument(self.class_name(), "n_splits", self.n_splits, expected));
        }
        let order = match &self.time {
            None => TimeOrder::in_row_order(count),
            Some(column) => {
                let table = input.table_for(self, "time", column)?;
                TimeOrder::from_times(&self.class_name(), &table.times(column)?)?
            }
        };
        let test_size = self.test_size.unwrap_or(count / (self.n_splits + 1));
        let first = self.first(count, test_size)?;
        let fold = |number: usize| {
            let start = order.after_tie(first + number * test_size);
            let end = order.after_tie(first + (number + 1) * test_size);
            let train_end = if self.gap == 0 { start } else { order.before_tie(start.saturating_sub(self.gap)) };
            let train_start = self.max_train_size.map_or(0, |size| train_end.saturating_sub(size));
            if start == end || train_end == 0 {
                let part = if start == end { "test" } else { "training" };
                let value =
                    format!("{}, which leaves fold {number} (counted from 0) without {part} rows", self.n_splits);
                let expected = "folds that hold more than the rows of one time, which stay together; make fewer, larger \
                                ones or a smaller gap";
                return Err(Error::argument(self.class_name(), "n_splits", value, expected));
            }
            Ok(Fold::from_parts((order.rows[train_start..train_end].to_vec(), order.rows[start..end].to_vec())))
        };
        (0..self.n_splits).map(fold).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::preprocessing::Table;
    use crate::reference;

    #[test]
    fn folds_are_those_of_the_reference() {
        for case in reference::case("time_series_split").list("cases") {
            let option = |field| case.indices(field).first().copied();
            let folds = TimeSeriesSplit {
                max_train_size: option("max_train_size"),
                test_size: option("test_size"),
                gap: case.indices("gap")[0],
                ..TimeSeriesSplit::new(case.indices("n_splits")[0])
            };
            let expected = case.list("folds");
            let expected: Vec<Fold> =
                expected.iter().map(|fold| Fold { train: fold.indices("train"), test: fold.indices("test") }).collect();
            let rows = case.indices("rows")[0];
            assert_eq!(folds.folds(&FoldsInput::new(rows)).unwrap(), expected);
            // In a column of distinct times, in reverse.
            let table = Table::new().with_numbers("time", (0..rows).map(|row| -(row as f64))).unwrap();
            let reversed = |rows_of: &[usize]| rows_of.iter().rev().map(|row| rows - 1 - row).collect();
            let expected: Vec<Fold> =
                expected.iter().map(|fold| Fold { train: reversed(&fold.train), test: reversed(&fold.test) }).collect();
            assert_eq!(folds.time("time").folds(&FoldsInput::of(&table)).unwrap(), expected);
        }
    }

    fn split(folds: TimeSeriesSplit, times: &[f64]) -> Result<Vec<Fold>> {
        let table = Table::new().with_numbers("at", times.iter().copied())?;
        folds.time("at").folds(&FoldsInput::of(&table))
    }

    #[test]
    fn rows_of_equal_time_are_not_divided() {
        let times = [0.0, 1.0, 2.0, 2.0, 2.0, 3.0, 4.0, 4.0, 5.0];
        let folds = split(TimeSeriesSplit::new(2), &times).unwrap();
        assert_eq!((&*folds[0].train, &*folds[0].test), (&[0, 1, 2, 3, 4][..], &[5][..]));
        assert_eq!((&*folds[1].train, &*folds[1].test), (&[0, 1, 2, 3, 4, 5][..], &[6, 7, 8][..]));
        let folds = split(TimeSeriesSplit::new(2).gap(2), &times).unwrap();
        assert_eq!((&*folds[0].train, &*folds[1].train), (&[0, 1][..], &[0, 1][..]));
        let folds = split(TimeSeriesSplit::new(2).max_train_size(2), &times).unwrap();
        assert_eq!((&*folds[0].train, &*folds[1].train), (&[3, 4][..], &[4, 5][..]));
    }

    #[test]
    fn a_fold_of_a_single_time_is_refused_with_the_cure() {
        let error = split(TimeSeriesSplit::new(2), &[0.0, 1.0, 1.0, 1.0, 1.0, 2.0]).unwrap_err().to_string();
        assert!(error.contains("leaves fold 0") && error.contains("make fewer"), "{error}");
        assert!(split(TimeSeriesSplit::new(2), &[1.0; 6]).is_err());
        let missing = split(TimeSeriesSplit::new(2), &[0.0, f64::NAN, 1.0, 2.0]);
        assert!(matches!(missing, Err(Error::MissingValue { .. })));
        let infinite = split(TimeSeriesSplit::new(2), &[0.0, 1.0, f64::INFINITY, 2.0]).unwrap_err().to_string();
        assert!(infinite.contains("inf at row 2"), "{infinite}");
    }

    #[test]
    fn impossible_numbers_of_rows_are_refused() {
        let split = |folds: TimeSeriesSplit, rows| folds.folds(&FoldsInput::new(rows));
        assert!(matches!(split(TimeSeriesSplit, 5), Err(Error::Argument { argument: "n_splits", .. })));
        assert!(split(TimeSeriesSplit, 6).is_ok());
        assert!(matches!(split(TimeSeriesSplit.gap(1), 6), Err(Error::Argument { argument: "n_splits", .. })));
        assert!(split(TimeSeriesSplit.test_size(4_000_000_000), 60).is_err());
        assert!(matches!(split(TimeSeriesSplit.test_size(0), 60), Err(Error::Argument { argument: "test_size", .. })));
    }
}
