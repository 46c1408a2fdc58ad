//! Numbers of a table's column, some of which may be missing, and names that must differ.

use super::scaling::finite_numbers;
use super::{Column, Table};
use crate::Result;
use std::borrow::Cow;

/// The numbers of a column, NaN if one is missing; an infinite one is refused.
pub(super) fn finite_or_missing<'a>(table: &'a Table, name: &str) -> Result<Cow<'a, [f64]>> {
    let column = table.column(name)?;
    // A column without any value may have come as one of strings.
    if matches!(column, Column::String(_) | Column::DateTime(_)) && column.missing() == column.len() {
        return Ok(Cow::Owned(vec![f64::NAN; column.len()]));
    }
    finite_numbers(table, name).map(Cow::Borrowed)
}

/// The first name that occurs twice.
pub(crate) fn name_given_twice(names: &[String]) -> Option<&str> {
    let mut sorted: Vec<&str> = names.iter().map(String::as_str).collect();
    sorted.sort_unstable();
    sorted.windows(2).find(|pair| pair[0] == pair[1]).map(|pair| pair[0])
}

#[cfg(test)]
mod tests {
    use super::super::StringColumn;
    use super::*;
    use crate::Error;

    #[test]
    fn a_column_without_any_value_has_missing_numbers() -> Result<()> {
        let table = Table::new().with_numbers("a", [2.0, f64::NAN])?.with_strings("t", ["x", "y"])?;
        let table = table.with_column("c", [None::<&str>; 2].into_iter().collect::<StringColumn>())?;
        assert!(finite_or_missing(&table, "c")?.iter().all(|x| x.is_nan()));
        assert!(finite_or_missing(&table, "a")?[1].is_nan());
        assert!(matches!(finite_or_missing(&table, "t"), Err(Error::NotANumber { .. })));
        let infinite = table.with_numbers("a", [0.0, f64::INFINITY])?;
        assert!(matches!(
            finite_or_missing(&infinite, "a"),
            Err(Error::InfiniteValue { place: crate::error::Place::Row(1), .. })
        ));
        assert_eq!(name_given_twice(&["x".into(), "y".into(), "x".into()]), Some("x"));
        Ok(())
    }
}
