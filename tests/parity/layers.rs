//! Compares every layer with Keras's: outputs, state, gradients and penalties, in training and in prediction.

use crate::golden::{Tolerance, assert_close, cases, flat, matrix, tolerance};
use nalgebra::DMatrix;
use perceptra::layers;
use perceptra::models::Gradients;
use perceptra::{Network, Scalar, Sequential};
use serde_json::Value;

/// A network of this layer only, with the golden weights.
fn network<T: Scalar>(case: &Value) -> Network<T> {
    let layer = layers::get::<T>(case["class"].as_str().unwrap(), case["config"].clone()).unwrap();
    let columns = case["inputs"][0].as_array().unwrap().len();
    let mut network = Sequential::<T>::default().seed(1).add(layer).build(columns).unwrap();
    let golden = case["weights"].as_array().unwrap();
    let value_of = |path: &str| {
        let name = path.rsplit('/').next().unwrap();
        let found = golden.iter().find(|weight| weight["name"] == name);
        flat(&found.unwrap_or_else(|| panic!("Keras has no {name}"))["value"]).into_iter().map(T::of)
    };
    let weights: Vec<T> = network.variables().iter().flat_map(|variable| value_of(&variable.path)).collect();
    let state: Vec<T> = network.state_variables().iter().flat_map(|variable| value_of(&variable.path)).collect();
    assert_eq!(network.variables().len() + network.state_variables().len(), golden.len(), "{}", case["class"]);
    network.set_flat(&weights, &state).unwrap();
    network
}

/// Row after row, as the suites have it.
fn rows<T: Scalar>(matrix: &DMatrix<T>) -> Vec<f64> {
    matrix.transpose().iter().map(|value| value.to_f64()).collect()
}

fn numbers<T: Scalar>(values: &[T]) -> Vec<f64> {
    values.iter().map(|value| value.to_f64()).collect()
}

/// The golden state of the names that are state here, one after another.
fn golden_state<T: Scalar>(network: &Network<T>, mode: &Value) -> Vec<f64> {
    let golden = mode["state_after"].as_array().unwrap();
    let of = |name: &str| golden.iter().find(|entry| entry["name"] == name).map(|entry| flat(&entry["value"]));
    network.state_variables().iter().flat_map(|variable| of(variable.name()).unwrap()).collect()
}

/// One evaluation in the element type, with one exception: in f32 the way back through groups of two columns.
///
/// Two columns normalized together come out near ±1 whatever they are, so their gradient is a small difference of
/// terms as large as the inverse deviation, 17 in this suite, whose roundings in f32 add up to 3e-6.
fn bound_of<T: Scalar>(case: &Value, part: &str) -> Tolerance {
    let groups_of_two = case["class"] == "GroupNormalization" && case["config"]["groups"] == 2;
    match part {
        "dx" if groups_of_two && size_of::<T>() == 4 => Tolerance { absolute: 1e-5, ..tolerance::<T>() },
        _ => tolerance::<T>(),
    }
}

fn check_training<T: Scalar>(what: &str, case: &Value, network: &Network<T>, found: &Gradients<T>) {
    let golden = &case["training"];
    let check = |part: &str, found: &[f64], golden: &[f64]| {
        assert_close(&format!("{what}: {part}"), found, golden, bound_of::<T>(case, part))
    };
    check("output", &rows(&found.output), &flat(&golden["output"]));
    check("state", &numbers(&found.state), &golden_state(network, golden));
    check("dx", &rows(&found.input), &flat(&golden["gradients"]["input"]));
    check("penalty", &[found.penalty], &flat(&golden["losses"]));
    let frozen = network.variables().iter().any(|variable| !variable.trainable);
    if !frozen {
        check("dw", &numbers(&found.weights), &flat(&golden["gradients"]["weights"]));
    }
    if golden["loss_gradients"].is_object() {
        check("dx of the penalty", &rows(&found.penalty_input), &flat(&golden["loss_gradients"]["input"]));
        check("dw of the penalty", &numbers(&found.penalty_weights), &flat(&golden["loss_gradients"]["weights"]));
    }
}

fn run<T: Scalar>() -> usize {
    let cases = cases("layers");
    for case in &cases {
        let what = format!("{} {}", case["class"], case["config"]);
        let mut network = network::<T>(case);
        let (x, upstream) = (matrix::<T>(&case["inputs"]), matrix::<T>(&case["upstream"]));
        let found = network.gradients(&x, &upstream).unwrap();
        check_training(&what, case, &network, &found);

        let golden = &case["inference"];
        let predicted = network.predict(&x).unwrap();
        assert_close(&format!("{what}: prediction"), &rows(&predicted), &flat(&golden["output"]), tolerance::<T>());
        // In prediction mode nothing is differentiated, except through layers that are frozen: there the way back to
        // the input is Keras's in that mode. A normalized kernel belongs to training, frozen or not.
        if case["class"] != "SpectralNormalization" {
            let name = network.layer_names().next().unwrap().to_string();
            network.set_trainable(&name, false).unwrap();
            let found = network.gradients(&x, &upstream).unwrap();
            assert_close(&format!("{what}: frozen"), &rows(&found.output), &flat(&golden["output"]), tolerance::<T>());
            let dx = flat(&golden["gradients"]["input"]);
            assert_close(&format!("{what}: frozen dx"), &rows(&found.input), &dx, bound_of::<T>(case, "dx"));
            assert_close(
                &format!("{what}: frozen state"),
                &numbers(&found.state),
                &golden_state(&network, golden),
                tolerance::<T>(),
            );
        }
    }
    cases.len()
}

#[test]
fn layers_are_keras_s_in_f64() {
    assert_eq!(run::<f64>(), 63);
}

#[test]
fn layers_are_keras_s_in_f32() {
    assert_eq!(run::<f32>(), 63);
}
