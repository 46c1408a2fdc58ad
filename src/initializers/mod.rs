//! Initializers: the first values of the weights.

mod distributions;
mod fans;
mod initializer;

use crate::items::{family, snake_case};
pub use crate::shape::Shape;
pub use initializer::Initializer;
pub use variance_scaling::{Distribution, Fan};

/// Other names that Keras accepts.
const ALIASES: &[(&str, &str)] = &[
    ("one", "Ones"),
    ("zero", "Zeros"),
    ("normal", "RandomNormal"),
    ("uniform", "RandomUniform"),
    ("IdentityInitializer", "Identity"),
    ("OrthogonalInitializer", "Orthogonal"),
];

// One line for each item: its file and its names.
family! {
    /// The initializer of Keras's class name or its snake-case form, with arguments under Keras's names; `null` takes
    /// the defaults.
    Initializer<T>: "initializer", T::initializers(), snake_case, ALIASES;
    /// Adds an initializer.
    registered by initializer;
    constant: Constant, Ones, Zeros;
    identity: Identity;
    orthogonal: Orthogonal;
    random_normal: RandomNormal;
    random_uniform: RandomUniform;
    scaled: GlorotNormal, GlorotUniform, HeNormal, HeUniform, LecunNormal, LecunUniform;
    truncated_normal: TruncatedNormal;
    variance_scaling: VarianceScaling;
}
