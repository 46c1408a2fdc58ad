//! Optimizers in a model, seen from outside.

use nalgebra::{DMatrix, DVector};
use perceptra::items::IntoItem;
use perceptra::prelude::*;
use perceptra::{Result, optimizers};
use serde_json::{Value, json};

fn data() -> (DMatrix<f32>, DVector<f32>) {
    let x = DMatrix::from_fn(96, 3, |i, j| ((i * (2 * j + 3) + j) % 17) as f32 / 17.0 - 0.5);
    let y = DVector::from_fn(96, |i, _| f32::from(u8::from(x[(i, 0)] + x[(i, 1)] > 0.1)));
    (x, y)
}

fn model<M>(optimizer: impl IntoItem<dyn optimizers::Optimizer<f32>, M>) -> Model {
    let layers = Sequential::new().add(Dense::new(8, Tanh)).add(Dense::new(1, Sigmoid)).seed(3);
    layers.compile(optimizer, BinaryCrossentropy, metrics![])
}

fn weights(model: &Model) -> Vec<f32> {
    model.network().unwrap().flat_weights().to_vec()
}

fn fit(epochs: usize) -> Fit<'static, f32> {
    Fit::new().epochs(epochs).batch_size(16).shuffle(false).verbose(0)
}

#[test]
fn every_optimizer_learns() -> Result<()> {
    let (x, y) = data();
    for (name, rate) in [
        ("adadelta", 5.0),
        ("adafactor", 0.1),
        ("adagrad", 0.1),
        ("adam", 0.02),
        ("adamw", 0.02),
        ("adamax", 0.02),
        ("ftrl", 0.1),
        ("lamb", 0.02),
        ("lion", 0.01),
        ("muon", 0.05),
        ("nadam", 0.02),
        ("rmsprop", 0.02),
        ("schedulefreeadamw", 0.05),
        ("sgd", 0.5),
    ] {
        let optimizer = optimizers::get(name, json!({ "learning_rate": rate }))?;
        let mut model = model(optimizer);
        let losses = model.fit(&x, &y, fit(40))?.get("loss").unwrap().to_vec();
        assert!(losses[39] < 0.5 * losses[0], "{name}: from {} to {}", losses[0], losses[39]);
    }
    Ok(())
}

#[test]
fn weights_become_their_average_at_the_end_of_a_fit() -> Result<()> {
    let (x, y) = data();
    // With a momentum of 1 the average keeps its value after the first step.
    let mut averaged = model(SGD.use_ema(true).ema_momentum(1.0));
    averaged.fit(&x, &y, fit(2))?;
    let mut once = model(SGD);
    once.fit(&x, &y, fit(1).batch_size(96))?;
    assert_ne!(weights(&averaged), weights(&once));
    let mut once = model(SGD);
    once.fit(&x.rows(0, 16), &y.rows(0, 16), fit(1))?;
    assert_eq!(weights(&averaged), weights(&once));
    // Without an epoch there is nothing to finish.
    averaged.fit(&x, &y, fit(0))?;
    assert_eq!(weights(&averaged), weights(&once));
    Ok(())
}

#[test]
fn averages_that_become_the_weights_are_within_the_constraints() -> Result<()> {
    let (x, y) = data();
    for swapped in [false, true] {
        let layers =
            Sequential::new().add(Dense::new(8, Tanh).kernel_constraint("non_neg")).add(Dense::new(1, Sigmoid));
        let optimizer = SGD.learning_rate(2.0).use_ema(true).ema_momentum(0.5);
        let mut model = layers.seed(3).compile(optimizer, BinaryCrossentropy, ());
        // At the end of the fit, or in place of the weights while an epoch is validated.
        let options = fit(3).validation_split(0.2);
        if swapped {
            model.fit(&x, &y, options.callback(SwapEMAWeights::new()))?;
        } else {
            model.fit(&x, &y, options)?;
        }
        let kernel = &model.weights("dense")?[0];
        assert!(kernel.iter().all(|weight| *weight >= 0.0) && kernel.sum() > 0.0, "{kernel}");
    }
    Ok(())
}

#[test]
fn accumulated_batches_are_one_large_batch() -> Result<()> {
    let (x, y) = data();
    let mut small = model(SGD.gradient_accumulation_steps(3));
    small.fit(&x, &y, fit(2))?;
    let mut large = model(SGD);
    large.fit(&x, &y, fit(2).batch_size(48))?;
    for (a, b) in weights(&small).into_iter().zip(weights(&large)) {
        assert!((a - b).abs() < 1e-6, "{a} {b}");
    }
    Ok(())
}

#[test]
fn schedules_follow_the_batches() -> Result<()> {
    let (x, y) = data();
    let mut scheduled = model(Adam.learning_rate(ExponentialDecay::new(0.1, 6, 0.5).staircase(true)));
    scheduled.fit(&x, &y, fit(2))?;
    assert_eq!((scheduled.iterations(), scheduled.learning_rate()?), (12, 0.025));
    Ok(())
}

#[test]
fn frozen_layers_stay_whatever_the_optimizer_does() -> Result<()> {
    let (x, y) = data();
    for name in ["adafactor", "lamb", "muon", "nadam", "schedulefreeadamw", "adam"] {
        let options =
            json!({ "weight_decay": 0.1, "use_ema": true, "global_clipnorm": 0.5, "gradient_accumulation_steps": 2 });
        let layers = Sequential::new()
            .add(Dense::new(4, Tanh))
            .add(Dense::new(4, Tanh).name("frozen").trainable(false))
            .add(Dense::new(1, Sigmoid));
        let optimizer = optimizers::get(name, options)?;
        let mut model = layers.seed(1).compile(optimizer, BinaryCrossentropy, metrics![]);
        model.build(3)?;
        let before = (model.weights("dense")?, model.weights("frozen")?, model.weights("dense_1")?);
        model.fit(&x, &y, fit(2))?;
        assert_eq!(model.weights("frozen")?, before.1, "{name}");
        assert!(model.weights("dense")? != before.0 && model.weights("dense_1")? != before.2, "{name}");
    }
    Ok(())
}

#[test]
fn lamb_has_a_name_here() {
    assert!(optimizers::get::<f32>("lamb", Value::Null).is_ok());
}

#[test]
fn the_learning_rate_of_an_optimizer_that_does_not_exist_is_an_error() {
    let model = |optimizer: &'static str| Sequential::new().add(Dense::new(1, Linear)).compile(optimizer, "mse", ());
    assert_eq!(model("sgd").learning_rate().unwrap(), 0.01);
    let error = model("Adamm").learning_rate().unwrap_err().to_string();
    assert!(error.contains("no optimizer \"Adamm\"; did you mean \"Adam\""), "{error}");
    let invalid = Sequential::new().add(Dense::new(1, Linear)).compile(SGD.learning_rate(-1.0), "mse", ());
    assert!(invalid.learning_rate().unwrap_err().to_string().contains("learning_rate is -1"));
}
