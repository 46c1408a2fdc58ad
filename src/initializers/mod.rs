//! Initializers: the first values of the weights.

mod constant;
mod distributions;
mod fans;
mod identity;
mod initializer;
mod names;
mod orthogonal;
mod random_normal;
mod random_uniform;
mod scaled;
mod truncated_normal;
mod variance_scaling;

pub use constant::{Constant, Ones, Zeros};
pub use identity::Identity;
pub use initializer::{Initializer, Shape};
pub use names::get;
pub(crate) use names::{all, resolve};
pub use orthogonal::Orthogonal;
pub use random_normal::RandomNormal;
pub use random_uniform::RandomUniform;
pub use scaled::{GlorotNormal, GlorotUniform, HeNormal, HeUniform, LecunNormal, LecunUniform};
pub use truncated_normal::TruncatedNormal;
pub use variance_scaling::{Distribution, Fan, VarianceScaling};
