//! Properties of every layer with a name; new layers are tested here as soon as they are registered.

use nalgebra::DMatrix;
use perceptra::layers::{self, Domain, Layer};
use perceptra::prelude::*;
use serde_json::{Value, json};
use std::sync::Arc;

/// The columns that come in.
const COLUMNS: usize = 6;

/// The arguments under which a layer is examined.
fn configurations(name: &str) -> Vec<Value> {
    let l2 = json!({ "class_name": "L2", "config": { "l2": 0.1 } });
    let l1 = json!({ "class_name": "L1", "config": { "l1": 0.1 } });
    let normal = json!({ "class_name": "RandomNormal", "config": { "mean": 0.7, "stddev": 0.3 } });
    let bounded = json!({ "class_name": "MaxNorm", "config": { "max_value": 5.0 } });
    match name {
        "InputLayer" => vec![json!({ "batch_shape": [null, COLUMNS] })],
        "Activation" => vec![json!({ "activation": "tanh" }), json!({ "activation": "softmax" })],
        "ActivityRegularization" => vec![json!({ "l1": 0.1, "l2": 0.2 })],
        "Dense" => vec![
            json!({ "units": 3, "activation": "relu", "name": "mine", "trainable": true }),
            json!({ "units": 5, "activation": "sigmoid", "use_bias": false }),
            json!({
                "units": 4, "activation": "softmax", "kernel_regularizer": l2, "bias_regularizer": l1,
                "activity_regularizer": l2, "kernel_constraint": bounded, "bias_initializer": normal,
            }),
        ],
        "Dropout" | "AlphaDropout" => {
            vec![json!({ "rate": 0.4 }), json!({ "rate": 0.4, "noise_shape": [null, 1], "seed": 4 })]
        }
        "GaussianDropout" => vec![json!({ "rate": 0.4 })],
        "GaussianNoise" => vec![json!({ "stddev": 0.4, "seed": 9 })],
        "Embedding" => vec![
            json!({ "input_dim": 5, "output_dim": 2 }),
            json!({ "input_dim": 7, "output_dim": 3, "embeddings_regularizer": l2, "embeddings_constraint": bounded }),
        ],
        "BatchNormalization" | "LayerNormalization" => vec![
            json!({ "gamma_initializer": normal, "beta_initializer": normal }),
            json!({ "center": false, "epsilon": 0.01, "gamma_regularizer": l2 }),
            json!({ "scale": false, "beta_regularizer": l1 }),
        ],
        "GroupNormalization" => {
            vec![json!({ "groups": 3, "gamma_initializer": normal }), json!({ "groups": -1, "epsilon": 0.5 })]
        }
        "PReLU" => vec![json!({ "alpha_initializer": normal, "alpha_regularizer": l2 }), json!({ "shared_axes": [1] })],
        // Only singular vectors that have settled make the gradient through the norm exact.
        "SpectralNormalization" => vec![json!({
            "layer": { "class_name": "Dense", "config": { "units": 3, "activation": "tanh" } },
            "power_iterations": 400,
        })],
        "CategoryEncoding" => {
            ["one_hot", "multi_hot", "count"].map(|mode| json!({ "num_tokens": 5, "output_mode": mode })).to_vec()
        }
        "Discretization" => ["int", "one_hot", "multi_hot", "count"]
            .map(|mode| json!({ "bin_boundaries": [-0.5, 0.1, 0.7], "output_mode": mode }))
            .to_vec(),
        "Hashing" => vec![json!({ "num_bins": 7 }), json!({ "num_bins": 7, "salt": [1, 2], "output_mode": "count" })],
        "IntegerLookup" => vec![
            json!({ "vocabulary": [3, 1, 4] }),
            json!({ "vocabulary": [0, 1, 2, 3, 4, 5, 6], "num_oov_indices": 0, "output_mode": "one_hot" }),
            json!({ "vocabulary": [3, 1], "num_oov_indices": 2, "mask_token": 0, "output_mode": "multi_hot" }),
            json!({ "vocabulary": [7, 8, 9], "invert": true }),
        ],
        "Normalization" => vec![
            json!({ "mean": 0.5, "variance": 4.0 }),
            json!({ "mean": [0, 1, 2, 3, 4, 5], "variance": [1, 2, 3, 4, 5, 6], "invert": true }),
        ],
        "Rescaling" => vec![json!({ "scale": 0.5, "offset": [0, 1, 2, 3, 4, 5] })],
        "Scaling" => vec![json!({}), json!({ "learning_rate_factor": 2.5 })],
        "ReLU" => vec![json!({}), json!({ "max_value": 0.8, "negative_slope": 0.1, "threshold": 0.2 })],
        "ELU" | "Flatten" | "Identity" | "LeakyReLU" | "RMSNormalization" | "Softmax" | "UnitNormalization" => {
            vec![json!({})]
        }
        other => panic!("{other} is registered but not looked at: give it a configuration here"),
    }
}

/// A layer under one configuration.
struct Subject {
    what: String,
    layer: Arc<dyn Layer<f64>>,
    codes: Option<usize>,
}

impl Subject {
    fn network(&self) -> Network<f64> {
        Sequential::<f64>::default().seed(5).add(self.layer.clone()).build(COLUMNS).unwrap()
    }

    fn samples(&self, rows: usize) -> DMatrix<f64> {
        DMatrix::from_fn(rows, COLUMNS, |i, j| match self.codes {
            Some(codes) => ((i * 5 + j * 3) % codes) as f64,
            None => ((i * 37 + j * 11 + 5) % 101) as f64 / 40.0 - 1.2603,
        })
    }

    /// A regression on the layer's outputs.
    fn model(&self) -> Model<f64> {
        let layers = Sequential::<f64>::default().seed(5).add(self.layer.clone());
        layers.add(Dense::new(1, Linear)).compile(SGD::default(), MeanSquaredError::default(), ())
    }
}

fn subjects() -> Vec<Subject> {
    let of = |name: &'static str| -> Vec<Subject> {
        let make = |config: Value| {
            let layer = layers::get::<f64>(name, config.clone()).unwrap();
            let codes = match layer.build(COLUMNS).unwrap().domain() {
                Domain::Codes(codes) => Some(codes),
                Domain::Integers | Domain::Vocabulary(_) => Some(7),
                _ => None,
            };
            Subject { what: format!("{name} {config}"), layer, codes }
        };
        configurations(name).into_iter().map(make).collect()
    };
    layers::names().into_iter().flat_map(of).collect()
}

#[test]
fn there_are_subjects() {
    assert!(layers::names().len() >= 28);
}

#[test]
fn outputs_are_as_wide_as_declared_for_any_number_of_rows() {
    for subject in subjects() {
        let network = subject.network();
        let outputs = subject.layer.build(COLUMNS).unwrap().outputs();
        for rows in [0, 1, 5, 16, 33, 300] {
            let y = network.predict(&subject.samples(rows)).unwrap();
            assert_eq!(y.shape(), (rows, outputs), "{}", subject.what);
            assert!(y.iter().all(|value| value.is_finite()), "{}", subject.what);
        }
    }
}

#[test]
fn a_sample_s_prediction_does_not_depend_on_its_company() {
    for subject in subjects() {
        let network = subject.network();
        let x = subject.samples(300);
        let y = network.predict(&x).unwrap();
        for (first, rows) in [(0, 1), (7, 5), (100, 16), (250, 33)] {
            let part = network.predict(&x.rows(first, rows)).unwrap();
            assert_eq!(part, y.rows(first, rows), "{}", subject.what);
        }
        assert_eq!(network.predict(&x).unwrap(), y, "{}: a second time", subject.what);
    }
}

#[test]
fn gradients_are_finite_differences() {
    const STEP: f64 = 1e-6;
    for subject in subjects() {
        let mut network = subject.network();
        // Five rows leave lanes of every vector unused; their content must have no effect.
        for rows in [5, 16, 18] {
            let x = subject.samples(rows);
            let upstream = DMatrix::from_fn(rows, network.outputs(), |i, j| ((i * 7 + j * 5) % 11) as f64 / 5.0 - 1.0);
            let value = |network: &Network<f64>, x: &DMatrix<f64>| {
                let found = network.gradients(x, &upstream).unwrap();
                found.output.dot(&upstream) + found.penalty
            };
            let found = network.gradients(&x, &upstream).unwrap();
            let close = |what: &str, gradient: f64, slope: f64| {
                let bound = 2e-7 + 2e-7 * slope.abs();
                assert!((gradient - slope).abs() <= bound, "{}, {what}: {gradient} beside {slope}", subject.what);
            };
            // Codes have no neighbours to differ from; numbers within a bin do, and no slope.
            for at in (0..x.len()).filter(|_| subject.codes.is_none()) {
                let moved = |step: f64| {
                    let mut x = x.clone();
                    x[at] += step;
                    value(&network, &x)
                };
                let slope = (moved(STEP) - moved(-STEP)) / (2.0 * STEP);
                close(&format!("dx[{at}] of {rows} rows"), found.input[at] + found.penalty_input[at], slope);
            }
            let (weights, state) = (network.flat_weights().to_vec(), network.flat_state().to_vec());
            for at in 0..weights.len() {
                let mut moved = |step: f64| {
                    let mut weights = weights.clone();
                    weights[at] += step;
                    network.set_flat(&weights, &state).unwrap();
                    value(&network, &x)
                };
                let slope = (moved(STEP) - moved(-STEP)) / (2.0 * STEP);
                close(&format!("dw[{at}] of {rows} rows"), found.weights[at] + found.penalty_weights[at], slope);
            }
            network.set_flat(&weights, &state).unwrap();
        }
    }
}

#[test]
fn a_configuration_read_back_makes_the_same_layer() {
    for subject in subjects() {
        let config = subject.layer.config().unwrap();
        let again = layers::get::<f64>(&subject.layer.class_name(), config.clone()).unwrap();
        assert_eq!(again.config().unwrap(), config, "{}", subject.what);
        assert_eq!(again.options(), subject.layer.options(), "{}", subject.what);
        let again = Subject { what: String::new(), layer: again, codes: subject.codes };
        let x = subject.samples(9);
        let (one, other) = (subject.network(), again.network());
        assert_eq!(one.predict(&x).unwrap(), other.predict(&x).unwrap(), "{}", subject.what);
        let upstream = one.predict(&x).unwrap();
        assert_eq!(one.gradients(&x, &upstream).unwrap(), other.gradients(&x, &upstream).unwrap(), "{}", subject.what);
    }
}

#[test]
fn an_argument_that_does_not_exist_is_refused() {
    for subject in subjects() {
        let mut config = subject.layer.config().unwrap();
        config["unheard_of"] = json!(1);
        let error = layers::get::<f64>(&subject.layer.class_name(), config).unwrap_err().to_string();
        assert!(error.contains("unheard_of"), "{error}");
    }
}

#[test]
fn training_is_repeatable_and_stays_finite_with_a_ragged_last_batch() {
    for subject in subjects() {
        let (x, y) = (subject.samples(37), DMatrix::from_fn(37, 1, |i, _| (i % 3) as f64));
        let train = || {
            let mut model = subject.model();
            let history = model.fit(&x, &y, Fit::new().batch_size(16).epochs(3).verbose(0)).unwrap();
            let network = model.into_network().unwrap();
            let numbers = [network.flat_weights(), network.flat_state()].concat();
            assert!(numbers.iter().all(|value| value.is_finite()), "{}", subject.what);
            (numbers, history.get("loss").unwrap().to_vec())
        };
        assert_eq!(train(), train(), "{}", subject.what);
    }
}

#[test]
fn the_loss_of_a_step_holds_the_penalties() {
    for subject in subjects() {
        let (x, y) = (subject.samples(16), DMatrix::from_fn(16, 1, |i, _| (i % 3) as f64));
        let mut model = subject.model();
        let network = model.build(COLUMNS).unwrap();
        let upstream = DMatrix::zeros(16, 1);
        let found = network.gradients(&x, &upstream).unwrap();
        let apart = (&found.output - &y).norm_squared() / 16.0;
        let logs = model.train_on_batch(&x, &y).unwrap();
        let expected = apart + found.penalty;
        let loss = logs.get("loss").unwrap();
        assert!((loss - expected).abs() <= 1e-12 * expected.abs(), "{}: {loss} beside {expected}", subject.what);
    }
}

#[test]
fn a_frozen_layer_keeps_its_weights() {
    for subject in subjects() {
        let (x, y) = (subject.samples(20), DMatrix::from_fn(20, 1, |i, _| (i % 3) as f64));
        let mut model = subject.model();
        model.build(COLUMNS).unwrap();
        let name = model.network().unwrap().layer_names().next().unwrap().to_string();
        model.set_trainable(&name, false).unwrap();
        let before = model.weights(&name).unwrap();
        model.fit(&x, &y, Fit::new().batch_size(16).epochs(2).verbose(0)).unwrap();
        let after = model.weights(&name).unwrap();
        // The vector of a spectral norm is updated even if the kernel is frozen, as in Keras.
        let kept = before.len() - usize::from(subject.layer.class_name() == "SpectralNormalization");
        assert_eq!(before[..kept], after[..kept], "{}", subject.what);
    }
}

#[test]
fn an_unknown_layer_is_answered_with_the_known_ones() {
    let error = layers::get::<f32>("Dens", Value::Null).unwrap_err().to_string();
    assert!(error.contains("there is no layer \"Dens\"") && error.contains("Dense"), "{error}");
}
