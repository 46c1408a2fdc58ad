//! File formats: the native one, and those of other programs.
//!
//! The native format, which holds everything, is reached by `save` and `load` of the models themselves. The formats
//! take and return the parts of a model (layers, weights, what it was compiled with, preprocessing); the models put them
//! together.

pub(crate) mod format;
#[cfg(feature = "keras")]
pub mod keras;
pub(crate) mod native;
#[cfg(feature = "onnx")]
pub mod onnx;

pub use crate::atomic::Replacement;
