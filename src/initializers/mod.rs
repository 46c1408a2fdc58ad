//! Initializers: the first values of the weights.

mod distributions;
mod fans;
mod initializer;
mod names;

use crate::registry::family;

pub use crate::shape::Shape;
pub use initializer::Initializer;
pub use names::get;
pub(crate) use names::resolve;
pub use variance_scaling::{Distribution, Fan};

// One line an item: its file, and what it is called.
family! {
    Initializer:
    constant: Constant, Ones, Zeros;
    identity: Identity;
    orthogonal: Orthogonal;
    random_normal: RandomNormal;
    random_uniform: RandomUniform;
    scaled: GlorotNormal, GlorotUniform, HeNormal, HeUniform, LecunNormal, LecunUniform;
    truncated_normal: TruncatedNormal;
    variance_scaling: VarianceScaling;
}
