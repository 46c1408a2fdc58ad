//! Constraints: what weights are brought back to after every step of the optimizer.
//!
//! Each is a value with its arguments, `MaxNorm.max_value(3.0)`, or a name, `"max_norm"`. One of your own implements
//! [`Constraint`].

mod constraint;
mod names;
mod norms;

use crate::registry::family;

pub use constraint::Constraint;
pub use names::get;
pub(crate) use names::resolve;

// One line an item: its file, and what it is called.
family! {
    Constraint:
    max_norm: MaxNorm;
    min_max_norm: MinMaxNorm;
    non_neg: NonNeg;
    unit_norm: UnitNorm;
}
