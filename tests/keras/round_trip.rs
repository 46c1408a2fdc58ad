//! Models that are saved to Keras's files and loaded again are unchanged.

use nalgebra::DMatrix;
use perceptra::layers::*;
use perceptra::prelude::*;
use perceptra::saving::keras;
use perceptra::{Error, Result, Scalar, initializers, optimizers};
use serde_json::{Value, json};
use std::path::PathBuf;

/// A path that is removed again.
struct Path(PathBuf);

impl Path {
    fn new(name: &str) -> Self {
        Path(std::env::temp_dir().join(format!("perceptra-keras-{}-{name}", std::process::id())))
    }
}

impl Drop for Path {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

fn numbers<T: Scalar>(rows: usize, columns: usize) -> DMatrix<T> {
    DMatrix::from_fn(rows, columns, |i, j| T::of(((i * 37 + j * 101 + 5) % 41) as f64 / 12.0 - 1.6))
}

fn codes<T: Scalar>(rows: usize, columns: usize) -> DMatrix<T> {
    DMatrix::from_fn(rows, columns, |i, j| T::of(((i * 7 + j * 5 + i * j) % 4) as f64))
}

/// The required arguments of a layer.
fn config(class: &str) -> Option<Value> {
    let dense = json!({ "class_name": "Dense", "config": { "units": 3, "activation": "tanh" } });
    Some(match class {
        "InputLayer" => return None,
        // Keras has no such layer: `src/saving/keras/beyond_keras.rs` refuses it.
        "Scaling" => return None,
        "Activation" => json!({ "activation": "mish" }),
        "CategoryEncoding" => json!({ "num_tokens": 4, "output_mode": "one_hot" }),
        "Dense" => {
            json!({ "units": 3, "kernel_constraint": "max_norm", "kernel_regularizer": "l1_l2", "use_bias": false })
        }
        "Discretization" => json!({ "bin_boundaries": [0.0, 1.0], "output_mode": "count" }),
        "Dropout" | "AlphaDropout" | "GaussianDropout" => json!({ "rate": 0.25, "seed": 4 }),
        "Embedding" => json!({ "input_dim": 4, "output_dim": 3 }),
        "GaussianNoise" => json!({ "stddev": 0.1 }),
        "GroupNormalization" => json!({ "groups": -1 }),
        "Hashing" => json!({ "num_bins": 3, "output_mode": "multi_hot", "salt": 3 }),
        "IntegerLookup" => json!({ "vocabulary": [1, 3], "output_mode": "count" }),
        "Normalization" => json!({ "mean": [0.5, -1.0, 0.25], "variance": [4.0, 1.0, 0.5] }),
        "Rescaling" => json!({ "scale": 0.5, "offset": [1.0, 0.0, 0.25] }),
        "SpectralNormalization" => json!({ "layer": dense, "power_iterations": 2 }),
        _ => json!({}),
    })
}

#[test]
fn every_layer_returns_with_its_weights() -> Result<()> {
    for class in names() {
        let Some(config) = config(class) else { continue };
        let by_code = ["CategoryEncoding", "Embedding", "Hashing", "IntegerLookup"].contains(&class);
        let x: DMatrix<f32> = if by_code { codes(12, 3) } else { numbers(12, 3) };
        let layer = get::<f32>(class, config)?;
        let mut network = Sequential::new().seed(3).add(layer).add(Dense::new(2, Linear)).build(3)?;
        let weights: Vec<f32> = (0..network.flat_weights().len()).map(|i| (i as f32 * 0.7).sin()).collect();
        let state: Vec<f32> = (0..network.flat_state().len()).map(|i| 0.5 + (i as f32 * 0.3).cos().abs()).collect();
        network.set_flat(&weights, &state)?;
        let path = Path::new(&format!("{class}.keras"));
        keras::save_model(&network, &path.0)?;
        let again = keras::load_network::<f32>(&path.0).unwrap_or_else(|error| panic!("{class}: {error}"));
        assert_eq!((again.flat_weights(), again.flat_state()), (weights.as_slice(), state.as_slice()), "{class}");
        assert_eq!(again.predict(&x)?, network.predict(&x)?, "{class}");
        keras::load_weights(&mut network, &path.0)?;
        assert_eq!(network.flat_weights(), weights.as_slice(), "{class}");
    }
    Ok(())
}

/// Options under which an optimizer keeps more than usual.
fn optimizer_configs() -> Vec<(&'static str, Value)> {
    vec![
        ("Adadelta", json!({})),
        ("Adafactor", json!({ "learning_rate": 0.01 })),
        ("Adagrad", json!({ "weight_decay": 0.01 })),
        ("Adam", json!({ "amsgrad": true, "clipnorm": 0.5 })),
        ("AdamW", json!({ "use_ema": true, "ema_momentum": 0.8 })),
        ("Adamax", json!({ "gradient_accumulation_steps": 2 })),
        ("Ftrl", json!({ "learning_rate": 0.05 })),
        ("Lamb", json!({})),
        ("Lion", json!({ "global_clipnorm": 1.0 })),
        ("Muon", json!({ "exclude_layers": ["dense_1"] })),
        ("Nadam", json!({})),
        ("RMSprop", json!({ "momentum": 0.5, "centered": true })),
        ("SGD", json!({ "momentum": 0.9, "nesterov": true, "use_ema": true, "gradient_accumulation_steps": 3 })),
        ("ScheduleFreeAdamW", json!({ "warmup_steps": 4 })),
    ]
}

#[test]
fn training_continues_after_a_file_as_without_one() -> Result<()> {
    let fit = || Fit::new().epochs(3).batch_size(8).shuffle(false).verbose(0);
    let (x, y): (DMatrix<f64>, DMatrix<f64>) = (numbers(20, 3), codes(20, 2));
    for (class, config) in optimizer_configs() {
        let layers = Sequential::<f64>::default()
            .seed(5)
            .add(Dense::new(4, Tanh).kernel_regularizer("l2"))
            .add(BatchNormalization::new())
            .add(Dense::new(3, Relu).trainable(false))
            .add(Dense::new(2, Linear));
        let optimizer = optimizers::get::<f64>(class, config)?;
        let mut model = layers.compile(optimizer, "mse", ["mae", "acc"]).weighted_metrics(["mse"]);
        model.fit(&x, &y, fit())?;
        let path = Path::new(&format!("{class}.keras"));
        keras::save_model(&model, &path.0)?;
        let mut again = keras::load_model::<f64>(&path.0)?;
        assert_eq!(again.iterations(), model.iterations());
        let (expected, found) = (model.fit(&x, &y, fit())?, again.fit(&x, &y, fit())?);
        assert_eq!(found.names().collect::<Vec<_>>(), expected.names().collect::<Vec<_>>());
        // Figures that a file keeps as f32 (the learning rate, if a callback changed it) are not used here.
        approx::assert_relative_eq!(again.predict(&x)?, model.predict(&x)?, max_relative = 1e-12, epsilon = 1e-12);
        // The weights' own file carries the state too.
        let weights = Path::new(&format!("{class}.weights.h5"));
        keras::save_weights(&model, &weights.0)?;
        keras::load_weights(&mut again, &weights.0)?;
        assert_eq!(again.iterations(), model.iterations());
        assert_eq!(again.predict(&x)?, model.predict(&x)?);
    }
    Ok(())
}

#[test]
fn a_normalization_computes_the_same_as_keras_from_a_file() -> Result<()> {
    // Neither mean is exact in f32, and the first is large compared to its deviation.
    let x = DMatrix::from_fn(13, 2, |i, j| if j == 0 { 202_401.0 + i as f32 * 0.125 } else { 0.1 * i as f32 });
    let network = Sequential::new().add(Normalization::new().adapt(&x)?).build(2)?;
    let path = Path::new("normalization.keras");
    keras::save_model(&network, &path.0)?;
    let again = keras::load_network::<f32>(&path.0)?;
    let found = again.predict(&x)?;
    for j in 0..2 {
        let values: Vec<f64> = x.column(j).iter().map(|x| f64::from(*x)).collect();
        let mean = values.iter().sum::<f64>() / 13.0;
        let variance = values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / 13.0;
        let (mean, variance) = (f64::from(mean as f32), f64::from(variance as f32));
        for (i, value) in values.iter().enumerate() {
            let exact = (value - mean) / variance.sqrt();
            assert!(
                (f64::from(found[(i, j)]) - exact).abs() <= 1e-6 * exact.abs().max(1.0),
                "{} {exact}",
                found[(i, j)]
            );
        }
    }
    // Numbers that are not exact in f32 cannot be written for Keras.
    let network = Sequential::new().add(Normalization::new().mean(0.0).variance(1e60)).build(1)?;
    let error = keras::save_model(&network, &path.0).unwrap_err().to_string();
    assert!(error.contains("variance 1e60") && error.contains("scale"), "{error}");
    Ok(())
}

#[test]
fn names_seeds_and_arguments_return() -> Result<()> {
    let layers = Sequential::new()
        .add(Input::new(2).name("features"))
        .add(Dense::new(3, Relu.max_value(2.0)).kernel_initializer(initializers::HeNormal.seed(4)).name("hidden"))
        .add(Dense::new(1, "swish"));
    let text = keras::to_json(&layers.build_declared()?)?;
    let again = keras::model_from_json::<f32>(&text)?;
    assert_eq!(keras::to_json(&again.build_declared()?)?, text);
    for part in
        ["\"HeNormal\"", "\"seed\":4", "\"hidden\"", "\"features\"", "\"silu\"", "\"ReLU\"", "\"max_value\":2.0"]
    {
        assert!(text.contains(part), "{part} in {text}");
    }
    Ok(())
}

#[test]
fn models_without_weights_cannot_be_saved() {
    let model = Sequential::new().add(Dense::new(1, Relu)).compile("adam", "mse", ());
    let path = Path::new("unbuilt.keras");
    assert!(matches!(keras::save_model(&model, &path.0), Err(Error::NotBuilt)));
    assert!(matches!(keras::load_model::<f32>(&path.0), Err(Error::Io { .. })));
}
