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
//! | `release` | the crate version that wrote the file; optional and informational |
//! | `checksum` | CRC-32C of the whole file with this value as zeros, eight hexadecimal digits; optional |
//! | `config` | JSON, below |
//!
//! | key of `config` | holds |
//! |---|---|
//! | `dtype` | `float32` or `float64` |
//! | `architecture` | the layers as nodes of a graph: `inputs`, the names of the graph's inputs; `nodes`, each with `name`, `class_name`, `config` and `inputs`, the names of its input nodes; `outputs`, the names of the output nodes; `seed` |
//! | `network` | of a built model: `inputs`, the columns of each input; `seed`; `layers` with name and trainability |
//! | `compile` | `optimizer`; `outputs`, for each output of the network `loss`, `metrics` and `weighted_metrics` |
//! | `training` | steps, epochs, learning rate, whether averages are swapped for the weights |
//! | `position`, `fit` | in a backup: epoch and step of the fit, the history, and the states of the callbacks |
//! | `preprocessing`, `threshold` | of a [`FittedPipeline`](crate::pipeline::FittedPipeline): fitted transformers, each with `class_name`, `config` and `state`; the threshold |
//! | `pipeline` | of the same: `target`; `seed`; `table`, the columns of the table of the fit; `baseline`, the mean of the encoded training rows, optional; `members`, each as `network`; `decisions`, optional: `calibrator`, `prior`, `choice` of the threshold, `conformal`, `domain` |
//!
//! An item is an object with `class_name` and `config`; a user-defined one has `registered_name` as well, as in Keras, and is made
//! only by the registry. `configuration` reads the JSON of each version, [`document`] is that of
//! version 2, [`graph`] the layers in it.
//!
//! # Promise
//!
//! Every later release of this crate reads every file of version 1; [`version_1`] is the only code that handles it and converts it to
//! version 2. Version 2 may change until its release; from then on every later release reads it too. A change that an
//! older reader could misread increases the version; a file of a higher version is an error that names the version.
//!
//! The graph of version 2 can express more than this release supports: several inputs, several outputs, and layers of several inputs. A
//! graph that is not a chain of layers is an error.
//!
//! # What a reader guards against
//!
//! A truncated, altered or malicious file is an [`Error`](crate::Error): lengths and offsets are checked before anything is
//! allocated, and reading allocates at most 100 times the file size plus 1 MiB. What a
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
pub(crate) use decode::{Compiled, Opened, in_file};
