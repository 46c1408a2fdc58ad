//! The native file format.
//!
//! # Layout
//!
//! The user's guide, `docs/guide.md`, describes the same for users. A file is in the published `safetensors` layout, so any
//! reader of that layout opens the weights: the length of a JSON header as a little-endian `u64`, the header, the values
//! in little-endian order without gaps.
//!
//! | tensor | shape | holds |
//! |---|---|---|
//! | `<layer>/<variable>` | that of the variable | weights and state: `dense_1/kernel` (inputs, units) |
//! | `optimizer/<slot>/<layer>/<variable>` | the same | a slot of the optimizer |
//! | `optimizer/<scalar>` | () | a number that the optimizer keeps, always `F64` |
//! | `member/<index>/<layer>/<variable>` | that of the variable | in a pipeline: weights and state of a network after the first |
//! | `callback/<index>/<layer>/<variable>` | that of the variable | in a backup: weights and state that a callback keeps |
//!
//! | key of `__metadata__` | holds |
//! |---|---|
//! | `format` | `perceptra` |
//! | `version` | the version of the format, `2` |
//! | `release` | the release of this crate that wrote the file; optional, for people alone |
//! | `checksum` | CRC-32C of the whole file with this value as zeros, eight hexadecimal digits; optional |
//! | `config` | JSON, below |
//!
//! | key of `config` | holds |
//! |---|---|
//! | `dtype` | `float32` or `float64` |
//! | `architecture` | the layers as nodes of a graph: `inputs`, the names of what comes in; `nodes`, each with `name`, `class_name`, `config` and `inputs`, the names of what it takes; `outputs`, the names of what is returned; `seed` |
//! | `network` | of a built model: `inputs`, the columns of each input; `seed`; `layers` with name and trainability |
//! | `compile` | `optimizer`; `outputs`, for each output of the network `loss`, `metrics` and `weighted_metrics` |
//! | `training` | steps, epochs, learning rate, whether averages are swapped for the weights |
//! | `position`, `fit` | in a backup: where the fit is, the history and what callbacks remember |
//! | `preprocessing`, `threshold` | of a [`FittedPipeline`](crate::pipeline::FittedPipeline): fitted transformers, each with `class_name`, `config` and `state`; the threshold |
//! | `pipeline` | of the same: `target`; `seed`; `table`, the columns of the table of the fit; `baseline`, the mean of the encoded training rows, optional; `members`, each as `network`; `decisions`, where there are such: `calibrator`, `prior`, `choice` of the threshold, `conformal`, `domain` |
//!
//! An item is an object with `class_name` and `config`; a user-defined one has `registered_name` as well, as in Keras, and is made
//! by the registry alone. `configuration` reads the JSON of each version, [`document`] is that of
//! version 2, [`graph`] the layers in it.
//!
//! # Promise
//!
//! Every later release of this crate reads every file of version 1, which [`version_1`] maps to version 2; nothing else knows of
//! it. Version 2 may change until it was released, and is then read for ever as well. A change that an earlier reader could
//! misunderstand raises the version; a file of a higher version is refused by name, never misread.
//!
//! The graph of version 2 holds more than this release has: several inputs, outputs and values that a layer takes. What is no
//! chain of layers is refused by an error.
//!
//! # What a reader guards against
//!
//! A file that is truncated, altered or made to do harm is an [`Error`](crate::Error): lengths and places are checked
//! before anything is allocated, and reading takes at most 100 times the size of the file, plus one mebibyte. What a
//! network needs to compute is allocated when it computes.

pub(crate) mod architecture;
pub(crate) mod backup;
mod configuration;
mod contents;
mod decode;
mod document;
mod graph;
pub(crate) mod indexed_names;
mod layout;
mod version_1;
mod version_1_features;
pub(crate) mod weights;

#[cfg(feature = "keras")]
pub(crate) use contents::shape;
pub(crate) use contents::{Contents, PipelineContents};
pub(crate) use decode::{Compiled, Opened};
