//! The golden files and the expected content of their columns, for the tests of both crates that read them.

use perceptra::preprocessing::{Column, Table};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

pub(crate) fn golden(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../parquet/tests/golden").join(name)
}

/// Describes a column as the script does.
fn described(name: &str, column: &Column) -> Value {
    let (kind, values): (&str, Vec<Value>) = match column {
        Column::Number(values) => {
            ("number", values.iter().map(|value| json!((!value.is_nan()).then_some(*value))).collect())
        }
        Column::Integer(values) => {
            ("integer", values.iter().map(|value| json!(value.map(|value| value.to_string()))).collect())
        }
        Column::Boolean(values) => ("boolean", values.iter().map(|value| json!(value)).collect()),
        Column::DateTime(values) => {
            ("date", values.iter().map(|value| json!(value.map(|value| value.microseconds()))).collect())
        }
        Column::String(values) => ("string", values.iter().map(|value| json!(value)).collect()),
    };
    json!({"name": name, "kind": kind, "missing": column.missing(), "values": values})
}

pub(crate) fn compare(table: &Table, expected: &Value) -> usize {
    let expected = expected.as_array().unwrap();
    assert_eq!(table.ncols(), expected.len());
    for ((name, column), expected) in table.iter().zip(expected) {
        assert_eq!(described(name, column), *expected);
    }
    expected.len()
}
