//! Constraints: what weights are brought back to after every step of the optimizer.

mod constraint;
mod names;
mod non_neg;

pub use constraint::Constraint;
pub use names::get;
pub(crate) use names::resolve;
pub use non_neg::NonNeg;
