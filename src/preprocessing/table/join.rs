//! Left and inner joins.

use std::collections::HashMap;

use crate::error::{Error, Result};

use super::{Column, Table};

/// The value of a key, equal for equal values whatever the type of their columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum KeyValue<'a> {
    /// Of integers and of whole numbers.
    Integer(i64),
    /// The bits of a number that is not a 64-bit integer.
    Number(u64),
    Boolean(bool),
    Microseconds(i64),
    String(&'a str),
}

impl Table {
    /// Every row of this table with the columns of the rows of `other` that have the same values in the key columns, missing where there is
    /// none.
    ///
    /// A row comes once for each row of `other` that it is joined with, in the order of both. A missing key is equal to no other (in
    /// pandas missing keys are equal). Keys are compared by value: an integer with a number, and otherwise type by type.
    ///
    /// ```
    /// # use perceptra::preprocessing::Table;
    /// let loans = Table::new().with_strings("customer", ["b", "a", "c"])?.with_numbers("amount", [1.0, 2.0, 3.0])?;
    /// let customers = Table::new().with_strings("customer", ["a", "b"])?.with_numbers("age", [30.0, 40.0])?;
    /// let joined = loans.left_join(&customers, ["customer"])?;
    /// assert_eq!(joined.names(), ["customer", "amount", "age"]);
    /// assert!(joined.numbers("age")?[..2] == [40.0, 30.0] && joined.numbers("age")?[2].is_nan());
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::UnknownColumn`]; [`Error::ColumnType`] for keys whose types cannot be compared; [`Error::Argument`] without a key, for one
    /// given twice, and for another column that both tables have.
    ///
    /// # References
    ///
    /// pandas, *DataFrame.merge* with `how="left"`.
    pub fn left_join(&self, other: &Table, keys: impl IntoIterator<Item = impl AsRef<str>>) -> Result<Table> {
        self.join("Table::left_join", other, keys, true)
    }

    /// The rows of this table that have an equal key in `other`, with the columns of its rows; see [`left_join`](Self::left_join).
    ///
    /// # Errors
    ///
    /// The errors of [`left_join`](Self::left_join).
    pub fn inner_join(&self, other: &Table, keys: impl IntoIterator<Item = impl AsRef<str>>) -> Result<Table> {
        self.join("Table::inner_join", other, keys, false)
    }

    fn join(
        &self,
        method: &'static str,
        other: &Table,
        keys: impl IntoIterator<Item = impl AsRef<str>>,
        keep_unmatched: bool,
    ) -> Result<Table> {
        let refused = |argument, value: String, expected: &str| Err(Error::argument(method, argument, value, expected));
        let left_keys = self.select(keys)?;
        let right_keys = other.select(left_keys.names())?;
        if left_keys.ncols() == 0 {
            return refused("keys", "none".into(), "the name of at least one column that both tables have");
        }
        let added = other.drop_columns(left_keys.names())?;
        if let Some(name) = added.names.iter().find(|name| self.names.position(name).is_some()) {
            let expected = "keys, or columns that only one table has; rename one with Table::rename, or leave it out with drop_columns";
            return refused("columns", format!("\"{name}\" in both tables"), expected);
        }
        // Rows with equal values in all key columns so far have the same id; each key column refines the ids.
        let (mut left_ids, mut right_ids) = (vec![Some(0_usize); self.rows], vec![Some(0_usize); other.rows]);
        for (name, column) in left_keys.iter() {
            let other_column = right_keys.column(name)?;
            if !are_comparable(column, other_column) {
                let expected = format!("{}, as in the other table", column.kind());
                return Err(Error::ColumnType { column: name.into(), expected, found: other_column.kind() });
            }
            let (left_values, right_values) = (values(column), values(other_column));
            let mut key_ids: HashMap<(usize, KeyValue<'_>), usize> = HashMap::new();
            for (key_id, value) in right_ids.iter_mut().zip(right_values) {
                let next = key_ids.len();
                *key_id = key_id.zip(value).map(|key| *key_ids.entry(key).or_insert(next));
            }
            for (key_id, value) in left_ids.iter_mut().zip(left_values) {
                *key_id = key_id.zip(value).and_then(|key| key_ids.get(&key).copied());
            }
        }
        let mut rows_with_key: Vec<Vec<usize>> = vec![Vec::new(); other.rows];
        for (row, key_id) in right_ids.iter().enumerate().filter_map(|(row, key_id)| Some((row, (*key_id)?))) {
            rows_with_key[key_id].push(row);
        }
        let (mut left_rows, mut right_rows) = (Vec::new(), Vec::new());
        for (row, key_id) in left_ids.into_iter().enumerate() {
            match key_id {
                Some(key_id) => {
                    left_rows.resize(left_rows.len() + rows_with_key[key_id].len(), row);
                    right_rows.extend(rows_with_key[key_id].iter().copied().map(Some));
                }
                None if keep_unmatched => {
                    left_rows.push(row);
                    right_rows.push(None);
                }
                None => {}
            }
        }
        let mut joined = self.gather(&left_rows);
        for (name, column) in added.iter() {
            joined = joined.with_column(name, column.take_some(&right_rows))?;
        }
        Ok(joined)
    }
}

/// Whether values of one column can be equal to values of the other.
fn are_comparable(a: &Column, b: &Column) -> bool {
    let are_empty = |column: &Column| column.missing() == column.len();
    let is_number = |column: &Column| matches!(column, Column::Number(_) | Column::Integer(_));
    are_empty(a) || are_empty(b) || a.kind() == b.kind() || (is_number(a) && is_number(b))
}

/// The values of a column, none for a missing one.
fn values(column: &Column) -> Vec<Option<KeyValue<'_>>> {
    match column {
        Column::Number(values) => values.iter().map(|&value| number_key(value)).collect(),
        Column::Integer(values) => values.iter().map(|value| value.map(KeyValue::Integer)).collect(),
        Column::Boolean(values) => values.iter().map(|value| value.map(KeyValue::Boolean)).collect(),
        Column::DateTime(values) => {
            values.iter().map(|at| at.map(|at| KeyValue::Microseconds(at.microseconds()))).collect()
        }
        Column::String(strings) => strings.iter().map(|text| text.map(KeyValue::String)).collect(),
    }
}

fn number_key(value: f64) -> Option<KeyValue<'static>> {
    let integer = value as i64;
    // 2⁶³ is not a 64-bit integer, though the conversion returns the largest one.
    match value.is_nan() {
        true => None,
        false if integer as f64 == value && integer != i64::MAX => Some(KeyValue::Integer(integer)),
        false => Some(KeyValue::Number(value.to_bits())),
    }
}

#[cfg(test)]
mod tests {
    use super::super::StringColumn;
    use super::super::reference_tables::{frame, same};
    use super::*;

    #[test]
    fn rows_are_those_of_the_reference() {
        let (left, right) = (frame("left"), frame("right"));
        for keys in [&["key"][..], &["code"], &["key", "code"]] {
            let right = match keys {
                [_, _] => right.clone(),
                [key] => right.select([key, "y", "z"]).unwrap(),
                _ => unreachable!(),
            };
            let name = keys.join("_");
            same(&left.left_join(&right, keys).unwrap(), &frame(&format!("left_join_{name}")));
            same(&left.inner_join(&right, keys).unwrap(), &frame(&format!("inner_join_{name}")));
        }
    }

    #[test]
    fn keys_are_compared_by_value() {
        let numbers = [1.0, 0.5, f64::NAN, -0.0, 9_223_372_036_854_775_807.0, f64::INFINITY];
        let left = Table::new().with_numbers("k", numbers).unwrap();
        let right =
            Table::new().with_integers("k", [0, 1, i64::MAX]).unwrap().with_strings("t", ["a", "b", "c"]).unwrap();
        let expected = [Some("b"), None, None, Some("a"), None, None];
        assert!(left.left_join(&right, ["k"]).unwrap().strings("t").unwrap().iter().eq(expected));
        let again =
            Table::new().with_numbers("k", numbers).unwrap().with_numbers("n", [0., 1., 2., 3., 4., 5.]).unwrap();
        let found = left.inner_join(&again, ["k"]).unwrap();
        assert_eq!(found.numbers("n").unwrap(), [0.0, 1.0, 3.0, 4.0, 5.0]);
        let empty: StringColumn = [None::<&str>; 6].into_iter().collect();
        assert_eq!(left.with_column("k", empty).unwrap().inner_join(&right, ["k"]).unwrap().nrows(), 0);
    }

    #[test]
    fn keys_that_do_not_match_are_rejected() {
        let left = Table::new().with_numbers("k", [1.0]).unwrap().with_numbers("x", [1.0]).unwrap();
        let words = Table::new().with_strings("k", ["1"]).unwrap();
        let message = |result: Result<Table>| result.unwrap_err().to_string();
        assert!(message(left.left_join(&words, ["k"])).contains("column \"k\" holds strings; expected numbers"));
        assert!(message(left.left_join(&left, ["k"])).contains("\"x\" in both tables"));
        assert!(message(left.left_join(&words, [""; 0])).contains("at least one column"));
        assert!(message(left.inner_join(&words, ["x"])).contains("no column \"x\""));
    }
}
