//! Random models over every layer and activation, with samples and the answers to them.

use nalgebra::DMatrix;
use perceptra::layers::{self, Domain};
use perceptra::prelude::*;
use perceptra::saving::onnx;
use perceptra::{Error, Random, Scalar, activations};
use rand::{RngExt, SeedableRng};
use serde_json::{Value, json};

/// The samples of a model, which are predicted one by one, in batches of seven and all together.
pub(crate) const ROWS: usize = 300;

/// A model's file, and the outputs that a runtime must compute.
pub(crate) struct Case {
    pub what: String,
    pub bytes: Vec<u8>,
    /// `inputs` and `outputs` by name, type and rows.
    pub samples: Value,
}

/// A layer that is possible at a position in a model.
struct Choice {
    class: &'static str,
    config: Value,
    /// Whether a small difference of the input can cause a large one of the output; such a layer can only read the samples.
    jumps: bool,
}

/// The names of all activations, and their aliases.
pub(crate) fn activation_names() -> Vec<String> {
    match activations::get::<f32>("?", Value::Null) {
        Err(Error::Unknown { known, .. }) => known,
        other => panic!("{other:?}"),
    }
}

/// Layers that give indices: a bin, a code, a place.
const INDICES: [&str; 4] = ["CategoryEncoding", "Discretization", "Embedding", "IntegerLookup"];

/// Layers that cannot be exported.
const REFUSED: [&str; 1] = ["Hashing"];

struct Maker {
    random: Random,
}

impl Maker {
    fn below(&mut self, count: usize) -> usize {
        self.random.random_range(0..count)
    }

    fn one_of<X: Clone>(&mut self, choices: &[X]) -> X {
        choices[self.below(choices.len())].clone()
    }

    fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.random.random::<f64>()
    }

    fn flag(&mut self) -> bool {
        self.below(2) == 0
    }

    fn numbers(&mut self, count: usize, low: f64, high: f64) -> Vec<f64> {
        (0..count).map(|_| self.between(low, high)).collect()
    }

    /// An activation with arguments, and whether it jumps.
    fn activation(&mut self, name: &str) -> (Value, bool) {
        let config = match name {
            "celu" | "elu" => json!({ "alpha": self.between(0.3, 2.0) }),
            "gelu" => json!({ "approximate": self.flag() }),
            "hard_shrink" | "soft_shrink" => json!({ "threshold": self.one_of(&[0.5, 0.25, 0.7, 0.0]) }),
            "leaky_relu" => json!({ "negative_slope": self.between(0.0, 0.5) }),
            "relu" => match self.below(4) {
                0 => json!({ "negative_slope": self.between(0.0, 0.5) }),
                1 => json!({ "negative_slope": self.between(0.0, 0.5), "threshold": 0.25, "max_value": 1.5 }),
                2 => json!({ "max_value": self.between(0.5, 1.5) }),
                _ => Value::Null,
            },
            "sparsemax" => json!({ "projection": self.flag() }),
            "squareplus" => json!({ "b": self.one_of(&[0.0, 1.0, 4.0]) }),
            "threshold" => json!({ "threshold": 0.4, "default_value": self.between(-1.0, 1.0) }),
            _ => Value::Null,
        };
        let jumps = match name {
            "hard_shrink" | "threshold" => true,
            "sparsemax" => config["projection"] == false,
            "relu" => !config["threshold"].is_null(),
            _ => false,
        };
        (json!({ "class_name": name, "config": config }), jumps)
    }

    /// A layer of a class on this many columns.
    fn layer(&mut self, class: &'static str, columns: usize, activation: &str) -> Choice {
        let center = json!({ "center": self.flag(), "scale": self.flag(), "epsilon": self.between(1e-4, 0.1) });
        let mode = self.one_of(&["one_hot", "multi_hot", "count"]);
        let any_mode = self.one_of(&["int", "one_hot", "multi_hot", "count"]);
        let mut jumps = INDICES.contains(&class);
        let config = match class {
            "InputLayer" => json!({ "batch_shape": [null, columns] }),
            "Activation" => {
                let (activation, jumping) = self.activation(activation);
                jumps = jumping;
                json!({ "activation": activation })
            }
            "Dense" => {
                let (activation, jumping) = self.activation(activation);
                let activation = if jumping { json!("linear") } else { activation };
                let units = if self.below(10) == 0 { 64 } else { 1 + self.below(8) };
                json!({ "units": units, "activation": activation, "use_bias": self.below(4) > 0 })
            }
            "ActivityRegularization" => json!({ "l2": 0.1 }),
            "Dropout" | "AlphaDropout" | "GaussianDropout" => json!({ "rate": 0.4 }),
            "GaussianNoise" => json!({ "stddev": 0.3 }),
            "Embedding" => json!({ "input_dim": 7, "output_dim": 1 + self.below(4) }),
            "BatchNormalization" | "LayerNormalization" => center,
            "GroupNormalization" => {
                let divisors: Vec<i64> = (1..=columns as i64).filter(|one| columns as i64 % one == 0).collect();
                let mut config = center;
                config["groups"] = json!(if self.below(5) == 0 { -1 } else { self.one_of(&divisors) });
                config
            }
            "PReLU" => json!({ "shared_axes": self.one_of(&[json!(null), json!([1])]) }),
            "SpectralNormalization" => {
                let Choice { config, .. } = self.layer("Dense", columns, activation);
                json!({ "layer": { "class_name": "Dense", "config": config } })
            }
            "CategoryEncoding" => json!({ "num_tokens": 7, "output_mode": mode }),
            "Discretization" => {
                let boundaries = self.one_of(&[json!([-0.5, 0.25, 0.7]), json!([]), json!([1.0])]);
                json!({ "bin_boundaries": boundaries, "output_mode": any_mode })
            }
            "IntegerLookup" => match self.below(5) {
                0 => json!({ "vocabulary": [0, 1, 2, 3, 4, 5, 6], "num_oov_indices": 0, "output_mode": any_mode }),
                1 => json!({ "vocabulary": [3, 1, 4], "invert": true, "mask_token": 0 }),
                2 => json!({ "vocabulary": [7, 8, 9], "invert": true }),
                3 => json!({ "vocabulary": [3, 1], "num_oov_indices": 3, "mask_token": 2, "output_mode": any_mode,
                    "max_tokens": 9, "pad_to_max_tokens": true }),
                _ => json!({ "vocabulary": [3, 1, 5], "mask_token": 4, "output_mode": any_mode }),
            },
            "Normalization" => match self.flag() {
                true => json!({ "mean": self.between(-1.0, 1.0), "variance": self.between(0.1, 2.0), "axis": null }),
                false => json!({ "mean": self.numbers(columns, -1.0, 1.0),
                    "variance": self.numbers(columns, 0.1, 2.0), "invert": self.flag() }),
            },
            "Rescaling" => json!({ "scale": self.between(0.1, 2.0), "offset": self.numbers(columns, -1.0, 1.0) }),
            "Scaling" => json!({ "learning_rate_factor": self.between(0.5, 6.0) }),
            "ELU" => json!({ "alpha": self.between(0.3, 2.0) }),
            "LeakyReLU" => json!({ "negative_slope": self.between(0.0, 0.5) }),
            "ReLU" => {
                jumps = self.flag();
                let threshold = if jumps { 0.25 } else { 0.0 };
                json!({ "max_value": self.one_of(&[json!(null), json!(0.8)]), "negative_slope": 0.1,
                    "threshold": threshold })
            }
            "Flatten" | "Identity" | "RMSNormalization" | "Softmax" | "UnitNormalization" => json!({}),
            other => panic!("{other} is registered but in no random model: give it arguments here"),
        };
        Choice { class, config, jumps }
    }

    fn network<T: Scalar>(&mut self, number: usize) -> (Network<T>, Vec<String>) {
        let classes: Vec<&'static str> = layers::names().into_iter().filter(|name| !REFUSED.contains(name)).collect();
        let names = activation_names();
        let mut columns = 1 + self.below(8);
        let inputs = columns;
        let (mut model, mut what) = (Sequential::<T>::default(), Vec::new());
        let depth = 2 + self.below(4);
        // Every class and every activation is used; only the first layer may be discontinuous.
        let turn = classes[number % classes.len()];
        let place = if INDICES.contains(&turn) { 0 } else { self.below(depth) };
        if place == 0 && INDICES.contains(&turn) && self.flag() {
            // Exact in binary, so that numbers between and beyond the codes come to the layer.
            let halved = layers::get::<T>("Rescaling", json!({ "scale": 0.5, "offset": -0.5 })).unwrap();
            model = model.add(halved);
        }
        for position in 0..=depth {
            let activation = match position {
                0 => names[number / 2 % names.len()].clone(),
                _ => self.one_of(&names),
            };
            let class = match position {
                _ if position == place => turn,
                0 if number.is_multiple_of(2) => "Activation",
                _ => self.one_of(&classes),
            };
            let mut choice = self.layer(class, columns, &activation);
            if position > 0 && (choice.jumps || class == "InputLayer") {
                choice = self.layer("Dense", columns, &activation);
            }
            what.push(format!("{} {}", choice.class, choice.config));
            let layer = layers::get::<T>(choice.class, choice.config).unwrap();
            columns = layer.build(columns).unwrap().outputs();
            model = model.add(layer);
        }
        let mut network = model.seed(number as u64).build(inputs).unwrap();
        let weights: Vec<T> = network.flat_weights().iter().map(|_| T::of(self.between(-0.8, 0.8))).collect();
        let state: Vec<T> = network.flat_state().iter().map(|_| T::of(self.between(0.1, 2.0))).collect();
        network.set_flat(&weights, &state).unwrap();
        (network, what)
    }

    /// Multiples of 1/64, or codes if the model reads them, so that nothing is rounded before the first layer.
    fn samples<T: Scalar>(&mut self, network: &Network<T>) -> DMatrix<T> {
        let mut columns = network.inputs();
        let mut takes_codes = false;
        for layer in network.architecture().layers() {
            let cell = layer.build(columns).unwrap();
            columns = cell.outputs();
            match cell.domain() {
                Domain::OfNext => {}
                domain => {
                    takes_codes = domain != Domain::Real;
                    break;
                }
            }
        }
        DMatrix::from_fn(ROWS, network.inputs(), |_, _| match takes_codes {
            true => T::of(self.below(7) as f64),
            false => T::of((self.below(385) as f64 - 192.0) / 64.0),
        })
    }
}

fn rows<T: Scalar>(matrix: &DMatrix<T>) -> Vec<Vec<f64>> {
    matrix.row_iter().map(|row| row.iter().map(|value| value.to_f64()).collect()).collect()
}

fn element<T: Scalar>() -> &'static str {
    if size_of::<T>() == 8 { "float64" } else { "float32" }
}

fn of_type<T: Scalar>(number: usize) -> Case {
    let mut maker = Maker { random: Random::seed_from_u64(number as u64) };
    let (network, what) = maker.network::<T>(number);
    let what = format!("{} of {}: {}", number, element::<T>(), what.join(" | "));
    let x = maker.samples(&network);
    let y = network.predict(&x).unwrap();
    let bytes = onnx::Export::new().to_bytes(&network).unwrap_or_else(|error| panic!("{what}: {error}"));
    let samples = json!({
        "inputs": [{ "name": "input", "type": element::<T>(), "rows": rows(&x) }],
        "outputs": [{ "name": "output", "type": element::<T>(), "rows": rows(&y) }],
    });
    Case { what, bytes, samples }
}

/// The random model of a number: every third in double precision.
pub(crate) fn case(number: usize) -> Case {
    if number % 3 == 2 { of_type::<f64>(number) } else { of_type::<f32>(number) }
}
