//! Activations: what a layer applies to its weighted sums.
//!
//! Each is a value with its arguments: [`Relu`](struct@Relu) with the defaults, `Relu.max_value(6.0)` with an argument, or a
//! name as in `Dense::new(12, "relu")`. One of your own implements [`Activation`]; a pair of closures will do
//! too: [`Custom`].

mod activation;
mod celu;
mod custom;
mod elementwise;
mod elu;
mod exponential;
mod gelu;
mod hard_shrink;
mod hard_sigmoid;
mod hard_silu;
mod hard_tanh;
mod leaky_relu;
mod linear;
mod log_sigmoid;
mod log_softmax;
mod mish;
mod names;
mod relu;
mod relu6;
mod selu;
mod sigmoid;
mod silu;
mod soft_shrink;
mod softmax;
mod softplus;
mod softsign;
mod sparse_plus;
mod sparse_sigmoid;
mod sparsemax;
mod squareplus;
mod tanh;
mod tanh_shrink;
mod threshold;

pub use activation::{Activation, Fusion};
pub use celu::Celu;
pub use custom::Custom;
pub use elu::Elu;
pub use exponential::Exponential;
pub use gelu::Gelu;
pub use hard_shrink::HardShrink;
pub use hard_sigmoid::HardSigmoid;
pub use hard_silu::HardSilu;
pub use hard_silu::HardSilu as HardSwish;
pub use hard_tanh::HardTanh;
pub use leaky_relu::LeakyRelu;
pub use linear::Linear;
pub use log_sigmoid::LogSigmoid;
pub use log_softmax::LogSoftmax;
pub use mish::Mish;
pub use names::get;
pub(crate) use names::{all, resolve};
pub use relu::Relu;
pub use relu6::Relu6;
pub use selu::Selu;
pub use sigmoid::Sigmoid;
pub use silu::Silu;
pub use silu::Silu as Swish;
pub use soft_shrink::SoftShrink;
pub use softmax::Softmax;
pub use softplus::Softplus;
pub use softsign::Softsign;
pub use sparse_plus::SparsePlus;
pub use sparse_sigmoid::SparseSigmoid;
pub use sparsemax::Sparsemax;
pub use squareplus::Squareplus;
pub use tanh::Tanh;
pub use tanh_shrink::TanhShrink;
pub use threshold::Threshold;
