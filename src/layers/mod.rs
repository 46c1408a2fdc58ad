//! Layers: what a model is made of.
//!
//! A layer is a plain description; building a model turns it into a [`BuiltLayer`] that computes. One of your own
//! implements [`Layer`] and [`BuiltLayer`].

mod activation;
mod activations;
pub(crate) mod argument;
mod built_layer;
mod dense;
mod description;
mod domain;
mod embedding;
mod flatten;
mod identity;
mod input;
mod inputs;
mod lambda;
mod layer;
mod names;
mod normalization;
mod parameter;
mod preprocessing;
mod regularization;

pub use activation::Activation;
pub use activations::{ELU, LeakyReLU, PReLU, ReLU, Softmax};
pub use built_layer::{BuiltLayer, InferPass, Noise, TrainPass};
pub use dense::Dense;
pub use domain::Domain;
pub use embedding::Embedding;
pub use flatten::Flatten;
pub use identity::Identity;
pub use input::Input;
pub use inputs::Inputs;
pub(crate) use inputs::Place;
pub use lambda::Lambda;
pub use layer::{Layer, LayerOptions};
pub(crate) use names::all;
pub use names::{get, names};
pub use normalization::{
    BatchNormalization, GroupNormalization, LayerNormalization, RMSNormalization, SpectralNormalization,
    UnitNormalization,
};
pub use parameter::Parameter;
pub use preprocessing::{
    Axis, CategoryEncoding, Discretization, Hashing, IntegerLookup, Normalization, Numbers, OovMethod, Rescaling,
};
pub use regularization::{ActivityRegularization, AlphaDropout, Dropout, GaussianDropout, GaussianNoise};

pub use crate::categories::{OutputMode, Salt};
