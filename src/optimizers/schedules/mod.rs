//! Schedules: learning rates that follow the number of optimizer steps.
//!
//! Each is given where a learning rate is: `Adam.learning_rate(CosineDecay::new(0.01, 1000))`. Steps are counted
//! from 0, one per batch (not per epoch).

mod cosine_decay;
mod cosine_decay_restarts;
mod exponential_decay;
mod inverse_time_decay;
mod names;
mod piecewise_constant_decay;
mod polynomial_decay;
mod schedule;

pub use cosine_decay::CosineDecay;
pub use cosine_decay_restarts::CosineDecayRestarts;
pub use exponential_decay::ExponentialDecay;
pub use inverse_time_decay::InverseTimeDecay;
#[cfg(test)]
pub(crate) use names::all;
pub use names::get;
pub use piecewise_constant_decay::PiecewiseConstantDecay;
pub use polynomial_decay::PolynomialDecay;
pub use schedule::Schedule;
