//! When tables and states are the same.

use super::super::{Column, Table};
use crate::Result;
use serde_json::Value as Json;

/// The values of a table, column by column: names, kinds and bits.
pub(super) fn bits(table: &Table) -> Vec<(String, Vec<String>)> {
    let of = |column: &Column| match column {
        // A NaN is a missing value whatever its bits are.
        Column::Number(values) => {
            values.iter().map(|x| if x.is_nan() { "missing".into() } else { format!("{:x}", x.to_bits()) }).collect()
        }
        Column::Boolean(values) => values.iter().map(|value| format!("{value:?}")).collect(),
        Column::String(strings) => strings.iter().map(|text| format!("{text:?}")).collect(),
    };
    table.iter().map(|(name, column)| (format!("{name} ({})", column.kind()), of(column))).collect()
}

/// Whether two results are the same tables, or both errors.
pub(super) fn same(one: &Result<Table>, other: &Result<Table>) -> bool {
    match (one, other) {
        (Ok(one), Ok(other)) => bits(one) == bits(other),
        (Err(one), Err(other)) => one.to_string() == other.to_string(),
        _ => false,
    }
}

/// Whether columns hold the same values up to this relative difference of numbers; booleans count as numbers.
pub(super) fn close_columns(one: &Column, other: &Column, tolerance: f64) -> bool {
    match (one.as_numbers(), other.as_numbers()) {
        (Some(one), Some(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(a, b)| close(*a, *b, tolerance))
        }
        (None, None) => bits_of(one) == bits_of(other),
        // A column without any value may have come as one of another kind.
        _ => one.missing() == one.len() && other.missing() == other.len(),
    }
}

fn bits_of(column: &Column) -> Vec<(String, Vec<String>)> {
    bits(&Table::new().with_column("c", column.clone()).unwrap())
}

/// Whether two numbers are close; missing ones are.
pub(super) fn close(a: f64, b: f64, tolerance: f64) -> bool {
    a == b || (a.is_nan() && b.is_nan()) || (a - b).abs() <= tolerance * (1.0 + a.abs().max(b.abs()))
}

/// Whether the numbers of some column differ in size so much that their sums and differences are rounding.
pub(super) fn sizes_differ(table: &Table) -> bool {
    table.iter().filter_map(|(_, column)| column.as_numbers()).any(|numbers| {
        let sizes = numbers.iter().map(|x| x.abs()).filter(|x| *x > 0.0);
        let (least, most) = sizes.fold((f64::INFINITY, 0.0_f64), |(least, most), x| (least.min(x), most.max(x)));
        most / least > 1e12 || most > 1e12
    })
}

/// Whether two states hold the same values up to this relative difference of numbers.
pub(super) fn close_states(one: &Json, other: &Json, tolerance: f64) -> bool {
    match (one, other) {
        (Json::Number(one), Json::Number(other)) => {
            let [one, other] = [one, other].map(|number| number.as_f64().unwrap_or(f64::NAN));
            close(one, other, tolerance)
        }
        (Json::Array(one), Json::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(a, b)| close_states(a, b, tolerance))
        }
        (Json::Object(one), Json::Object(other)) => {
            one.len() == other.len()
                && one.iter().all(|(key, a)| other.get(key).is_some_and(|b| close_states(a, b, tolerance)))
        }
        _ => one == other,
    }
}
