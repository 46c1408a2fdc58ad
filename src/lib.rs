//! Neural networks on tables with the workflow of Keras.

#![deny(unsafe_code)]
#![warn(missing_docs)]

pub mod error;
mod kernels;
#[cfg(feature = "plot")]
pub mod plot;
mod random;
mod scalar;

pub use error::{Error, Result};
pub use random::Random;
pub use scalar::Scalar;
