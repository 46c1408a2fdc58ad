//! Functions that are applied at each position of their operands independently.

mod coefficients;
pub(crate) mod distances;
pub(crate) mod functions;
pub(crate) mod fusion;
pub(crate) mod hinge_labels;
pub(crate) mod lanewise;

pub(super) use coefficients::Coefficients;
