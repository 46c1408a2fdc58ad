//! Regularizers: penalties on weights or outputs that are added to the loss.
//!
//! Each is a value with its arguments, `L2.l2(1e-4)`, or a name, `"l2"`. One of your own implements [`Regularizer`].

mod elastic;
mod names;
mod regularizer;

use crate::registry::family;

pub use names::get;
pub(crate) use names::resolve;
pub use orthogonal_regularizer::Mode;
pub use regularizer::Regularizer;

// One line an item: its file, and what it is called.
family! {
    Regularizer:
    l1: L1;
    l1_l2: L1L2;
    l2: L2;
    orthogonal_regularizer: OrthogonalRegularizer;
}
