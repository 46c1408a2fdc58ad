//! Neural networks on tables with the workflow of Keras.

#![deny(unsafe_code)]
#![warn(missing_docs)]

pub mod activations;
mod batch;
pub mod callbacks;
pub mod constraints;
pub mod error;
pub mod initializers;
mod kernels;
pub mod layers;
pub mod losses;
pub mod metrics;
pub mod model_selection;
pub mod models;
pub mod optimizers;
#[cfg(feature = "plot")]
pub mod plot;
mod precompiled;
pub mod prelude;
pub mod preprocessing;
mod random;
#[cfg(test)]
mod reference;
mod registry;
pub mod regularizers;
mod samples;
mod scalar;
pub mod spec;
mod tokens;
mod variables;

/// The pages of `docs/`, compiled and run with the tests.
#[cfg(doctest)]
mod documents {
    #[doc = include_str!("../docs/walkthrough.md")]
    mod walkthrough {}
}

pub use batch::{Batch, BatchBuffer, BatchMut};
pub use error::{Error, Result};
pub use models::{Fit, Model, Network, Sequential};
pub use random::Random;
pub use scalar::Scalar;
pub use variables::Variable;
