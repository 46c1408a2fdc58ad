//! A column of points in time.

use super::super::optional_integers::OptionalIntegers;
use super::DateTime;

/// A column of dates, or of dates and times, some of them possibly missing.
///
/// No number is taken for one: [`DateParts`](struct@crate::preprocessing::DateParts) and [`Elapsed`](struct@crate::preprocessing::Elapsed) make
/// numbers of it.
///
/// ```
/// use perceptra::preprocessing::{DateTime, DateTimeColumn, Table};
///
/// let issued: DateTimeColumn = [Some("2024-02-29".parse()?), None].into_iter().collect();
/// assert_eq!(issued.get(0).map(DateTime::year), Some(2024));
/// let table = Table::new().with_column("issued", issued)?;
/// assert_eq!(table.date_times("issued")?.get(1), None);
/// # Ok::<(), perceptra::Error>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct DateTimeColumn {
    microseconds: OptionalIntegers,
}

impl DateTimeColumn {
    /// The number of rows.
    pub fn len(&self) -> usize {
        self.microseconds.len()
    }

    /// Whether the column has no rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The point in time at `row`, `None` if it is missing or beyond the last row.
    pub fn get(&self, row: usize) -> Option<DateTime> {
        self.microseconds.get(row).map(DateTime::from_microseconds)
    }

    /// The points in time in the order of the rows, `None` for a missing one.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Option<DateTime>> {
        self.microseconds.iter().map(|value| value.map(DateTime::from_microseconds))
    }

    /// Whether none has a time of the day.
    pub fn are_dates(&self) -> bool {
        self.iter().flatten().all(DateTime::is_midnight)
    }

    pub(in super::super) fn microseconds(&self) -> &OptionalIntegers {
        &self.microseconds
    }

    /// The rows of those positions; the caller has checked that they exist.
    pub(in super::super) fn take(&self, rows: &[usize]) -> DateTimeColumn {
        self.microseconds.take(rows).into()
    }
}

/// Of microseconds since 1970-01-01.
impl From<OptionalIntegers> for DateTimeColumn {
    fn from(microseconds: OptionalIntegers) -> DateTimeColumn {
        DateTimeColumn { microseconds }
    }
}

impl FromIterator<Option<DateTime>> for DateTimeColumn {
    fn from_iter<I: IntoIterator<Item = Option<DateTime>>>(values: I) -> DateTimeColumn {
        values.into_iter().map(|value| value.map(DateTime::microseconds)).collect::<OptionalIntegers>().into()
    }
}

impl FromIterator<DateTime> for DateTimeColumn {
    fn from_iter<I: IntoIterator<Item = DateTime>>(values: I) -> DateTimeColumn {
        values.into_iter().map(Some).collect()
    }
}
