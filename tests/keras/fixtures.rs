//! Files that Keras 3.15.1 wrote (`tests/interop/fixtures.py` creates them), compared with Keras's predictions.

use nalgebra::DMatrix;
use perceptra::prelude::*;
use perceptra::saving::keras;
use perceptra::{Error, Result};
use serde_json::Value;
use std::path::{Path, PathBuf};

pub(crate) fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/interop/fixtures").join(name)
}

fn answers() -> Value {
    serde_json::from_slice(&std::fs::read(fixture("answers.json")).unwrap()).unwrap()
}

pub(crate) fn matrix(rows: &Value) -> DMatrix<f32> {
    let rows: Vec<Vec<f32>> = serde_json::from_value(rows.clone()).unwrap();
    DMatrix::from_fn(rows.len(), rows[0].len(), |i, j| rows[i][j])
}

#[track_caller]
pub(crate) fn assert_close(found: &DMatrix<f32>, expected: &DMatrix<f32>, bound: f32) {
    assert_eq!(found.shape(), expected.shape());
    for (a, b) in found.iter().zip(expected) {
        assert!((a - b).abs() <= bound + bound * b.abs(), "{a} where Keras has {b}");
    }
}

const WHOLE: [&str; 3] = ["model.keras", "model_folder", "model.h5"];

#[test]
fn every_form_predicts_as_in_keras() -> Result<()> {
    let answers = answers();
    for name in WHOLE {
        let model = keras::load_model::<f32>(fixture(name))?;
        assert_close(&model.predict(&matrix(&answers["x"]))?, &matrix(&answers["predictions"]), 1e-5);
        assert_eq!((model.iterations(), model.learning_rate()? as f32), (8, 0.02));
        assert_eq!(model.architecture().layers()[6].options().name.as_deref(), Some("risk"));
    }
    let chain = keras::load_network::<f32>(fixture("functional.keras"))?;
    let answer = &answers["functional"];
    assert_close(&chain.predict(&matrix(&answer["x"]))?, &matrix(&answer["predictions"]), 1e-5);
    Ok(())
}

#[test]
fn loss_and_metrics_are_those_of_keras() -> Result<()> {
    let answers = answers();
    let (x, y) = (matrix(&answers["x"]), matrix(&answers["y"]));
    for name in WHOLE {
        let logs = keras::load_model::<f32>(fixture(name))?.evaluate_with(&x, &y, Evaluate::new().batch_size(8))?;
        for (name, value) in answers["evaluated"].as_object().unwrap() {
            let found = logs.get(name).unwrap_or_else(|| panic!("{name} is not among {logs:?}"));
            assert!((found - value.as_f64().unwrap()).abs() < 1e-5, "{name}: {found} where Keras has {value}");
        }
    }
    Ok(())
}

#[test]
fn training_continues_where_keras_stopped() -> Result<()> {
    let answers = answers();
    let (x, y) = (matrix(&answers["x"]), matrix(&answers["y"]));
    for name in WHOLE {
        let mut model = keras::load_model::<f32>(fixture(name))?;
        model.fit(&x, &y, Fit::new().epochs(2).batch_size(8).shuffle(false).verbose(0))?;
        assert_close(&model.predict(&x)?, &matrix(&answers["two_epochs_later"]), 1e-4);
    }
    Ok(())
}

#[test]
fn the_first_order_of_nadam_s_state_is_read() -> Result<()> {
    let answers = answers();
    let answer = &answers["early_nadam"];
    let (x, y) = (matrix(&answer["x"]), matrix(&answer["y"]));
    let mut model = keras::load_model::<f32>(fixture("early_nadam.keras"))?;
    assert_eq!(model.iterations(), 3);
    for _ in 0..3 {
        model.train_on_batch(&x, &y)?;
    }
    assert_close(&model.predict(&x)?, &matrix(&answer["three_steps_later"]), 1e-5);
    Ok(())
}

#[test]
fn weights_return_to_a_model_that_lost_them() -> Result<()> {
    let answers = answers();
    let x = matrix(&answers["x"]);
    for name in ["model.weights.h5", "model.keras", "model.h5"] {
        let mut model = keras::load_model::<f32>(fixture("model.keras"))?;
        let network = model.network_mut()?;
        let (weights, state) = (vec![0.5; network.flat_weights().len()], vec![0.5; network.flat_state().len()]);
        network.set_flat(&weights, &state)?;
        keras::load_weights(&mut model, fixture(name))?;
        assert_close(&model.predict(&x)?, &matrix(&answers["predictions"]), 1e-5);
    }
    Ok(())
}

#[test]
fn layers_that_do_not_fit_keep_their_weights_if_asked_for() -> Result<()> {
    let layers = |units: usize| {
        Sequential::new().add(Dense::new(units, Tanh).name("first")).add(Dense::new(2, Softmax).name("second")).build(2)
    };
    let mut fits = layers(3)?;
    keras::load_weights(&mut fits, fixture("functional.keras"))?;
    let mut other = layers(4)?;
    let before = other.flat_weights().to_vec();
    let error = keras::load_weights(&mut other, fixture("functional.keras")).unwrap_err();
    assert!(matches!(&error, Error::Weights { layer, .. } if layer == "first"), "{error}");
    assert_eq!(other.flat_weights(), before);
    let skipped = keras::load_weights_skip_mismatch(&mut other, fixture("functional.keras"))?;
    assert_eq!(skipped, ["first", "second"]);
    assert_eq!(other.flat_weights(), before);
    let mut later = layers(3)?;
    keras::load_weights(&mut later, fixture("later.weights.h5"))?;
    assert_eq!(later.flat_weights(), fits.flat_weights());
    let mut half = Sequential::new().add(Dense::new(3, Tanh)).add(Dense::new(5, Softmax)).build(2)?;
    assert_eq!(keras::load_weights_skip_mismatch(&mut half, fixture("functional.keras"))?, ["dense_1"]);
    assert_eq!(half.weights("dense")?, fits.weights("first")?);
    Ok(())
}
