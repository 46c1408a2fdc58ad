//! Compares the distribution of the outputs of layers with random numbers with that of Keras's.

use crate::golden::{cases, flat};
use nalgebra::DMatrix;
use perceptra::layers;
use perceptra::{Scalar, Sequential};
use serde_json::Value;

/// The bound on the difference of two estimates from independent draws: five standard errors of the difference.
const ERRORS: f64 = 5.0;

/// The number of independent decisions in a sample of the golden shape.
fn decisions(case: &Value, shape: &[usize]) -> f64 {
    let alike = |field: &str| case[field].as_bool().unwrap();
    let rows = if alike("columns_alike") { 1 } else { shape[0] };
    let columns = if alike("rows_alike") { 1 } else { shape[1] };
    (rows * columns) as f64
}

fn check<T: Scalar>(case: &Value) {
    let what = format!("{} {} on {}", case["class"], case["config"], case["input_value"]);
    let shape: Vec<usize> = flat(&case["shape"]).into_iter().map(|extent| extent as usize).collect();
    let layer = layers::get::<T>(case["class"].as_str().unwrap(), case["config"].clone()).unwrap();
    let network = Sequential::<T>::default().seed(3).add(layer).build(shape[1]).unwrap();
    let value = case["input_value"].as_f64().unwrap();
    let x = DMatrix::from_element(shape[0], shape[1], T::of(value));
    assert_eq!(network.predict(&x).unwrap(), x, "{what}: prediction");

    let y = network.gradients(&x, &x).unwrap().output.map(|value| value.to_f64());
    let (n, independent) = (y.len() as f64, decisions(case, &shape));
    let mean = y.mean();
    let deviation = (y.map(|value| (value - mean) * (value - mean)).sum() / n).sqrt();
    let golden = |field: &str| case[field].as_f64().unwrap();
    let error_of_mean = (2.0 / independent).sqrt() * golden("std");
    assert!((mean - golden("mean")).abs() <= ERRORS * error_of_mean + 1e-6, "{what}: mean {mean}");
    // The deviation of two values, or of a normal distribution, is known at least as well as its mean, up to a
    // factor that the skewest of the cases (a quarter of the values apart) brings to 1.2.
    let error_of_deviation = 1.2 * error_of_mean;
    let apart = (deviation - golden("std")).abs();
    assert!(apart <= ERRORS * error_of_deviation + 1e-6, "{what}: standard deviation {deviation}");
    let fraction = |is: &dyn Fn(f64) -> bool| y.iter().filter(|value| is(**value)).count() as f64 / n;
    let zeros = fraction(&|value| value == 0.0);
    let error_of_share = |fraction: f64| ERRORS * (2.0 * fraction * (1.0 - fraction) / independent).sqrt();
    assert!((zeros - golden("zeros")).abs() <= error_of_share(golden("zeros")) + 1e-12, "{what}: zeros {zeros}");
    let mut found = 0.0;
    for pair in case["values"].as_array().into_iter().flatten() {
        let (value, expected) = (pair[0].as_f64().unwrap(), pair[1].as_f64().unwrap());
        let part = fraction(&|y| (y - value).abs() <= 1e-6);
        assert!((part - expected).abs() <= error_of_share(expected) + 1e-12, "{what}: {value} in {part}");
        found += part;
    }
    if case["values"].is_array() {
        assert_eq!(found, 1.0, "{what}: other values than Keras's");
    }
    let rows_alike = y.row_iter().all(|row| row.iter().all(|value| *value == row[0]));
    let columns_alike = y.column_iter().all(|column| column.iter().all(|value| *value == column[0]));
    assert_eq!(rows_alike, case["rows_alike"].as_bool().unwrap(), "{what}");
    assert_eq!(columns_alike, case["columns_alike"].as_bool().unwrap(), "{what}");
}

#[test]
fn distributions_are_keras_s() {
    let cases = cases("random_layers");
    cases.iter().for_each(check::<f64>);
    cases.iter().for_each(check::<f32>);
    assert_eq!(cases.len(), 20);
}
