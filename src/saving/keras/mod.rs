//! Models in Keras's files, both ways.
//!
//! ```
//! use perceptra::prelude::*;
//! use perceptra::saving::keras;
//!
//! let (x, y) = (dmatrix![0.0, 1.0; 1.0, 0.0], dmatrix![1.0; 0.0]);
//! let mut model = Sequential::new().add(Dense::new(1, Sigmoid)).compile("adam", "binary_crossentropy", ["accuracy"]);
//! model.fit(&x, &y, Fit::new().epochs(2).verbose(0))?;
//! let path = std::env::temp_dir().join("perceptra-keras.keras");
//! keras::save_model(&model, &path)?; // keras.models.load_model opens it
//! let mut again = keras::load_model(&path)?; // and this what Keras saves
//! again.fit(&x, &y, Fit::new().initial_epoch(2).epochs(4).verbose(0))?;
//! # std::fs::remove_file(path).unwrap();
//! # Ok::<(), perceptra::Error>(())
//! ```
//!
//! | file | read by | written by |
//! |---|---|---|
//! | `.keras`, the archive of Keras 3 and of TF-Keras from 2.12 on | [`load_model`], [`load_network`] | [`save_model`], that of Keras 3 |
//! | the folder of `model.save(…, zipped=False)` | the same | |
//! | `.h5`, a whole model as Keras 2 saved it; TensorFlow up to 2.12 gave it the name `.keras` too | the same | |
//! | `.weights.h5`, and the `.h5` of Keras 2's `save_weights` | [`load_weights`], [`load_weights_skip_mismatch`] | [`save_weights`], that of Keras 3 |
//! | JSON of `to_json` | [`model_from_json`] | [`to_json`] |
//!
//! # What is exchanged
//!
//! | part | |
//! |---|---|
//! | layers | every layer of this crate that has a description; their initializers, regularizers, constraints and activations; names and whether they are trained |
//! | weights | also moving averages, and the vector of a `SpectralNormalization` |
//! | what preprocessing has learned | mean and variance of `Normalization`, boundaries of `Discretization`, the vocabulary of `IntegerLookup`; they are written as arguments, since that is what they are here |
//! | `compile` | the optimizer with all arguments and its schedule, the loss, metrics and weighted metrics |
//! | the optimizer's state | steps, learning rate, averages, sums of gradients, slots and numbers of every optimizer |
//! | not: the seed | Keras has none in its files: the random numbers of dropout and of the order of samples start over |
//! | not: what has no meaning here | `shared_object_id`, `jit_compile`, `run_eagerly`, `steps_per_execution`, a `dtype` of float32 or float64 |
//!
//! # Files of Keras 2
//!
//! Models that Keras 2.0 to 2.15 and the package `tf_keras` have compiled and saved open with [`load_model`], and the next steps are
//! those that Keras 2 takes after loading the same file:
//!
//! | part | |
//! |---|---|
//! | configurations | `lr` and a `decay` of the learning rate, which becomes [`InverseTimeDecay`](crate::optimizers::schedules::InverseTimeDecay) over single steps; `Custom>Adam`, `is_legacy_optimizer`, `jit_compile`; `MeanMetricWrapper`; names of losses; `alpha` of `LeakyReLU`, `input_length` of `Embedding`, `batch_input_shape` of any first layer |
//! | rules that Keras 3 changed | arguments of this crate: `epsilon_in_root` of RMSprop and Adagrad, `schedule_decay` and `product_per_variable` of Nadam, `slope` of the hard sigmoid, where Keras 2 clips all gradients together `global_clipnorm` |
//! | the optimizer's state | the orders of Keras 2.0 to 2.3, of `tf.keras` up to TensorFlow 2.10 with `optimizers.legacy`, and of TF-Keras 2.11 and later |
//! | a state in another order, or none | the optimizer starts over, which [`Model::load_warnings`](crate::models::Model::load_warnings) and a line on standard error report |
//! | a cross-entropy after another one's activation, such as a binary one after `softmax` | is that of the outputs; TF-Keras takes the logits for those of the activation that belongs to the loss, which a warning states |
//! | files of weights | matched by the order of the layers with variables, whatever their names |
//! | a model in the model | its layers take its place; a name that is taken gets the inner model's in front |
//! | Keras 1 | refused; Keras 2 converts it |
//!
//! # What is refused
//!
//! | what | the error |
//! |---|---|
//! | a class without a counterpart: `Conv2D`, `LSTM`, `Lambda` with its Python code | [`Error::Layer`](crate::Error::Layer) with the layer's name, its position and its class |
//! | a functional graph, unless each layer takes what the one before it returns | the same |
//! | an argument that has no counterpart, unless its value is `null` or `false` or has no meaning here: `renorm`, `lora_rank`, `multi_label`; the message names the version of Keras that wrote the file | the same, or [`Error::Configuration`](crate::Error::Configuration) |
//! | numbers of mixed width, `mixed_float16`; a policy of quantization | the same |
//! | three dimensions: an `Embedding` without a `Flatten` after it | the same; one is written after every embedding of this crate |
//! | arguments of an activation other than `relu`, `leaky_relu`, `elu`, when writing | [`Error::NotSerializable`](crate::Error::NotSerializable) |
//! | `exclude_from_weight_decay` and the rules of Keras 2, when writing | the same; Keras does not keep the first either, and Keras 3 does not have the others |
//! | compressed or chunked HDF5, and that of `libver="latest"` with large groups | [`Error::ModelFile`](crate::Error::ModelFile) |
//!
//! # What a reader guards against
//!
//! A file that is truncated, altered or made to do harm is an error. Lengths and places are checked before anything is
//! allocated, parts of a file may not overlap, archives may unpack to a hundred times their size and one mebibyte, JSON may be
//! 128 deep, and weights are allocated once the file is known to fill them. Reading takes at most 300 times the size of
//! the file, plus 64 mebibytes.
//!
//! # Why HDF5 is read and written here
//!
//! Keras uses one corner of it: groups with symbol tables, arrays in one piece, attributes that are strings. That takes a few
//! short files, with every place checked. Of the crates in pure Rust, `hdf5-pure` 0.47 was tried on files of
//! Keras 3.15.1: it reads them, and returns errors for altered ones, but needs over a second for some of 47 kB. It and
//! `rust-hdf5` 0.7 have 100,000 lines each, which build for a minute or two. The `zip` crate brings ten packages for reading three files that
//! are stored one after another.

mod archive;
mod beyond_keras;
mod compiled;
mod describe;
mod era;
mod error;
mod exchangeable;
mod family;
mod hdf5;
#[cfg(test)]
mod hostile;
mod ignored_arguments;
mod items;
mod keras2;
mod keras_file;
mod layer_list;
mod layers;
pub(crate) mod load;
mod moments;
pub(crate) mod open;
mod optimizer;
mod provenance;
mod rank;
pub(crate) mod save;
mod state_layout;
mod store;
mod variables;
pub(crate) mod weights_file;

pub use crate::models::files::keras::{load_model, load_model_with, model_from_json, model_from_json_with};
pub use exchangeable::Exchangeable;
pub(crate) use exchangeable::sealed::Sealed;
pub use load::{load_network, load_network_with, load_weights, load_weights_skip_mismatch};
pub use save::{save_model, save_weights, to_json};
