//! A column of whole numbers.

use std::sync::OnceLock;

use super::optional_integers::OptionalIntegers;

/// A column of whole numbers of 64 bits, some of them possibly missing, each with all its digits.
///
/// An `f64`, as columns of numbers have it, holds every whole number up to 2⁵³ only. Where numbers are taken, the integers are converted
/// once and kept.
///
/// ```
/// use perceptra::preprocessing::{IntegerColumn, Table};
///
/// let id: IntegerColumn = [Some(9_007_199_254_740_993), None, Some(7)].into_iter().collect();
/// assert_eq!(id.get(0), Some(9_007_199_254_740_993));
/// assert!(id.as_numbers().is_none());
/// let table = Table::new().with_column("id", id)?.take(&[1, 2])?;
/// assert_eq!(table.numbers("id")?[1], 7.0);
/// # Ok::<(), perceptra::Error>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct IntegerColumn {
    integers: OptionalIntegers,
    /// The conversion to `f64`, computed on demand.
    numbers: OnceLock<Rounded>,
}

/// The nearest `f64` of each integer, NaN for a missing one, and the first row in which it is another number.
#[derive(Debug, Clone)]
struct Rounded {
    numbers: Vec<f64>,
    inexact: Option<usize>,
}

impl IntegerColumn {
    /// The number of rows.
    pub fn len(&self) -> usize {
        self.integers.len()
    }

    /// Whether the column has no rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The integer at `row`, `None` if it is missing or beyond the last row.
    pub fn get(&self, row: usize) -> Option<i64> {
        self.integers.get(row)
    }

    /// The integers in the order of the rows, `None` for a missing one.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Option<i64>> {
        self.integers.iter()
    }

    /// The integers as numbers, NaN for a missing one; `None` if an `f64` cannot hold one of them, see [`inexact_row`](Self::inexact_row).
    pub fn as_numbers(&self) -> Option<&[f64]> {
        let rounded = self.conversion();
        rounded.inexact.is_none().then_some(&rounded.numbers[..])
    }

    /// The first row with an integer that is not exact in `f64`.
    pub fn inexact_row(&self) -> Option<usize> {
        self.conversion().inexact
    }

    /// The nearest numbers.
    pub(super) fn rounded(&self) -> &[f64] {
        &self.conversion().numbers
    }

    pub(super) fn integers(&self) -> &OptionalIntegers {
        &self.integers
    }

    /// The rows of those positions; the caller has checked that they exist.
    pub(super) fn take(&self, rows: &[usize]) -> IntegerColumn {
        self.integers.take(rows).into()
    }

    fn conversion(&self) -> &Rounded {
        self.numbers.get_or_init(|| {
            let numbers = self.iter().map(|value| value.map_or(f64::NAN, |value| value as f64)).collect();
            let is_inexact = |value: i64| (value as f64) as i128 != i128::from(value);
            Rounded { numbers, inexact: self.iter().position(|value| value.is_some_and(is_inexact)) }
        })
    }
}

impl From<OptionalIntegers> for IntegerColumn {
    fn from(integers: OptionalIntegers) -> IntegerColumn {
        IntegerColumn { integers, numbers: OnceLock::new() }
    }
}

impl From<Vec<i64>> for IntegerColumn {
    fn from(values: Vec<i64>) -> IntegerColumn {
        OptionalIntegers::from(values).into()
    }
}

impl FromIterator<Option<i64>> for IntegerColumn {
    fn from_iter<I: IntoIterator<Item = Option<i64>>>(values: I) -> IntegerColumn {
        values.into_iter().collect::<OptionalIntegers>().into()
    }
}

impl FromIterator<i64> for IntegerColumn {
    fn from_iter<I: IntoIterator<Item = i64>>(values: I) -> IntegerColumn {
        values.into_iter().collect::<Vec<i64>>().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_lent_where_each_is_exact() {
        let column: IntegerColumn = [Some(1 << 53), None, Some(1 << 60), Some(i64::MIN)].into_iter().collect();
        let numbers = column.as_numbers().unwrap();
        assert_eq!((numbers[0], numbers[2], numbers[3]), (2f64.powi(53), 2f64.powi(60), -2f64.powi(63)));
        assert!(numbers[1].is_nan());
        for (value, row) in [((1_i64 << 53) + 1, Some(1)), (i64::MAX, Some(1)), (i64::MAX - 1023, None)] {
            let column = IntegerColumn::from(vec![0, value]);
            assert_eq!((column.inexact_row(), column.as_numbers().is_none()), (row, row.is_some()), "{value}");
        }
    }
}
