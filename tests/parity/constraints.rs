//! Compares every constraint with Keras's.

use crate::golden::{assert_close, cases, flat, tolerance};
use perceptra::initializers::Shape;
use perceptra::{Scalar, constraints};
use serde_json::Value;
use std::collections::BTreeSet;

fn run<T: Scalar>() -> (usize, usize) {
    let cases = cases("constraints");
    let mut classes = BTreeSet::new();
    for case in &cases {
        let class = case["class"].as_str().unwrap();
        let constraint = constraints::get::<T>(class, case["config"].clone()).unwrap();
        let rows = case["w"].as_array().unwrap();
        let shape = match &rows[0] {
            Value::Array(row) => Shape::matrix(rows.len(), row.len()),
            _ => Shape::vector(rows.len()),
        };
        constraint.check().unwrap();
        constraint.check_shape(shape).unwrap();
        let mut w: Vec<T> = flat(&case["w"]).into_iter().map(T::of).collect();
        constraint.apply(&mut w, shape);
        let w: Vec<f64> = w.into_iter().map(T::to_f64).collect();
        assert_close(&format!("{class} {}", case["config"]), &w, &flat(&case["result"]), tolerance::<T>());
        classes.insert(class);
    }
    (cases.len(), classes.len())
}

#[test]
fn results_are_keras_s_in_f64() {
    assert_eq!(run::<f64>(), (17, 4));
}

#[test]
fn results_are_keras_s_in_f32() {
    assert_eq!(run::<f32>(), (17, 4));
}
