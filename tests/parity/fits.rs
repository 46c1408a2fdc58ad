//! Compares whole fits with Keras's: history, weights, predictions and evaluation.

use crate::golden::{assert_close_by_norm, cases, flat, matrix};
use nalgebra::DMatrix;
use perceptra::prelude::*;
use perceptra::{Result, Scalar, layers, losses, metrics, optimizers};
use serde_json::{Value, json};
use std::sync::Arc;

/// The bound on the difference of two fits; the order of summation causes about 1e-14 in `f64` and 1e-6 in `f32` for each step.
struct Bounds {
    relative: f64,
}

fn metric_list<T: Scalar>(list: &Value) -> Vec<Arc<dyn metrics::Metric<T>>> {
    let metric = |metric: &Value| match metric.as_str() {
        Some(name) => metrics::get(name, json!({ "name": name })).unwrap(),
        None => metrics::get(metric["class"].as_str().unwrap(), metric["config"].clone()).unwrap(),
    };
    list.as_array().map(|list| list.iter().map(metric).collect()).unwrap_or_default()
}

fn compiled<T: Scalar>(case: &Value) -> Model<T> {
    let item = |value: &Value| (value["class"].as_str().unwrap().to_string(), value["config"].clone());
    let mut model = Sequential::<T>::default();
    for layer in case["layers"].as_array().unwrap() {
        let (class, config) = item(layer);
        model = model.add(layers::get(&class, config).unwrap());
    }
    let (class, config) = item(&case["optimizer"]);
    let optimizer = optimizers::get(&class, config).unwrap();
    let (class, config) = item(&case["loss"]);
    let loss = losses::get(&class, config).unwrap();
    let model = model.compile(optimizer, loss, metric_list(&case["metrics"]));
    model.weighted_metrics(metric_list::<T>(&case["weighted_metrics"]))
}

/// Weights in Keras's order, layer by layer, with this model's names of the layers. Names differ after a layer that wraps
/// another one, which Keras also counts.
fn groups<'v, T: Scalar>(weights: &'v Value, model: &Model<T>) -> Result<Vec<(String, Vec<&'v Value>)>> {
    let mut groups: Vec<(&str, Vec<&Value>)> = Vec::new();
    for weight in weights.as_array().unwrap() {
        let layer = weight["name"].as_str().unwrap().split('/').next().unwrap();
        match groups.last_mut() {
            Some((last, values)) if *last == layer => values.push(&weight["value"]),
            _ => groups.push((layer, vec![&weight["value"]])),
        }
    }
    let mut names = Vec::new();
    for name in model.network()?.layer_names() {
        if !model.weights(name)?.is_empty() {
            names.push(name.to_string());
        }
    }
    assert_eq!(names.len(), groups.len());
    Ok(names.into_iter().zip(groups).map(|(name, (_, values))| (name, values)).collect())
}

fn column<T: Scalar>(value: &Value) -> Option<Vec<T>> {
    value.as_array().map(|_| flat(value).into_iter().map(T::of).collect())
}

fn run<T: Scalar>(case: &Value, bounds: &Bounds) -> Result<()> {
    let title = case["fit"].as_str().unwrap();
    let arguments = &case["arguments"];
    let (x, y) = (matrix::<T>(&case["x"]), matrix::<T>(&case["y"]));
    let mut model = compiled::<T>(case);
    model.build(x.ncols())?;
    for (layer, values) in groups(&case["initial_weights"], &model)? {
        let shapes: Vec<(usize, usize)> = model.weights(&layer)?.iter().map(DMatrix::shape).collect();
        let values = values.iter().zip(shapes);
        let values: Vec<DMatrix<T>> = values
            .map(|(value, (rows, columns))| {
                DMatrix::from_row_iterator(rows, columns, flat(value).into_iter().map(T::of))
            })
            .collect();
        model.set_weights(&layer, &values)?;
    }
    let number = |name: &str| arguments[name].as_u64().map(|number| number as usize);
    let sample_weight = column::<T>(&arguments["sample_weight"]);
    let validation = &arguments["validation_data"];
    let validation_weight = column::<T>(&validation["sample_weight"]);
    let held = validation.as_object().map(|data| (matrix::<T>(&data["x"]), matrix::<T>(&data["y"])));
    let mut fit = Fit::new().shuffle(false).verbose(0);
    fit = fit.batch_size(number("batch_size").unwrap()).epochs(number("epochs").unwrap());
    fit =
        fit.initial_epoch(number("initial_epoch").unwrap_or(0)).validation_freq(number("validation_freq").unwrap_or(1));
    fit = fit.validation_split(arguments["validation_split"].as_f64().unwrap_or(0.0));
    if let Some(steps) = number("validation_steps") {
        fit = fit.validation_steps(steps);
    }
    if let Some(size) = number("validation_batch_size") {
        fit = fit.validation_batch_size(size);
    }
    if let Some((x, y)) = &held {
        fit = fit.validation_data(x, y);
    }
    if let Some(weights) = &validation_weight {
        fit = fit.validation_weights(weights);
    }
    if let Some(weights) = &sample_weight {
        fit = fit.sample_weight(weights);
    }
    if let Some(weights) = arguments["class_weight"].as_array() {
        let pair = |pair: &Value| (pair[0].as_u64().unwrap() as usize, pair[1].as_f64().unwrap());
        fit = fit.class_weight(weights.iter().map(pair));
    }
    for callback in case["callbacks"].as_array().into_iter().flatten() {
        let config = &callback["config"];
        let number = |name: &str| config[name].as_u64().unwrap() as usize;
        let real = |name: &str| config[name].as_f64().unwrap();
        fit = match callback["class"].as_str().unwrap() {
            "EarlyStopping" => {
                assert_eq!(config["restore_best_weights"], true);
                fit.callback(EarlyStopping::new().patience(number("patience")).restore_best_weights(true))
            }
            "ReduceLROnPlateau" => {
                let plateau = ReduceLROnPlateau::new().factor(real("factor")).min_delta(real("min_delta"));
                fit.callback(plateau.patience(number("patience")).cooldown(number("cooldown")).min_lr(real("min_lr")))
            }
            other => panic!("{other}"),
        };
    }
    let history = model.fit(&x, &y, fit)?;

    let epochs: Vec<usize> = flat(&case["epochs"]).into_iter().map(|epoch| epoch as usize).collect();
    assert_eq!(history.epochs(), epochs, "{title}");
    for (name, golden) in case["history"].as_object().unwrap() {
        let found = history.get(name).unwrap_or_else(|| panic!("{title}: no {name}"));
        // Keras leaves epochs without validation out.
        let found: Vec<f64> = found.iter().copied().filter(|value| !value.is_nan()).collect();
        assert_close_by_norm(&format!("{title}: {name}"), &found, &flat(golden), bounds.relative);
    }
    assert_eq!(history.names().count(), case["history"].as_object().unwrap().len(), "{title}");
    for (layer, golden) in groups(&case["weights"], &model)? {
        for (number, (found, golden)) in model.weights(&layer)?.iter().zip(golden).enumerate() {
            let found: Vec<f64> = found.transpose().iter().map(|value| value.to_f64()).collect();
            assert_close_by_norm(&format!("{title}: {layer} {number}"), &found, &flat(golden), bounds.relative);
        }
    }
    let predictions: Vec<f64> = model.predict(&x)?.transpose().iter().map(|value| value.to_f64()).collect();
    assert_close_by_norm(&format!("{title}: predictions"), &predictions, &flat(&case["predictions"]), bounds.relative);
    let evaluation = model.evaluate(&x, &y)?;
    for (name, golden) in case["evaluation"].as_object().unwrap() {
        let found = evaluation.get(name).unwrap_or_else(|| panic!("{title}: no {name} in the evaluation"));
        assert_close_by_norm(&format!("{title}: evaluated {name}"), &[found], &flat(golden), bounds.relative);
    }
    Ok(())
}

#[test]
fn f64_ends_where_keras_ends() -> Result<()> {
    let cases = cases("fits");
    assert_eq!(cases.len(), 16);
    cases.iter().try_for_each(|case| run::<f64>(case, &Bounds { relative: 1e-8 }))
}

#[test]
fn f32_ends_where_keras_ends() -> Result<()> {
    cases("fits").iter().try_for_each(|case| run::<f32>(case, &Bounds { relative: 1e-4 }))
}
