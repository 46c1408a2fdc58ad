//! Losses: what training makes small.
//!
//! Each is a value with its arguments: [`BinaryCrossentropy`](struct@BinaryCrossentropy) with the defaults,
//! `BinaryCrossentropy.label_smoothing(0.1)` with one changed, or a name as in
//! `compile("adam", "binary_crossentropy", metrics![])`. One of your own implements [`Loss`].

mod binary_crossentropy;
mod categorical_crossentropy;
mod loss;
mod mean_absolute_error;
mod mean_squared_error;
mod names;
mod pointwise;
mod reduction;
mod sparse_categorical_crossentropy;

pub use binary_crossentropy::BinaryCrossentropy;
pub use categorical_crossentropy::CategoricalCrossentropy;
pub use loss::{Loss, Targets};
pub use mean_absolute_error::MeanAbsoluteError;
pub use mean_squared_error::MeanSquaredError;
pub use names::get;
pub(crate) use names::resolve;
pub use reduction::Reduction;
pub use sparse_categorical_crossentropy::SparseCategoricalCrossentropy;
