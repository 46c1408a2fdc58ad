//! Regularizers: penalties on weights or outputs that are added to the loss.
//!
//! Each is a value with its arguments, `L2.l2(1e-4)`, or a name, `"l2"`. One of your own implements [`Regularizer`].

mod elastic;
mod l1;
mod l1_l2;
mod l2;
mod names;
mod orthogonal_regularizer;
mod regularizer;

pub use l1::L1;
pub use l1_l2::L1L2;
pub use l2::L2;
pub use names::get;
pub(crate) use names::{all, resolve};
pub use orthogonal_regularizer::{Mode, OrthogonalRegularizer};
pub use regularizer::Regularizer;
