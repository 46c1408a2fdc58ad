//! Models: a stack of layers, its built form, and its training.
//!
//! [`Sequential`] is the description of the layers, [`Model`] is compiled and trained, [`Network`] contains the built layers with their
//! weights. A [`FittedPipeline`](crate::pipeline::FittedPipeline) holds networks with their preprocessing and their target.
//!
//! # Files
//!
//! [`Model::save`], [`Network::save`] and [`FittedPipeline::save`](crate::pipeline::FittedPipeline::save) write one file in the
//! published `safetensors` layout, the configuration as JSON in its metadata. The format has a version. **Every later release of this crate reads every
//! file of version 1**, and of version 2 once that was released; a file of a later version is refused by name. What a file may hold is written down in the user's
//! guide, `docs/guide.md`. A file that is damaged or made to do harm is an [`Error`](crate::Error), in memory of at most 100
//! times its size plus one mebibyte.

mod batches;
mod compile;
pub(crate) mod files;
mod fit_ranks;
mod layer_ref;
mod model;
mod network;
mod options;
mod predict;
#[cfg(feature = "csv")]
mod predict_csv;
mod sequential;
mod summary;
pub(crate) mod warnings;

pub(crate) use batches::WritePredictions;

pub use crate::as_matrix::{AsMatrix, from_rows, row_major};
pub use crate::engine::{Gradients, History, Logs, Network, Verbosity};
pub use crate::items::registry::Registry;
pub use layer_ref::LayerRef;
pub use model::Model;
pub use options::{Evaluate, Fit, FitOptions, Predict};
pub use sequential::Sequential;
pub use summary::Summary;
pub use warnings::Warning;
