//! Models: a stack of layers, its built form, and its training.
//!
//! [`Sequential`] is what a user describes, [`Model`] what is compiled and trained, [`Network`] the built layers with their
//! weights, [`Scorer`] a network with its preprocessing and its threshold.
//!
//! # Files
//!
//! [`Model::save`], [`Network::save`] and [`Scorer::save`] write one file in the published `safetensors` layout, the
//! configuration as JSON in its metadata. The format has a version, and **every later release of this crate reads every
//! file of version 1**; a file of a later version is refused by name. What a file may hold is written down in the user's
//! guide, `docs/guide.md`. A file that is damaged or made to do harm is an [`Error`](crate::Error), in memory of at most 100
//! times its size plus one mebibyte.

mod batches;
pub(crate) mod build;
mod built_layer;
mod data;
pub(crate) mod evaluation;
pub(crate) mod files;
mod fit;
mod gradients;
mod history;
mod inference;
mod logs;
mod model;
mod network;
mod optimization;
mod penalties;
pub(crate) mod progress;
mod reach;
mod scorer;
mod sequential;
mod step;
mod summary;
mod tracker;
mod training;
mod validation;
mod warnings;

pub(crate) use crate::optimizers::Optimization;
pub use crate::samples::{Samples, from_rows, row_major};
pub use crate::saving::registry::Registry;
pub use built_layer::BuiltLayer;
pub use evaluation::Evaluate;
pub use fit::{Fit, Verbosity};
pub use gradients::Gradients;
pub use history::History;
pub use inference::Predict;
pub use logs::Logs;
pub use model::Model;
pub use network::Network;
pub use scorer::{Score, Scorer};
pub use sequential::Sequential;
pub use summary::Summary;
pub use warnings::Warning;
