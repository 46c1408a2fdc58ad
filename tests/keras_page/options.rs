//! Options that are set by methods: each method exists, and passing Keras's default has no effect.

use perceptra::callbacks::*;
use perceptra::layers::Lambda;
use perceptra::models::{Evaluate, Fit, Predict, Verbosity};
use perceptra::plot::ModelPlot;
use perceptra::prelude::{Dense, Relu, Sequential};
use perceptra::preprocessing::FeatureSpace;
use serde_json::{Map, Value, json};

/// The methods of a value with Keras's defaults, of which each must leave it as it is; then those whose default is that
/// nothing is set, of which each must change it.
macro_rules! options {
    ($new:expr, { $($name:ident: $value:expr => $keras:expr),* $(,)? }, { $($none:ident: $some:expr),* $(,)? }) => {{
        let plain = format!("{:?}", $new);
        $(assert_eq!(format!("{:?}", $new.$name($value)), plain, "{} is not the default", stringify!($name));)*
        $(assert_ne!(format!("{:?}", $new.$none($some)), plain, "{} does nothing", stringify!($none));)*
        let mut arguments = Map::new();
        $(arguments.insert(stringify!($name).into(), json!($keras));)*
        $(arguments.insert(stringify!($none).into(), Value::Null);)*
        Some(arguments)
    }};
}

/// The arguments of an item that are set by methods.
pub(crate) fn arguments(family: &str, item: &str) -> Option<Map<String, Value>> {
    let weights = [1.0f32];
    match (family, item) {
        ("callbacks", "BackupAndRestore") => options!(
            BackupAndRestore::new("folder"),
            { save_freq: SaveFreq::Epoch => "epoch", double_checkpoint: false => false, delete_checkpoint: true => true },
            {}
        ),
        ("callbacks", "CSVLogger") => {
            options!(CSVLogger::new("file"), { separator: "," => ",", append: false => false }, {})
        }
        ("callbacks", "EarlyStopping") => options!(
            EarlyStopping::<f32>::new(),
            {
                monitor: "val_loss" => "val_loss", min_delta: 0.0 => 0, patience: 0 => 0, verbose: 0 => 0,
                mode: Mode::Auto => "auto", restore_best_weights: false => false, start_from_epoch: 0 => 0,
            },
            { baseline: 0.5 }
        ),
        ("callbacks", "LambdaCallback") => options!(
            LambdaCallback::<f32>::new(),
            {},
            {
                on_epoch_begin: |_| Ok(()), on_epoch_end: |_| Ok(()), on_train_begin: |_| Ok(()),
                on_train_end: |_| Ok(()), on_train_batch_begin: |_, _| Ok(()), on_train_batch_end: |_, _| Ok(()),
            }
        ),
        ("callbacks", "LearningRateScheduler") => {
            options!(LearningRateScheduler::new(|_, rate| rate), { verbose: 0 => 0 }, {})
        }
        ("callbacks", "ModelCheckpoint") => options!(
            ModelCheckpoint::new("file"),
            {
                monitor: "val_loss" => "val_loss", verbose: 0 => 0, save_best_only: false => false,
                save_weights_only: false => false, mode: Mode::Auto => "auto", save_freq: SaveFreq::Epoch => "epoch",
            },
            { initial_value_threshold: 0.5 }
        ),
        ("callbacks", "ReduceLROnPlateau") => options!(
            ReduceLROnPlateau::new(),
            {
                monitor: "val_loss" => "val_loss", factor: 0.1 => 0.1, patience: 10 => 10, verbose: 0 => 0,
                mode: Mode::Auto => "auto", min_delta: 1e-4 => 1e-4, cooldown: 0 => 0, min_lr: 0.0 => 0.0,
            },
            {}
        ),
        ("callbacks", "SwapEMAWeights") => options!(SwapEMAWeights::new(), { swap_on_epoch: false => false }, {}),
        ("callbacks", "TensorBoard") => options!(
            TensorBoard::new(),
            {
                log_dir: "logs" => "logs", write_steps_per_second: false => false,
                update_freq: UpdateFreq::Epoch => "epoch",
            },
            {}
        ),
        ("callbacks", "TerminateOnNaN") => options!(TerminateOnNaN::new(), { raise_error: false => false }, {}),
        ("layers", "Lambda") => options!(Lambda::<f32>::new(|x, mut y| y.copy_from(x)), {}, { output_shape: 3 }),
        ("methods", "fit") => options!(
            Fit::<f32>::new(),
            {
                epochs: 1 => 1, verbose: Verbosity::Auto => "auto", validation_split: 0.0 => 0.0, shuffle: true => true,
                initial_epoch: 0 => 0, validation_freq: 1 => 1, class_weight: [] => Value::Null,
            },
            {
                sample_weight: &weights, steps_per_epoch: 2, validation_steps: 2, validation_batch_size: 2,
            }
        ),
        ("methods", "evaluate") => {
            options!(Evaluate::<f32>::new(), {}, { batch_size: 3, sample_weight: &weights, steps: 2 })
        }
        ("methods", "predict") => options!(Predict::<f32>::new(), {}, { batch_size: 3, steps: 2 }),
        ("methods", "summary") => {
            let network = Sequential::new().add(Dense::new(1, Relu)).build(1).expect("a network");
            options!(network.summary(), { show_trainable: false => false }, { line_length: 99 })
        }
        ("utils", "FeatureSpace") => options!(
            FeatureSpace::new(),
            { crossing_dim: 32 => 32, hashing_dim: 32 => 32, num_discretization_bins: 32 => 32 },
            {}
        ),
        ("utils", "plot_model") => {
            let network = Sequential::new().add(Dense::new(1, Relu)).build(1).expect("a network");
            options!(
                ModelPlot::new(&network),
                {
                    show_shapes: false => false, show_layer_names: false => false,
                    show_layer_activations: false => false, show_trainable: false => false,
                },
                {}
            )
        }
        _ => None,
    }
}
