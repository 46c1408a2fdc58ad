//! The options of a fit, an evaluation and a prediction.

mod evaluate;
mod fit;
mod fit_callback;
mod fit_options;
mod predict;

pub(super) use fit::{WEIGHTS, of_matrices};
pub(super) use fit_callback::check_described;

pub use evaluate::Evaluate;
pub use fit::Fit;
pub use fit_options::FitOptions;
pub use predict::Predict;
