//! Compares every initializer with Keras's: the values if they are deterministic, otherwise their distribution.

use crate::golden::{assert_close, cases, flat, tolerance};
use nalgebra::DMatrix;
use perceptra::initializers::{self, Shape};
use perceptra::{Random, Scalar};
use rand::SeedableRng;
use serde_json::Value;

/// The bound on the difference of two estimates from independent draws: five standard errors of the difference.
const ERRORS: f64 = 5.0;

fn draw<T: Scalar>(case: &Value) -> (Shape, Vec<f64>) {
    let initializer = initializers::get::<T>(case["class"].as_str().unwrap(), case["config"].clone()).unwrap();
    initializer.check().unwrap();
    let shape = match flat(&case["shape"])[..] {
        [length] => Shape::vector(length as usize),
        [rows, columns] => Shape::matrix(rows as usize, columns as usize),
        _ => panic!("shape {}", case["shape"]),
    };
    initializer.check_shape(shape).unwrap();
    let mut values = vec![T::zero(); shape.count()];
    initializer.fill(&mut values, shape, &mut Random::seed_from_u64(11));
    (shape, values.iter().map(|value| value.to_f64()).collect())
}

fn check_distribution(what: &str, case: &Value, mut values: Vec<f64>) {
    let golden = |field: &str| case[field].as_f64().unwrap();
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let deviation = (values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / n).sqrt();
    // Of two draws of n values: the mean has √(2/n) deviations of error, the deviation at most as much.
    let bound = ERRORS * (2.0 / n).sqrt() * golden("std");
    assert!((mean - golden("mean")).abs() <= bound, "{what}: mean {mean}");
    assert!((deviation - golden("std")).abs() <= bound, "{what}: standard deviation {deviation}");
    values.sort_by(f64::total_cmp);
    let place_of = |value: f64| values.partition_point(|drawn| *drawn < value) as f64 / n;
    for pair in case["quantiles"].as_array().unwrap() {
        // Keras's quantile must lie at about the same place among the values drawn here.
        let (q, value) = (pair[0].as_f64().unwrap(), pair[1].as_f64().unwrap());
        let apart = (place_of(value) - q).abs();
        assert!(apart <= ERRORS * (2.0 * q * (1.0 - q) / n).sqrt(), "{what}: quantile {q} is {apart} off");
    }
    if let [low, high] = flat(&case["bounds"])[..] {
        let slack = 1e-6 * (high - low);
        let (least, most) = (values[0], values[values.len() - 1]);
        assert!(least >= low - slack && most <= high + slack, "{what}: [{least}, {most}] in [{low}, {high}]");
        assert!(least <= low + 0.02 * (high - low) && most >= high - 0.02 * (high - low), "{what}: not filled");
    }
}

fn check<T: Scalar>(case: &Value) {
    let what = format!("{} {} {}", case["class"], case["config"], case["shape"]);
    let (shape, values) = draw::<T>(case);
    if case["value"].is_array() {
        assert_close(&what, &values, &flat(&case["value"]), tolerance::<T>());
    } else if let Some(side) = case["orthogonal"].as_str() {
        let w = DMatrix::from_row_slice(shape.rows, shape.columns, &values);
        let gram = if side == "rows" { &w * w.transpose() } else { w.transpose() * &w };
        let expected = DMatrix::identity(gram.nrows(), gram.ncols()) * case["gram_diagonal"].as_f64().unwrap();
        assert_close(&what, gram.as_slice(), expected.as_slice(), tolerance::<T>());
    } else {
        check_distribution(&what, case, values);
    }
}

#[test]
fn initializers_are_keras_s() {
    let cases = cases("initializers");
    cases.iter().for_each(check::<f64>);
    cases.iter().for_each(check::<f32>);
    assert_eq!(cases.len(), 46);
}

#[test]
fn matrices_only_and_axes_that_exist() {
    let check = |class: &str, config: Value, shape: Shape| {
        initializers::get::<f64>(class, config).unwrap().check_shape(shape).unwrap_err().to_string()
    };
    let message = check("Orthogonal", Value::Null, Shape::vector(3));
    assert!(message.contains("Orthogonal: shape is (3); expected a matrix"), "{message}");
    let axes = serde_json::json!({ "input_axes": [2], "output_axes": [0] });
    let message = check("HeNormal", axes, Shape::matrix(3, 4));
    assert!(message.contains("input_axes is 2; expected an axis"), "{message}");
}
