//! Models: a stack of layers, its built form, and its training.

mod data;
mod evaluation;
mod fit;
mod gradients;
mod history;
mod inference;
mod logs;
mod model;
mod network;
mod optimization;
mod penalties;
mod progress;
mod sequential;
mod step;
mod summary;
mod tracker;
mod training;
mod validation;

pub(crate) use crate::optimizers::Optimization;
pub use crate::samples::{Samples, from_rows, row_major};
pub use evaluation::Evaluate;
pub use fit::{Fit, Verbosity};
pub use gradients::Gradients;
pub use history::History;
pub use logs::Logs;
pub use model::Model;
pub use network::Network;
pub use sequential::Sequential;
pub use summary::Summary;
