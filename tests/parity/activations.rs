//! Compares every activation with Keras's: values and gradients; and gradients with finite differences.

use crate::golden::{assert_close, cases, flat, matrix, tolerance};
use nalgebra::DMatrix;
use perceptra::activations::{self, Activation};
use perceptra::{BatchBuffer, Scalar};
use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::Arc;

fn activation<T: Scalar>(case: &Value) -> Arc<dyn Activation<T>> {
    activations::get(case["name"].as_str().unwrap(), case["config"].clone()).unwrap()
}

fn forward<T: Scalar>(activation: &dyn Activation<T>, z: &DMatrix<T>) -> BatchBuffer<T> {
    let mut a = BatchBuffer::zeros(z.nrows(), z.ncols());
    activation.forward(BatchBuffer::from_matrix(z).batch(), a.batch_mut());
    a
}

fn backward<T: Scalar>(activation: &dyn Activation<T>, z: &DMatrix<T>, da: &DMatrix<T>) -> DMatrix<T> {
    let a = forward(activation, z);
    let (z, da) = (BatchBuffer::from_matrix(z), BatchBuffer::from_matrix(da));
    let mut dz = BatchBuffer::zeros(a.batch().rows(), a.batch().columns());
    activation.backward(z.batch(), a.batch(), da.batch(), dz.batch_mut());
    dz.to_matrix()
}

/// Row after row, as the suites have it.
fn rows<T: Scalar>(matrix: &DMatrix<T>) -> Vec<f64> {
    matrix.transpose().iter().map(|value| value.to_f64()).collect()
}

fn run<T: Scalar>() -> usize {
    let cases = cases("activations");
    for case in &cases {
        let what = format!("{} {}", case["name"], case["config"]);
        let (z, da) = (matrix::<T>(&case["z"]), matrix::<T>(&case["da"]));
        let activation = activation::<T>(case);
        let a = forward(&*activation, &z).to_matrix();
        assert_close(&format!("{what}: a"), &rows(&a), &flat(&case["a"]), tolerance::<T>());
        let dz = backward(&*activation, &z, &da);
        assert_close(&format!("{what}: dz"), &rows(&dz), &flat(&case["dz"]), tolerance::<T>());
    }
    cases.len()
}

#[test]
fn values_and_gradients_are_keras_s_in_f64() {
    assert_eq!(run::<f64>(), 108);
}

#[test]
fn values_and_gradients_are_keras_s_in_f32() {
    assert_eq!(run::<f32>(), 108);
}

/// Holds `dz` to the central difference of `Σ da·a`.
fn check_gradient(what: &str, activation: &dyn Activation<f64>, z: &DMatrix<f64>, da: &DMatrix<f64>) {
    const STEP: f64 = 1e-5;
    let dz = backward(activation, z, da);
    for at in 0..z.len() {
        let moved = |step: f64| {
            let mut z = z.clone();
            z[at] += step;
            forward(activation, &z).to_matrix()
        };
        let slope = (moved(STEP) - moved(-STEP)).dot(da) / (2.0 * STEP);
        let bound = 1e-8 + 1e-8 * slope.abs();
        assert!((dz[at] - slope).abs() <= bound, "{what} at z = {}: {} instead of {slope}", z[at], dz[at]);
    }
}

#[test]
fn gradients_are_finite_differences() {
    let cases = cases("activations");
    let mut names = BTreeSet::new();
    for case in &cases {
        names.insert(case["name"].as_str().unwrap().to_string());
        let what = format!("{} {}", case["name"], case["config"]);
        check_gradient(&what, &*activation(case), &matrix(&case["z"]), &matrix(&case["da"]));
    }
    assert_eq!(names.len(), 31, "{names:?}");
}

/// The projection onto the simplex is no argument of Keras's.
#[test]
fn the_gradient_of_the_projecting_sparsemax_is_a_finite_difference() {
    for case in cases("activations").iter().filter(|case| case["name"] == "sparsemax") {
        let sparsemax = activations::Sparsemax.projection(true);
        check_gradient("sparsemax", &sparsemax, &matrix(&case["z"]), &matrix(&case["da"]));
    }
}

#[test]
fn a_saved_description_makes_the_same_activation() {
    for case in cases("activations") {
        let first = activation::<f64>(&case);
        let again = activations::get::<f64>(&first.class_name(), first.config().unwrap()).unwrap();
        let z = matrix(&case["z"]);
        assert_eq!(forward(&*first, &z).to_matrix(), forward(&*again, &z).to_matrix(), "{}", case["name"]);
    }
}

#[test]
fn arguments_out_of_range_are_refused_by_name() {
    let wrong = [
        ("celu", "alpha", 0.0),
        ("relu", "max_value", -1.0),
        ("hard_shrink", "threshold", -0.5),
        ("soft_shrink", "threshold", -0.5),
        ("squareplus", "b", -4.0),
    ];
    for (name, argument, value) in wrong {
        let activation = activations::get::<f32>(name, serde_json::json!({ argument: value })).unwrap();
        let message = activation.check().unwrap_err().to_string();
        assert!(message.contains(argument) && message.contains(&value.to_string()), "{message}");
    }
}
