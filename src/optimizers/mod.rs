//! Optimizers: how gradients move the weights.
//!
//! Each is a value with its arguments: `Adam::default()`, or `Adam.learning_rate(0.01)`, or a name as in
//! `compile("adam", …)`. One of your own implements [`Optimizer`].

mod adam;
mod learning_rate;
mod names;
mod optimizer;
mod rmsprop;
mod sgd;

pub use adam::Adam;
pub use learning_rate::{LearningRate, Schedule};
pub use names::get;
pub(crate) use names::resolve;
pub use optimizer::{Optimizer, Step};
pub use rmsprop::RMSprop;
pub use sgd::SGD;
