//! Rows in the order of time.

use crate::error::{Error, Result};
use crate::sorting;

/// The rows in the order of their times; rows with the same time keep their order.
pub(super) struct TimeOrder {
    pub(super) rows: Vec<usize>,
    /// The times in ascending order; `None` if all are distinct.
    times: Option<Vec<f64>>,
}

impl TimeOrder {
    /// The order of rows that are sorted already.
    pub(super) fn in_row_order(count: usize) -> TimeOrder {
        TimeOrder { rows: (0..count).collect(), times: None }
    }

    pub(super) fn from_times(item: &str, times: &[f64]) -> Result<TimeOrder> {
        if let Some(row) = times.iter().position(|time| !time.is_finite()) {
            let value = format!("{} at row {row} (counted from 0)", times[row]);
            return Err(Error::argument(item, "time", value, "a finite number for every row; leave out the others"));
        }
        let mut rows: Vec<usize> = (0..times.len()).collect();
        sorting::by_number(&mut rows, |&row| times[row]);
        let times = rows.iter().map(|&row| times[row]).collect();
        Ok(TimeOrder { rows, times: Some(times) })
    }

    /// The first position at or after `at` that does not divide rows with the same time.
    pub(super) fn after_tie(&self, at: usize) -> usize {
        (at..self.rows.len()).find(|&at| !self.is_tie(at)).unwrap_or(self.rows.len())
    }

    /// The last position at or before `at` that does not divide rows with the same time.
    pub(super) fn before_tie(&self, at: usize) -> usize {
        (0..=at).rev().find(|&at| !self.is_tie(at)).unwrap_or(0)
    }

    /// Whether the row at a position has the same time as the one before it.
    fn is_tie(&self, at: usize) -> bool {
        let Some(times) = &self.times else { return false };
        at.checked_sub(1).is_some_and(|before| times.get(at).is_some_and(|time| *time == times[before]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_move_out_of_ties() {
        let order = TimeOrder::from_times("Times", &[3.0, 1.0, 2.0, -0.0, 2.0, 0.0, 2.0]).unwrap();
        assert_eq!(order.rows, [3, 5, 1, 2, 4, 6, 0]);
        let after: Vec<usize> = (0..=7).map(|at| order.after_tie(at)).collect();
        assert_eq!(after, [0, 2, 2, 3, 6, 6, 6, 7]);
        let before: Vec<usize> = (0..=7).map(|at| order.before_tie(at)).collect();
        assert_eq!(before, [0, 0, 2, 3, 3, 3, 6, 7]);
        assert_eq!(TimeOrder::in_row_order(3).after_tie(2), 2);
    }

    #[test]
    fn a_time_is_a_finite_number() {
        for time in [f64::NAN, f64::INFINITY] {
            let error = TimeOrder::from_times("Times", &[0.0, time]).err().unwrap().to_string();
            assert!(error.contains("at row 1"), "{error}");
        }
    }
}
