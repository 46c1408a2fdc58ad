//! Compares every regularizer with Keras's: penalties and gradients; and gradients with finite differences.

use crate::golden::{assert_close, cases, flat, tolerance};
use perceptra::Scalar;
use perceptra::initializers::Shape;
use perceptra::regularizers::{self, Regularizer};
use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::Arc;

fn shape(w: &Value) -> Shape {
    let rows = w.as_array().unwrap();
    match &rows[0] {
        Value::Array(row) => Shape::matrix(rows.len(), row.len()),
        _ => Shape::vector(rows.len()),
    }
}

fn regularizer<T: Scalar>(case: &Value) -> Arc<dyn Regularizer<T>> {
    regularizers::get(case["class"].as_str().unwrap(), case["config"].clone()).unwrap()
}

fn run<T: Scalar>() -> usize {
    let cases = cases("regularizers");
    for case in &cases {
        let what = format!("{} {}", case["class"], case["config"]);
        let (regularizer, shape) = (regularizer::<T>(case), shape(&case["w"]));
        regularizer.check().unwrap();
        regularizer.check_shape(shape).unwrap();
        let w: Vec<T> = flat(&case["w"]).into_iter().map(T::of).collect();
        let penalty = regularizer.penalty(&w, shape);
        assert_close(&what, &[penalty], &flat(&case["value"]), tolerance::<T>());
        // Adds twice the gradient to the existing values.
        let mut gradient = vec![T::one(); w.len()];
        regularizer.add_gradient(&w, shape, 2.0, &mut gradient);
        let golden: Vec<f64> = flat(&case["gradient"]).into_iter().map(|slope| 1.0 + 2.0 * slope).collect();
        let gradient: Vec<f64> = gradient.into_iter().map(T::to_f64).collect();
        assert_close(&format!("{what}: gradient"), &gradient, &golden, tolerance::<T>());
    }
    cases.len()
}

#[test]
fn penalties_and_gradients_are_keras_s_in_f64() {
    assert_eq!(run::<f64>(), 22);
}

#[test]
fn penalties_and_gradients_are_keras_s_in_f32() {
    assert_eq!(run::<f32>(), 22);
}

#[test]
fn gradients_are_finite_differences() {
    const STEP: f64 = 1e-6;
    let cases = cases("regularizers");
    let mut classes = BTreeSet::new();
    for case in &cases {
        let (regularizer, shape) = (regularizer::<f64>(case), shape(&case["w"]));
        let w = flat(&case["w"]);
        let mut gradient = vec![0.0; w.len()];
        regularizer.add_gradient(&w, shape, 1.0, &mut gradient);
        for at in 0..w.len() {
            let moved = |step: f64| {
                let mut w = w.clone();
                w[at] += step;
                regularizer.penalty(&w, shape)
            };
            let slope = (moved(STEP) - moved(-STEP)) / (2.0 * STEP);
            assert!((gradient[at] - slope).abs() <= 1e-8 + 1e-8 * slope.abs(), "{case} at {at}: {slope}");
        }
        classes.insert(case["class"].as_str().unwrap());
    }
    assert_eq!(classes.len(), 4);
}
