//! Golden values from scikit-learn, for the unit tests; `tests/parity/sklearn_reference.py` and the scripts of
//! `tests/parity/sklearn` make them.

use std::sync::LazyLock;

use nalgebra::DMatrix;
use serde_json::Value;

/// The files of cases; a name occurs in one of them.
const FILES: &[&str] = &[
    include_str!("../tests/parity/sklearn/baselines.json"),
    include_str!("../tests/parity/sklearn/calibration.json"),
    include_str!("../tests/parity/sklearn/class_weight.json"),
    include_str!("../tests/parity/sklearn/comparison.json"),
    include_str!("../tests/parity/sklearn/decisions.json"),
    include_str!("../tests/parity/sklearn/encoders.json"),
    include_str!("../tests/parity/sklearn/inspection.json"),
    include_str!("../tests/parity/sklearn/missing.json"),
    include_str!("../tests/parity/sklearn/scalers.json"),
    include_str!("../tests/parity/sklearn/scores.json"),
    include_str!("../tests/parity/sklearn/splits.json"),
    include_str!("../tests/parity/sklearn_reference.json"),
];

static CASES: LazyLock<Vec<Value>> =
    LazyLock::new(|| FILES.iter().map(|file| serde_json::from_str(file).expect("the file is JSON")).collect());

/// One case of the reference by name.
pub(crate) struct Case(&'static Value);

pub(crate) fn case(name: &str) -> Case {
    Case(CASES.iter().find_map(|cases| cases.get(name)).unwrap_or_else(|| panic!("no case {name}")))
}

impl Case {
    /// All numbers of a field, nested lists one after another.
    pub(crate) fn numbers(&self, field: &str) -> Vec<f64> {
        let value = self.0.get(field).unwrap_or_else(|| panic!("no field {field}"));
        let mut found = Vec::new();
        flatten(value, &mut found);
        found
    }

    /// All numbers of a case that is a list of them.
    pub(crate) fn all(&self) -> Vec<f64> {
        let mut found = Vec::new();
        flatten(self.0, &mut found);
        found
    }

    /// The strings of a case that is a list of them.
    pub(crate) fn strings(&self) -> Vec<&str> {
        self.0.as_array().map_or(Vec::new(), |items| items.iter().filter_map(Value::as_str).collect())
    }

    /// A field that is a string.
    pub(crate) fn text(&self, field: &str) -> &str {
        self.0[field].as_str().expect("a string")
    }

    /// A field that is a list of cases.
    pub(crate) fn list(&self, field: &str) -> Vec<Case> {
        let items = self.0[field].as_array().expect("a list");
        items.iter().map(Case).collect()
    }

    /// A field that holds row numbers or labels.
    pub(crate) fn indices(&self, field: &str) -> Vec<usize> {
        self.numbers(field).into_iter().map(|number| number as usize).collect()
    }

    /// A field that is a list of rows.
    pub(crate) fn matrix(&self, field: &str) -> DMatrix<f64> {
        let rows = self.0[field].as_array().map_or(0, Vec::len);
        let numbers = self.numbers(field);
        DMatrix::from_row_slice(rows, numbers.len() / rows, &numbers)
    }

    /// Holds numbers against a field: `|a − b| ≤ tolerance · max(1, |b|)`.
    pub(crate) fn assert_close(&self, field: &str, found: impl AsRef<[f64]>, tolerance: f64) {
        let (found, expected) = (found.as_ref(), self.numbers(field));
        assert_eq!(found.len(), expected.len(), "length of {field}");
        for (index, (a, b)) in found.iter().zip(&expected).enumerate() {
            let close = a == b || (a - b).abs() <= tolerance * b.abs().max(1.0);
            assert!(close, "{field}[{index}]: {a}, expected {b}");
        }
    }

    /// A field that is a list of strings, some of them null.
    pub(crate) fn optional_strings(&self, field: &str) -> Vec<Option<&str>> {
        self.0[field].as_array().expect("a list").iter().map(Value::as_str).collect()
    }
}

/// The numbers of a matrix row by row.
pub(crate) fn row_major(matrix: &DMatrix<f64>) -> Vec<f64> {
    matrix.transpose().as_slice().to_vec()
}

fn flatten(value: &Value, found: &mut Vec<f64>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| flatten(item, found)),
        Value::String(text) => found.push(text.parse().expect("inf or NaN")),
        Value::Bool(truth) => found.push(f64::from(u8::from(*truth))),
        other => found.push(other.as_f64().expect("a number")),
    }
}
