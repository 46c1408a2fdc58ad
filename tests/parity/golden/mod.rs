//! Reading the golden suites and comparing with them.
#![allow(dead_code)] // each parity test uses its part

use nalgebra::DMatrix;
use perceptra::Scalar;
use serde_json::Value;

/// The cases of a suite.
pub(crate) fn cases(suite: &str) -> Vec<Value> {
    let path = format!("{}/tests/parity/suites/{suite}.json", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let suite: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}"));
    let mut cases = suite["cases"].as_array().expect("cases").clone();
    cases.iter_mut().for_each(name_classes);
    cases
}

/// The suites call an item within a configuration by its `class`, configurations by its `class_name`.
fn name_classes(value: &mut Value) {
    match value {
        Value::Array(values) => values.iter_mut().for_each(name_classes),
        Value::Object(entries) => {
            if let Some(config) = entries.get_mut("config").and_then(Value::as_object_mut) {
                for item in config.values_mut().filter_map(Value::as_object_mut) {
                    if let Some(class) = item.remove("class") {
                        item.insert("class_name".into(), class);
                    }
                }
            }
            entries.values_mut().for_each(name_classes);
        }
        _ => {}
    }
}

/// A number, a list or a list of lists as a flat list.
pub(crate) fn flat(value: &Value) -> Vec<f64> {
    match value {
        Value::Array(values) => values.iter().flat_map(flat).collect(),
        Value::Null => Vec::new(),
        number => vec![number.as_f64().unwrap_or_else(|| panic!("a number, not {number}"))],
    }
}

/// A list of rows as a matrix; a list of numbers as a column.
pub(crate) fn matrix<T: Scalar>(value: &Value) -> DMatrix<T> {
    let rows = value.as_array().expect("rows");
    let rows: Vec<Vec<f64>> = rows.iter().map(flat).collect();
    let columns = rows.first().map_or(0, Vec::len);
    DMatrix::from_fn(rows.len(), columns, |i, j| T::of(rows[i][j]))
}

/// The bound on the difference to the golden value: `absolute + relative·|golden|`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tolerance {
    pub absolute: f64,
    pub relative: f64,
}

/// Evaluates one case in an element type.
pub(crate) fn tolerance<T: Scalar>() -> Tolerance {
    match size_of::<T>() {
        4 => Tolerance { absolute: 1e-6, relative: 1e-5 },
        _ => Tolerance { absolute: 1e-10, relative: 1e-10 },
    }
}

/// Holds every number to its golden value.
#[track_caller]
pub(crate) fn assert_close(what: &str, found: &[f64], golden: &[f64], tolerance: Tolerance) {
    assert_eq!(found.len(), golden.len(), "{what}: {found:?} {golden:?}");
    for (i, (found, golden)) in found.iter().zip(golden).enumerate() {
        let bound = tolerance.absolute + tolerance.relative * golden.abs();
        assert!((found - golden).abs() <= bound, "{what}[{i}]: {found} instead of {golden}, bound {bound:e}");
    }
}

/// Holds a whole list to the golden one by norm: `‖a − b‖ ≤ relative·‖b‖`.
#[track_caller]
pub(crate) fn assert_close_by_norm(what: &str, found: &[f64], golden: &[f64], relative: f64) {
    assert_eq!(found.len(), golden.len(), "{what}");
    let norm = |values: &mut dyn Iterator<Item = f64>| values.map(|v| v * v).sum::<f64>().sqrt();
    let apart = norm(&mut found.iter().zip(golden).map(|(a, b)| a - b));
    let size = norm(&mut golden.iter().copied());
    assert!(apart <= relative * size, "{what}: {apart:e} apart of {size:e}");
}
