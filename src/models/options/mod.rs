//! The options of a fit, an evaluation and a prediction.

mod evaluate;
mod fit;
mod predict;

pub use evaluate::Evaluate;
pub use fit::Fit;
pub use predict::Predict;
