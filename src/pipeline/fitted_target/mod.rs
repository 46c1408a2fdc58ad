//! A target after the fit: its labels, or the distribution of its numbers, and the form in which a network is trained on them.

mod accumulator;
mod binary;
mod columns;
mod encode;
mod labels;
mod learn;
mod multiclass;
mod number_target;
mod regression;
mod state;
mod stored;
#[cfg(test)]
mod tests;

pub(super) use accumulator::BlockwiseTarget;
pub(super) use labels::listed;
#[cfg(feature = "onnx")]
pub(super) use number_target::NumberTarget;
pub(super) use state::ClassForm;
pub use state::FittedTarget;
