//! The order of the values of a column.

use super::{Column, MISSING};
use crate::sorting;

/// For each row the position of its value among the distinct ones in ascending order, [`MISSING`] for a missing one. Strings are ordered by
/// their characters, `false` is before `true`, and both zeros are one number.
pub(super) fn ranks(column: &Column) -> Vec<u32> {
    match column {
        Column::Number(values) => {
            let key = |value: f64| if value.is_nan() { None } else { Some(sorting::ordered(value + 0.0)) };
            of_keys(values.len(), &|row| key(values[row]))
        }
        Column::Integer(values) => of_keys(values.len(), &|row| values.get(row)),
        Column::DateTime(values) => {
            let values = values.microseconds();
            of_keys(values.len(), &|row| values.get(row))
        }
        Column::Boolean(values) => values.iter().map(|value| value.map_or(MISSING, u32::from)).collect(),
        Column::String(strings) => {
            let categories = strings.all_categories();
            let of_category = of_strings(categories);
            strings.codes().iter().map(|&code| of_category.get(code as usize).copied().unwrap_or(MISSING)).collect()
        }
    }
}

fn of_strings(strings: &[String]) -> Vec<u32> {
    let mut order: Vec<usize> = (0..strings.len()).collect();
    sorting::by(&mut order, |&a, &b| strings[a].cmp(&strings[b]));
    let mut ranks = vec![MISSING; strings.len()];
    for (rank, equal) in order.chunk_by(|&a, &b| strings[a] == strings[b]).enumerate() {
        equal.iter().for_each(|&at| ranks[at] = rank as u32);
    }
    ranks
}

fn of_keys(rows: usize, key: &dyn Fn(usize) -> Option<i64>) -> Vec<u32> {
    let mut present: Vec<(i64, usize)> = (0..rows).filter_map(|row| Some((key(row)?, row))).collect();
    present.sort_unstable();
    let mut ranks = vec![MISSING; rows];
    for (rank, equal) in present.chunk_by(|a, b| a.0 == b.0).enumerate() {
        equal.iter().for_each(|&(_, row)| ranks[row] = rank as u32);
    }
    ranks
}

#[cfg(test)]
mod tests {
    use super::super::{BooleanColumn, IntegerColumn, StringColumn};
    use super::*;

    #[test]
    fn every_type_is_ordered_with_missing_values_apart() {
        let infinity = f64::INFINITY;
        let numbers = vec![-0.0, 3.0, f64::NAN, -1e300, 0.0, infinity, -infinity, 5e-324];
        assert_eq!(ranks(&numbers.into()), [2, 4, MISSING, 1, 2, 5, 0, 3]);
        let integers: IntegerColumn = [Some(i64::MAX), None, Some(i64::MIN), Some(0), Some(0)].into_iter().collect();
        assert_eq!(ranks(&integers.into()), [2, MISSING, 0, 1, 1]);
        let booleans: BooleanColumn = [Some(true), None, Some(false)].into_iter().collect();
        assert_eq!(ranks(&booleans.into()), [1, MISSING, 0]);
        let strings: StringColumn = [Some("b"), Some("B"), None, Some("ä"), Some("b")].into_iter().collect();
        assert_eq!(ranks(&strings.into()), [1, 0, MISSING, 2, 1]);
    }
}
