//! Regularizers: penalties on weights or outputs that are added to the loss.

mod l2;
mod names;
mod regularizer;

pub use l2::L2;
pub use names::get;
pub(crate) use names::resolve;
pub use regularizer::Regularizer;
