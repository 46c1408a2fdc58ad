//! Numbers of a table's column, some of which may be missing, and names that must differ.

use super::{Column, Table};
use crate::{Error, Result};
use std::borrow::Cow;

/// The numbers of a column, NaN where one is missing; an infinite one is refused.
pub(super) fn finite_or_missing<'a>(table: &'a Table, name: &str) -> Result<Cow<'a, [f64]>> {
    let column = table.column(name)?;
    // A column without any value may have come as one of strings.
    if matches!(column, Column::Text(_)) && column.missing() == column.len() {
        return Ok(Cow::Owned(vec![f64::NAN; column.len()]));
    }
    let values = table.numbers(name)?;
    match values.iter().position(|value| value.is_infinite()) {
        Some(row) => {
            let column = table.names().iter().position(|known| known == name).unwrap_or_default();
            Err(Error::NotFinite { what: "the transformer's columns", row, column, value: values[row] })
        }
        None => Ok(Cow::Borrowed(values)),
    }
}

/// The numbers of a column that are not missing, at least one, in ascending order.
pub(super) fn sorted_present(table: &Table, name: &str) -> Result<Vec<f64>> {
    let mut present: Vec<f64> = finite_or_missing(table, name)?.iter().copied().filter(|x| !x.is_nan()).collect();
    if present.is_empty() {
        return Err(without_values(name));
    }
    present.sort_unstable_by(f64::total_cmp);
    Ok(present)
}

/// The error for a column in which every value is missing, where something is learned from its values.
pub(super) fn without_values(name: &str) -> Error {
    let advice = "fit needs at least one value in every column; remove columns in which every value is missing with \
                  drop_empty_columns()";
    Error::Empty { what: format!("column \"{name}\""), advice: advice.into() }
}

/// The first name that occurs twice.
pub(super) fn name_given_twice(names: &[String]) -> Option<&str> {
    let mut sorted: Vec<&str> = names.iter().map(String::as_str).collect();
    sorted.sort_unstable();
    sorted.windows(2).find(|pair| pair[0] == pair[1]).map(|pair| pair[0])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_numbers_are_kept_or_left_out() -> Result<()> {
        let table = Table::new().with_numbers("a", [2.0, f64::NAN, -1.0])?.with_numbers("b", [f64::NAN; 3])?;
        let table = table.with_column("c", [None::<&str>; 3].into_iter().collect::<super::super::TextColumn>())?;
        assert_eq!(sorted_present(&table, "a")?, [-1.0, 2.0]);
        assert!(finite_or_missing(&table, "c")?.iter().all(|x| x.is_nan()));
        let error = sorted_present(&table, "b").unwrap_err().to_string();
        assert!(error.contains("\"b\"") && error.contains("drop_empty_columns()"), "{error}");
        let infinite = table.with_numbers("a", [0.0, f64::INFINITY, 1.0])?;
        assert!(matches!(finite_or_missing(&infinite, "a"), Err(Error::NotFinite { row: 1, column: 0, .. })));
        assert_eq!(name_given_twice(&["x".into(), "y".into(), "x".into()]), Some("x"));
        Ok(())
    }
}
