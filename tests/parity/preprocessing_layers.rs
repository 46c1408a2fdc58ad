//! Compares preprocessing layers with Keras's: the learned state and the outputs for new rows.

use crate::golden::{assert_close, cases, flat, matrix, tolerance};
use nalgebra::DMatrix;
use perceptra::items::Spec;
use perceptra::layers::{self, CategoryEncoding, Discretization, IntegerLookup, Normalization};
use perceptra::preprocessing::{self, Hashing, StringLookup, Table, Transformer};
use perceptra::{Scalar, Sequential};
use serde_json::{Value, json};
use std::any::Any;
use std::sync::Arc;

/// The layer of this class, adapted to the data of the case if it has any.
fn layer<T: Scalar>(case: &Value) -> Arc<dyn layers::Layer<T>> {
    let (class, mut config) = (case["class"].as_str().unwrap(), case["config"].clone());
    if !case["adapt"].is_null() {
        // The learned state is part of the layer's description.
        let x = matrix::<T>(&case["adapt"]);
        config = match class {
            "Normalization" => {
                let invert = config["invert"] == json!(true);
                let layer = Normalization::new().invert(invert);
                let whole = config.as_object().unwrap().get("axis").is_some_and(Value::is_null);
                let layer = if whole { layer.axis(layers::Axis::Whole) } else { layer };
                layer.adapt(&x).unwrap().config().unwrap()
            }
            "Discretization" => {
                let bins = config["num_bins"].as_u64().unwrap() as usize;
                let mut layer = Discretization::new().num_bins(bins);
                if let Some(epsilon) = config["epsilon"].as_f64() {
                    layer = layer.epsilon(epsilon);
                }
                let learned = layer.adapt(&x).unwrap().config().unwrap();
                let mut learned = learned.as_object().unwrap().clone();
                learned.extend(config.as_object().unwrap().clone());
                learned.into()
            }
            "IntegerLookup" => {
                let mut layer = IntegerLookup::new();
                for (name, value) in config.as_object().unwrap() {
                    let number = value.as_i64().unwrap_or_default();
                    layer = match name.as_str() {
                        "mask_token" => layer.mask_token(number),
                        "oov_token" => layer.oov_token(number),
                        "max_tokens" => layer.max_tokens(number as usize),
                        "num_oov_indices" => layer.num_oov_indices(number as usize),
                        "invert" => layer.invert(true),
                        "pad_to_max_tokens" => layer.pad_to_max_tokens(true),
                        "output_mode" if value == "count" => layer.output_mode(layers::OutputMode::Count),
                        "output_mode" if value == "one_hot" => layer.output_mode(layers::OutputMode::OneHot),
                        other => panic!("{other}"),
                    };
                }
                let layer = layer.adapt(&x).unwrap();
                let golden: Vec<i64> = flat(&case["learned"]["vocabulary"]).iter().map(|v| *v as i64).collect();
                assert_eq!(layer.get_vocabulary().unwrap(), golden, "{config}");
                layer.config().unwrap()
            }
            other => panic!("{other} does not adapt"),
        };
    }
    layers::get::<T>(class, config).unwrap()
}

fn check_learned<T: Scalar>(what: &str, case: &Value, config: &Value) {
    // Keras keeps learned quantiles in single precision, wherever it runs.
    let single = tolerance::<f32>();
    for (name, bound) in [("mean", tolerance::<T>()), ("variance", tolerance::<T>()), ("bin_boundaries", single)] {
        let golden = &case["learned"][name];
        if !golden.is_null() {
            // Constant columns are given variance 1 here.
            let one_for_zero = |value: f64| if name == "variance" && value == 0.0 { 1.0 } else { value };
            let expected: Vec<f64> = flat(golden).into_iter().map(one_for_zero).collect();
            assert_close(&format!("{what}: {name}"), &flat(&config[name]), &expected, bound);
        }
    }
}

/// The layer with the mean and variance that Keras learned, as stored in a Keras file: a variance of 0 is treated as in Keras.
fn as_learned_by_keras<T: Scalar>(case: &Value) -> Option<Arc<dyn layers::Layer<T>>> {
    let learned = |name: &str| {
        let values = flat(case["learned"].get(name)?);
        Some(if let [value] = values[..] { json!(value) } else { json!(values) })
    };
    let mut config = case["config"].clone();
    (config["mean"], config["variance"]) = (learned("mean")?, learned("variance")?);
    Some(layers::get::<T>("Normalization", config).unwrap())
}

/// Row after row, as the suites have it.
fn rows<T: Scalar>(matrix: &DMatrix<T>) -> Vec<f64> {
    matrix.transpose().iter().map(|value| value.to_f64()).collect()
}

fn check_numbers<T: Scalar>(what: &str, case: &Value) {
    let x = matrix::<T>(&case["inputs"]);
    let found = if case["count_weights"].is_array() {
        let tokens = case["config"]["num_tokens"].as_u64().unwrap() as usize;
        CategoryEncoding::new(tokens).count(&x, &matrix::<T>(&case["count_weights"])).unwrap()
    } else {
        let layer = layer::<T>(case);
        check_learned::<T>(what, case, &layer.config().unwrap());
        let layer = as_learned_by_keras::<T>(case).unwrap_or(layer);
        Sequential::<T>::default().add(layer).build(x.ncols()).unwrap().predict(&x).unwrap()
    };
    let shape = flat(&case["output_shape"]);
    assert_eq!(found.nrows() as f64, shape[0], "{what}");
    assert_eq!(found.ncols() as f64, shape[1..].iter().product::<f64>(), "{what}");
    assert_close(what, &rows(&found), &flat(&case["outputs"]), tolerance::<T>());
}

/// Rows of strings as a table with columns `0`, `1`, ….
fn table(value: &Value) -> (Table, Vec<String>) {
    let rows = value.as_array().unwrap();
    let names: Vec<String> = (0..rows[0].as_array().unwrap().len()).map(|j| j.to_string()).collect();
    let table = names.iter().enumerate().fold(Table::new(), |table, (j, name)| {
        table.with_strings(name.as_str(), rows.iter().map(|row| row[j].as_str().unwrap())).unwrap()
    });
    (table, names)
}

/// A transformer of a known type from its configuration.
fn described<C: Transformer + Clone>(class: &str, config: Value) -> C {
    let item = preprocessing::get(class, config).unwrap();
    let item: &dyn Any = &*item;
    item.downcast_ref::<C>().unwrap().clone()
}

fn check_strings<T: Scalar>(what: &str, case: &Value) {
    let mut config = case["config"].clone();
    // Not an argument here: the way back is a method.
    let inverse = config.as_object_mut().and_then(|config| config.remove("invert")) == Some(json!(true));
    if case["class"] == "Hashing" {
        let (table, names) = table(&case["inputs"]);
        let hashing: Hashing = described("Hashing", config);
        let found = hashing.transform::<T>(&table, &names).unwrap();
        return assert_close(what, &rows(&found), &flat(&case["outputs"]), tolerance::<T>());
    }
    let mut lookup: StringLookup = described("StringLookup", config);
    if !case["adapt"].is_null() {
        let (seen, names) = table(&case["adapt"]);
        lookup = lookup.adapt(&seen, &names).unwrap();
    }
    assert_eq!(json!(lookup.get_vocabulary().unwrap()), case["learned"]["vocabulary"], "{what}");
    if inverse {
        let strings = lookup.strings(&matrix::<T>(&case["inputs"])).unwrap();
        return assert_eq!(json!(strings), case["outputs"], "{what}");
    }
    let (table, names) = table(&case["inputs"]);
    let found = lookup.transform::<T>(&table, &names).unwrap();
    assert_close(what, &rows(&found), &flat(&case["outputs"]), tolerance::<T>());
}

fn run<T: Scalar>() -> usize {
    let cases = cases("preprocessing_layers");
    for case in &cases {
        let what = format!("{} {}", case["class"], case["config"]);
        let of_strings = case["class"] == "StringLookup" || case["inputs"][0][0].is_string();
        if of_strings { check_strings::<T>(&what, case) } else { check_numbers::<T>(&what, case) }
    }
    cases.len()
}

#[test]
fn preprocessing_layers_are_keras_s_in_f64() {
    assert_eq!(run::<f64>(), 96);
}

#[test]
fn preprocessing_layers_are_keras_s_in_f32() {
    assert_eq!(run::<f32>(), 96);
}

#[test]
fn a_value_without_an_index_is_named() {
    let lookup = IntegerLookup::new().vocabulary([10, 20]).num_oov_indices(0);
    let network = Sequential::new().add(lookup).build(1).unwrap();
    let error = network.predict(&perceptra::dmatrix![10.0; 30.0]).unwrap_err().to_string();
    assert!(error.contains("30 at row 1, column 0"), "{error}");
    let lookup = StringLookup::new().vocabulary(["rent"]).num_oov_indices(0);
    let table = Table::new().with_strings("home", ["rent", "boat"]).unwrap();
    let error = lookup.transform::<f32>(&table, ["home"]).unwrap_err().to_string();
    assert!(error.contains("boat"), "{error}");
}
