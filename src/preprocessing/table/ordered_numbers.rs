//! Numbers, integers and dates by their places on one axis.

use super::Column;
use std::borrow::Cow;

impl Column {
    /// The values of columns of numbers, integers and booleans, or of dates, as numbers in the same order; NaN if one is missing, and
    /// `None` for strings and for dates together with numbers.
    ///
    /// Dates, and integers of which an `f64` cannot hold one, count from the least of all columns, so that close ones stay apart.
    pub(crate) fn ordered_numbers<'a>(columns: [&'a Column; 2]) -> Option<[Cow<'a, [f64]>; 2]> {
        if let [Some(one), Some(other)] = columns.map(Column::as_numbers) {
            return Some([one.into(), other.into()]);
        }
        let is_date = |column: &Column| matches!(column, Column::DateTime(_));
        if columns.iter().any(|column| is_date(column) != is_date(columns[0])) {
            return None;
        }
        if let [Some(one), Some(other)] = columns.map(whole) {
            let least = one.iter().chain(&other).flatten().min().copied().unwrap_or_default();
            let from_least = |values: Vec<Option<i64>>| -> Cow<'a, [f64]> {
                let distance = |value: i64| (i128::from(value) - i128::from(least)) as f64;
                values.into_iter().map(|value| value.map_or(f64::NAN, distance)).collect()
            };
            return Some([from_least(one), from_least(other)]);
        }
        match columns.map(rounded) {
            [Some(one), Some(other)] => Some([one, other]),
            _ => None,
        }
    }
}

fn whole(column: &Column) -> Option<Vec<Option<i64>>> {
    match column {
        Column::Integer(values) => Some(values.iter().collect()),
        Column::DateTime(values) => Some(values.iter().map(|at| at.map(|at| at.microseconds())).collect()),
        _ => None,
    }
}

fn rounded(column: &Column) -> Option<Cow<'_, [f64]>> {
    match column {
        Column::Integer(values) => Some(values.rounded().into()),
        other => other.as_numbers().map(Cow::from),
    }
}
