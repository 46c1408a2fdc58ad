//! Compares two hundred training steps from Keras's initial weights, in Keras's order of batches, with Keras's.

use crate::golden::{assert_close_by_norm, cases, flat, matrix};
use nalgebra::DMatrix;
use perceptra::prelude::*;
use perceptra::{Result, Scalar, activations, losses, optimizers};
use serde_json::Value;
use std::sync::Arc;

fn compiled<T: Scalar>(case: &Value) -> Model<T> {
    let mut layers = Sequential::<T>::default();
    for layer in case["layers"].as_array().unwrap() {
        let units = layer["config"]["units"].as_u64().unwrap() as usize;
        let activation = layer["config"]["activation"].as_str().unwrap_or("linear");
        layers = layers.add(Dense::new(units, activations::get(activation, Value::Null).unwrap()));
    }
    let item = |key: &str| (case[key]["class"].as_str().unwrap(), case[key]["config"].clone());
    let (optimizer, config) = item("optimizer");
    let optimizer = optimizers::get(optimizer, config).unwrap();
    let (loss, config) = item("loss");
    let loss = losses::get(loss, config).unwrap();
    let metrics = case["metrics"].as_array().unwrap().iter();
    let metrics: Vec<Arc<dyn metrics::Metric<T>>> = metrics
        .map(|metric| match metric.as_str() {
            Some(name) => metrics::get(name, serde_json::json!({ "name": name })).unwrap(),
            None => metrics::get(metric["class"].as_str().unwrap(), metric["config"].clone()).unwrap(),
        })
        .collect();
    layers.compile(optimizer, loss, metrics)
}

/// Sets `layer/variable` weights, which come layer after layer.
fn set_weights<T: Scalar>(model: &mut Model<T>, weights: &Value) -> Result<()> {
    let weights = weights.as_array().unwrap();
    let layer = |weight: &Value| weight["name"].as_str().unwrap().split('/').next().unwrap().to_string();
    for group in weights.chunk_by(|a, b| layer(a) == layer(b)) {
        let values: Vec<DMatrix<T>> = group.iter().map(|weight| matrix(&weight["value"])).collect();
        model.set_weights(&layer(&group[0]), &values)?;
    }
    Ok(())
}

fn weights<T: Scalar>(model: &Model<T>) -> Vec<f64> {
    model.network().unwrap().flat_weights().iter().map(|weight| weight.to_f64()).collect()
}

fn run<T: Scalar>(case: &Value, key: &str, relative: f64) -> Result<()> {
    let network = case["network"].as_str().unwrap();
    let golden = &case[key];
    let (x, y) = (matrix::<T>(&case["x"]), matrix::<T>(&case["y"]));
    let batch_size = case["batch_size"].as_u64().unwrap() as usize;
    let epochs = case["epochs"].as_u64().unwrap() as usize;

    // Step by step: the loss of each batch and the weights along the way.
    let mut model = compiled::<T>(case);
    model.build(x.ncols())?;
    set_weights(&mut model, &case["initial_weights"])?;
    let mut losses = Vec::new();
    for _ in 0..epochs {
        for start in (0..x.nrows()).step_by(batch_size) {
            let rows = batch_size.min(x.nrows() - start);
            let logs = model.train_on_batch(&x.rows(start, rows), &y.rows(start, rows))?;
            losses.push(logs.loss());
            let after = golden["weights_after"].as_array().unwrap();
            if let Some(after) = after.iter().find(|after| after["step"] == losses.len()) {
                let wanted: Vec<f64> =
                    after["weights"].as_array().unwrap().iter().flat_map(|weight| flat(&weight["value"])).collect();
                assert_close_by_norm(
                    &format!("{network} {key} step {}", losses.len()),
                    &weights(&model),
                    &wanted,
                    relative,
                );
            }
        }
    }
    assert_eq!(losses.len(), 200);
    assert_close_by_norm(&format!("{network} {key} losses"), &losses, &flat(&golden["loss_per_step"]), relative);

    // As one fit: the same weights at its end, and Keras's history.
    let mut model = compiled::<T>(case);
    model.build(x.ncols())?;
    set_weights(&mut model, &case["initial_weights"])?;
    let fit = Fit::new().batch_size(batch_size).epochs(epochs).shuffle(false).verbose(0);
    let history = model.fit(&x, &y, fit)?;
    for (name, wanted) in golden["history"].as_object().unwrap() {
        let found = history.get(name).unwrap_or_else(|| panic!("{network}: no {name} in the history"));
        assert_close_by_norm(&format!("{network} {key} {name}"), found, &flat(wanted), relative);
    }
    Ok(())
}

/// Where a softmax comes within 1e-7 of 1, Keras clips it on its JAX back end; the joined form here does not, and the
/// paths part by a few 1e-9.
#[test]
fn f64_follows_keras() -> Result<()> {
    let cases = cases("trajectory");
    assert_eq!(cases.len(), 3);
    cases.iter().try_for_each(|case| run::<f64>(case, "f64", 1e-7))
}

#[test]
fn f32_follows_keras() -> Result<()> {
    cases("trajectory").iter().try_for_each(|case| run::<f32>(case, "f32", 1e-4))
}
