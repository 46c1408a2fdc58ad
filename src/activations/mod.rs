//! Activations: what a layer applies to its weighted sums.
//!
//! Each is a value with its arguments: [`Relu`](struct@Relu) with the defaults, `Relu.max_value(6.0)` with an argument, or a
//! name as in `Dense::new(12, "relu")`. One of your own implements [`Activation`]; a pair of closures will do
//! too: [`Custom`].

mod activation;
mod custom;
mod elementwise;
mod linear;
mod names;
mod relu;
mod sigmoid;
mod softmax;
mod tanh;

pub use activation::{Activation, Fusion};
pub use custom::Custom;
pub use linear::Linear;
pub use names::get;
pub(crate) use names::resolve;
pub use relu::Relu;
pub use sigmoid::Sigmoid;
pub use softmax::Softmax;
pub use tanh::Tanh;
