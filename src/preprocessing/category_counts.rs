//! The categories of a column, which encoders learn.

use super::scaling::finite_numbers;
use super::{Categories, Column, Found, Table, Value};
use crate::Result;
use crate::sorting;
use std::cmp::Ordering;
use std::collections::HashMap;

/// The distinct values of a column in sorted order, or given ones, and how often each occurs.
#[derive(Debug, Default, serde::Serialize, serde::Deserialize)]
pub(super) struct CategoryCounts {
    pub(super) values: Vec<Value>,
    pub(super) counts: Vec<usize>,
    /// The rows without a value.
    pub(super) missing: usize,
    /// The rows with a value that is not among given ones.
    others: usize,
}

impl CategoryCounts {
    /// Counts the values that occur.
    pub(super) fn of(table: &Table, name: &str) -> Result<Self> {
        let column = table.column(name)?;
        let mut counted: Vec<(Value, usize)> = match column {
            Column::String(strings) => {
                strings.counts().into_iter().map(|(text, count)| (Value::from(text), count)).collect()
            }
            Column::Number(_) => {
                let mut counts: HashMap<u64, usize> = HashMap::new();
                for number in finite_numbers(table, name)?.iter().filter(|number| !number.is_nan()) {
                    // Adding zero makes -0 and 0 one category.
                    *counts.entry((number + 0.0).to_bits()).or_default() += 1;
                }
                counts.into_iter().map(|(bits, count)| (Value::Number(f64::from_bits(bits)), count)).collect()
            }
            Column::Integer(values) => distinct(values.iter().flatten()),
            Column::DateTime(values) => distinct(values.iter().flatten()),
            Column::Boolean(values) => {
                let count = |value| values.iter().filter(|found| *found == Some(value)).count();
                [false, true]
                    .map(|value| (Value::from(value), count(value)))
                    .into_iter()
                    .filter(|one| one.1 > 0)
                    .collect()
            }
        };
        sorting::by(&mut counted, |a, b| in_order(&a.0, &b.0));
        let (values, counts) = counted.into_iter().unzip();
        Ok(CategoryCounts { values, counts, missing: column.missing(), others: 0 })
    }

    /// Counts given values, in their order.
    pub(super) fn of_given(values: &[Value], table: &Table, name: &str) -> Result<Self> {
        let (mut counts, mut missing, mut others) = (vec![0; values.len()], 0, 0);
        for found in Categories::of_values(values).find(table, name)? {
            match found {
                Found::Known(place) => counts[place] += 1,
                Found::Missing => missing += 1,
                Found::Unknown => others += 1,
            }
        }
        Ok(CategoryCounts { values: values.to_vec(), counts, missing, others })
    }

    /// Adds the counts of other rows.
    pub(super) fn add(&mut self, other: CategoryCounts) {
        self.missing += other.missing;
        self.others += other.others;
        if self.values == other.values {
            self.counts.iter_mut().zip(other.counts).for_each(|(count, more)| *count += more);
            return;
        }
        let mut all: Vec<(Value, usize)> = std::mem::take(&mut self.values)
            .into_iter()
            .chain(other.values)
            .zip(std::mem::take(&mut self.counts).into_iter().chain(other.counts))
            .collect();
        sorting::by(&mut all, |a, b| in_order(&a.0, &b.0));
        for (value, count) in all {
            match self.values.last() {
                Some(last) if *last == value => self.counts.last_mut().into_iter().for_each(|sum| *sum += count),
                _ => {
                    self.values.push(value);
                    self.counts.push(count);
                }
            }
        }
    }

    /// The number of rows.
    pub(super) fn rows(&self) -> usize {
        self.counts.iter().sum::<usize>() + self.missing + self.others
    }
}

/// Booleans, numbers and strings, each in their own order.
pub(super) fn in_order(a: &Value, b: &Value) -> Ordering {
    match (a, b) {
        (Value::Boolean(a), Value::Boolean(b)) => a.cmp(b),
        (Value::Number(a), Value::Number(b)) => a.total_cmp(b),
        (Value::String(a), Value::String(b)) => a.cmp(b),
        _ => {
            let rank = |value: &Value| match value {
                Value::Boolean(_) => 0,
                Value::Number(_) => 1,
                Value::String(_) => 2,
            };
            rank(a).cmp(&rank(b))
        }
    }
}

/// The frequency of each value.
fn distinct<V: std::hash::Hash + Eq + Into<Value>>(values: impl Iterator<Item = V>) -> Vec<(Value, usize)> {
    let mut counts: HashMap<V, usize> = HashMap::new();
    values.for_each(|value| *counts.entry(value).or_default() += 1);
    counts.into_iter().map(|(value, count)| (value.into(), count)).collect()
}

#[cfg(test)]
mod tests {
    use super::super::StringColumn;
    use super::*;

    #[test]
    fn blocks_count_as_the_whole_column() {
        let strings: StringColumn = [Some("b"), None, Some("a"), Some("b"), Some("c"), Some("b")].into_iter().collect();
        let table = Table::new().with_column("c", strings).unwrap();
        let whole = CategoryCounts::of(&table, "c").unwrap();
        assert_eq!(
            (whole.values.clone(), &whole.counts[..], whole.missing),
            (["a", "b", "c"].map(Value::from).into(), &[1, 3, 1][..], 1)
        );
        let mut parts = CategoryCounts::of(&table.take(&[0, 1]).unwrap(), "c").unwrap();
        parts.add(CategoryCounts::of(&table.take(&[2, 3, 4, 5]).unwrap(), "c").unwrap());
        assert_eq!((parts.values.clone(), parts.counts.clone(), parts.rows()), (whole.values, whole.counts, 6));
        let given = [Value::from("c"), Value::from("b")];
        let counted = CategoryCounts::of_given(&given, &table, "c").unwrap();
        assert_eq!((&counted.counts[..], counted.missing, counted.rows()), (&[1, 3][..], 1, 6));
    }

    #[test]
    fn numbers_are_counted_once_for_both_zeros() {
        let table = Table::new().with_numbers("n", [2.0, -0.0, f64::NAN, 0.0]).unwrap();
        let counted = CategoryCounts::of(&table, "n").unwrap();
        assert_eq!(
            (counted.values, counted.counts, counted.missing),
            ([0.0, 2.0].map(Value::from).into(), vec![2, 1], 1)
        );
        let infinite = Table::new().with_numbers("n", [f64::INFINITY]).unwrap();
        assert!(CategoryCounts::of(&infinite, "n").is_err());
    }
}
