//! Neural networks on tables with the workflow of Keras.

#![deny(unsafe_code)]
#![warn(missing_docs)]

pub mod error;
mod kernels;
pub mod metrics;
pub mod model_selection;
pub mod preprocessing;
mod random;
#[cfg(test)]
mod reference;
mod scalar;

pub use error::{Error, Result};
pub use random::Random;
pub use scalar::Scalar;
