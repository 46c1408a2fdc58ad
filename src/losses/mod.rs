//! Losses: what training makes small.
//!
//! Each is a value with its arguments: [`BinaryCrossentropy`](struct@BinaryCrossentropy) with the defaults,
//! `BinaryCrossentropy.label_smoothing(0.1)` with one changed, or a name as in
//! `compile("adam", "binary_crossentropy", metrics![])`. One of your own implements [`Loss`].

mod binary_crossentropy;
mod binary_focal_crossentropy;
mod categorical;
mod categorical_crossentropy;
mod categorical_focal_crossentropy;
mod categorical_generalized_cross_entropy;
mod categorical_hinge;
mod cosine_similarity;
mod dice;
mod focus;
mod hinge;
mod huber;
mod kl_divergence;
mod log_cosh;
mod loss;
mod margin;
mod mean_absolute_error;
mod mean_absolute_percentage_error;
mod mean_squared_error;
mod mean_squared_logarithmic_error;
mod names;
mod overlap;
mod pointwise;
mod poisson;
mod reduction;
mod rowwise;
mod sparse_categorical_crossentropy;
mod squared_hinge;
mod tversky;

pub use binary_crossentropy::BinaryCrossentropy;
pub use binary_focal_crossentropy::BinaryFocalCrossentropy;
pub use categorical_crossentropy::CategoricalCrossentropy;
pub use categorical_focal_crossentropy::{Alpha, CategoricalFocalCrossentropy};
pub use categorical_generalized_cross_entropy::CategoricalGeneralizedCrossEntropy;
pub use categorical_hinge::CategoricalHinge;
pub use cosine_similarity::CosineSimilarity;
pub use dice::Dice;
pub use hinge::Hinge;
pub use huber::Huber;
pub use kl_divergence::KLDivergence;
pub use log_cosh::LogCosh;
pub use loss::{Loss, Targets};
pub use mean_absolute_error::MeanAbsoluteError;
pub use mean_absolute_percentage_error::MeanAbsolutePercentageError;
pub use mean_squared_error::MeanSquaredError;
pub use mean_squared_logarithmic_error::MeanSquaredLogarithmicError;
pub use names::get;
pub(crate) use names::{all, resolve};
pub use poisson::Poisson;
pub use reduction::Reduction;
pub(crate) use reduction::weigh;
pub use sparse_categorical_crossentropy::SparseCategoricalCrossentropy;
pub use squared_hinge::SquaredHinge;
pub use tversky::Tversky;
