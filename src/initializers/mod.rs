//! Initializers: the first values of the weights.

mod constant;
mod initializer;
mod names;
mod variance_scaling;

pub use constant::{Constant, Ones, Zeros};
pub use initializer::{Initializer, Shape};
pub use names::get;
pub(crate) use names::resolve;
pub use variance_scaling::{GlorotNormal, GlorotUniform, HeNormal, HeUniform, LecunNormal, LecunUniform};
