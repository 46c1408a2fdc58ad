//! A column of true and false.

/// A column of booleans, some of them possibly missing.
///
/// Wherever numbers are taken, true counts as 1 and false as 0.
///
/// ```
/// use perceptra::preprocessing::{BooleanColumn, Table};
///
/// let owner: BooleanColumn = [Some(true), None, Some(false)].into_iter().collect();
/// assert_eq!(owner.get(0), Some(true));
/// let table = Table::new().with_column("owner", owner)?.drop_missing()?;
/// assert_eq!(table.numbers("owner")?, [1.0, 0.0]);
/// # Ok::<(), perceptra::Error>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct BooleanColumn {
    /// 1, 0, and NaN for a missing value, so that the column can be lent as numbers.
    values: Vec<f64>,
}

impl BooleanColumn {
    /// The number of rows.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether the column has no rows.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// The value at `row`, `None` if it is missing or beyond the last row.
    pub fn get(&self, row: usize) -> Option<bool> {
        self.values.get(row).copied().and_then(boolean)
    }

    /// The values in the order of the rows, `None` for a missing one.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Option<bool>> {
        self.values.iter().copied().map(boolean)
    }

    /// The values as 1 and 0, NaN for a missing one.
    pub fn as_numbers(&self) -> &[f64] {
        &self.values
    }

    /// The rows of those positions; the caller has checked that they exist.
    pub(super) fn take(&self, rows: &[usize]) -> BooleanColumn {
        BooleanColumn { values: rows.iter().map(|&row| self.values[row]).collect() }
    }
}

/// Converts 1, 0 and NaN to `true`, `false` and missing.
fn boolean(value: f64) -> Option<bool> {
    (!value.is_nan()).then_some(value != 0.0)
}

impl FromIterator<Option<bool>> for BooleanColumn {
    fn from_iter<I: IntoIterator<Item = Option<bool>>>(values: I) -> BooleanColumn {
        let number = |value: Option<bool>| value.map_or(f64::NAN, |value| f64::from(u8::from(value)));
        BooleanColumn { values: values.into_iter().map(number).collect() }
    }
}

impl FromIterator<bool> for BooleanColumn {
    fn from_iter<I: IntoIterator<Item = bool>>(values: I) -> BooleanColumn {
        values.into_iter().map(Some).collect()
    }
}
