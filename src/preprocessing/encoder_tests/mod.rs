//! Compares encoders with golden values; common code of their tests.

mod blocks;
mod one_hot;
mod ordinal;
mod target;
mod typed;

use super::{Column, FitInput, FittedTransformer, StringColumn, Table, Transformer};
use crate::Error;
use crate::reference::{self, Case};
use serde_json::Value;
use std::sync::Arc;

fn of_strings(strings: &[Option<&str>]) -> Table {
    Table::new().with_column("c", strings.iter().copied().collect::<StringColumn>()).unwrap()
}

fn of_numbers(numbers: Vec<f64>) -> Table {
    Table::new().with_numbers("c", numbers).unwrap()
}

/// Training rows and others: strings and numbers, some missing, some unknown.
fn tables() -> [(Table, Table); 2] {
    let case = reference::case("category_columns");
    let strings = |field| of_strings(&case.optional_strings(field));
    let numbers = |field| of_numbers(case.numbers(field));
    [(strings("train"), strings("other")), (numbers("numbers"), numbers("other_numbers"))]
}

/// The numbers of a table row by row.
fn rows(table: &Table) -> Vec<f64> {
    let columns: Vec<&[f64]> = table.names().iter().map(|name| table.numbers(name).unwrap()).collect();
    (0..table.nrows()).flat_map(|row| columns.iter().map(move |column| column[row])).collect()
}

/// Both are missing or close.
fn assert_same(found: &[f64], expected: &[f64], what: &str) {
    assert_eq!(found.len(), expected.len(), "{what}");
    for (index, (a, b)) in found.iter().zip(expected).enumerate() {
        let same = a == b || (a.is_nan() && b.is_nan()) || (a - b).abs() <= 1e-10 * b.abs().max(1.0);
        assert!(same, "{what}, {index}: {a}, expected {b}");
    }
}

/// Holds a column that came back against the fields of a case.
fn assert_back(case: &Case, found: &Column, what: &str) {
    match found {
        Column::String(strings) => {
            assert_eq!(strings.iter().collect::<Vec<_>>(), case.optional_strings("back"), "{what}")
        }
        other => assert_same(other.as_numbers().unwrap(), &case.numbers("back_numbers"), what),
    }
}

/// Fitted, and what came of writing and reading its state.
fn fitted(transformer: &dyn Transformer, input: FitInput<'_>) -> [Arc<dyn FittedTransformer>; 2] {
    let fitted = transformer.fit(input).unwrap();
    let text = fitted.state().unwrap().to_string();
    let again = transformer.restore(serde_json::from_str(&text).unwrap()).unwrap();
    [fitted, again]
}

/// Checks that a single row is transformed as it is among others.
fn assert_rows_alone(fitted: &dyn FittedTransformer, table: &Table) {
    let whole = rows(&fitted.transform(table).unwrap());
    let alone = (0..table.nrows()).flat_map(|row| rows(&fitted.transform(&table.take(&[row]).unwrap()).unwrap()));
    assert_eq!(whole.iter().map(|x| x.to_bits()).collect::<Vec<_>>(), alone.map(f64::to_bits).collect::<Vec<_>>());
}

/// Checks that a state with this value at a JSON pointer is refused.
fn hostile(transformer: &dyn Transformer, state: &Value, pointer: &str, value: Value) {
    let mut changed = state.clone();
    *changed.pointer_mut(pointer).unwrap_or_else(|| panic!("{pointer} in {state}")) = value;
    let restored = transformer.restore(changed.clone());
    assert!(matches!(restored, Err(Error::Configuration { .. })), "{changed}: {restored:?}");
}
