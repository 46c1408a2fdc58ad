//! Compares twenty steps of every optimizer with Keras's, on recorded gradients, including the common arguments.

use crate::golden::{Tolerance, assert_close, cases, flat, tolerance};
use perceptra::initializers::Shape;
use perceptra::optimizers::{self, OptimizerState};
use perceptra::{Scalar, Variable};
use serde_json::Value;
use std::collections::BTreeSet;

fn list(value: &Value) -> &[Value] {
    value.as_array().expect("a list")
}

fn table(case: &Value) -> Vec<Variable> {
    let shape = |lengths: &Value| match flat(lengths)[..] {
        [length] => Shape::vector(length as usize),
        [rows, columns] => Shape::matrix(rows as usize, columns as usize),
        _ => panic!("a vector or a matrix, not {lengths}"),
    };
    let names = list(&case["names"]).iter().map(|name| name.as_str().unwrap());
    Variable::table(names.zip(list(&case["shapes"]).iter().map(shape)))
}

fn scalars<T: Scalar>(value: &Value) -> Vec<T> {
    flat(value).into_iter().map(T::of).collect()
}

fn wide<T: Scalar>(values: &[T]) -> Vec<f64> {
    values.iter().map(|value| value.to_f64()).collect()
}

fn run<T: Scalar>(tolerance: impl Fn(&Value) -> Tolerance) -> usize {
    let cases = cases("optimizers");
    for case in &cases {
        let what = format!("{} {}", case["class"], case["config"]);
        let optimizer = optimizers::get::<T>(case["class"].as_str().unwrap(), case["config"].clone()).unwrap();
        let mut weights = scalars::<T>(&case["initial"]);
        let mut optimization = OptimizerState::new(optimizer, &table(case), &weights).unwrap();
        let mut kept = list(&case["parameters"]).iter();
        let mut expected = kept.next();
        for (i, gradients) in list(&case["gradients"]).iter().enumerate() {
            optimization.apply(&mut weights, &scalars(gradients)).unwrap();
            if let Some(golden) = expected.filter(|golden| golden["step"] == i + 1) {
                let what = format!("{what} after step {}", i + 1);
                assert_close(&what, &wide(&weights), &flat(&golden["values"]), tolerance(case));
                expected = kept.next();
            }
        }
        assert!(expected.is_none(), "{what}: every step that was kept is compared");
        optimization.finalize(&mut weights).unwrap();
        let last = list(&case["parameters"]).last().unwrap();
        let golden = if case["finalized"].is_null() { &last["values"] } else { &case["finalized"] };
        assert_close(&format!("{what} finalized"), &wide(&weights), &flat(golden), tolerance(case));
    }
    cases.len()
}

#[test]
fn steps_are_keras_s_in_f64() {
    assert_eq!(run::<f64>(|_| tolerance::<f64>()), 178);
}

#[test]
fn steps_are_keras_s_in_f32() {
    assert_eq!(run::<f32>(|_| tolerance::<f32>()), 178);
}

#[test]
fn every_optimizer_is_compared() {
    let classes: BTreeSet<String> = cases("optimizers").iter().map(|case| case["class"].to_string()).collect();
    assert_eq!(classes.len(), 14);
}

#[test]
fn descriptions_make_the_same_optimizer_again() {
    for case in cases("optimizers") {
        let class = case["class"].as_str().unwrap();
        let optimizer = optimizers::get::<f64>(class, case["config"].clone()).unwrap();
        let again = optimizers::get::<f64>(&class.to_lowercase(), optimizer.config().unwrap()).unwrap();
        assert_eq!(format!("{optimizer:?}"), format!("{again:?}"));
    }
}
