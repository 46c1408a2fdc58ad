//! Constraints: what weights are brought back to after every step of the optimizer.
//!
//! Each is a value with its arguments, `MaxNorm.max_value(3.0)`, or a name, `"max_norm"`. One of your own implements
//! [`Constraint`].

mod constraint;
mod max_norm;
mod min_max_norm;
mod names;
mod non_neg;
mod norms;
mod unit_norm;

pub use constraint::Constraint;
pub use max_norm::MaxNorm;
pub use min_max_norm::MinMaxNorm;
pub use names::get;
pub(crate) use names::{all, resolve};
pub use non_neg::NonNeg;
pub use unit_norm::UnitNorm;
