//! Layers: what a model is made of.
//!
//! A layer is a plain description; building a model turns it into a [`Cell`] that computes. One of your own
//! implements [`Layer`] and [`Cell`].

mod activation;
mod cell;
mod dense;
mod dropout;
mod input;
mod layer;

pub use activation::Activation;
pub use cell::{Cell, Inference, Noise, Parameter, Training};
pub use dense::Dense;
pub use dropout::Dropout;
pub use input::Input;
pub use layer::{Layer, LayerOptions};
