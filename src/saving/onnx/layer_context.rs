//! The name, widths and weights of a layer in a network.

use crate::{Error, Result};

/// The name, widths and weights of a layer.
#[derive(Clone, Copy)]
pub(super) struct LayerContext<'a> {
    /// The name of the layer, that of the wrapper for a wrapped one.
    pub(super) layer: &'a str,
    /// The columns that come in.
    pub(super) columns: usize,
    /// The columns that go out.
    pub(super) outputs: usize,
    pub(super) weights: &'a [Weight],
}

/// The values of one variable, row by row.
pub(super) struct Weight {
    pub(super) name: String,
    pub(super) shape: Vec<usize>,
    pub(super) values: Vec<f64>,
}

impl<'a> LayerContext<'a> {
    /// The values of a variable that the layer has only with some of its arguments.
    pub(super) fn find(&self, name: &str) -> Option<&'a Weight> {
        self.weights.iter().find(|weight| weight.name == name)
    }

    /// The values of a variable.
    pub(super) fn weight(&self, name: &str) -> Result<&'a Weight> {
        self.find(name).ok_or_else(|| {
            let (layer, expected) = (self.layer.into(), format!("a variable {name}"));
            Error::Weights { layer, expected, found: "none of that name".into() }
        })
    }

    /// The context without the variables from this one on, which are those of a wrapper.
    pub(super) fn without(&self, name: &str) -> Self {
        let end = self.weights.iter().position(|weight| weight.name == name).unwrap_or(self.weights.len());
        LayerContext { weights: self.weights.get(..end).unwrap_or_default(), ..*self }
    }

    /// The error for what ONNX cannot hold.
    pub(super) fn refused(&self, class_name: &str, reason: &str) -> Error {
        let item = format!("{class_name} (layer {}) as ONNX", self.layer);
        Error::NotSerializable { item, reason: reason.into() }
    }
}

/// Why a user-defined item is refused.
pub(super) const USER_DEFINED: &str = "an exporter knows the operators of built-in layers and activations only; \
                              build the same of those, or export the layers before it and compute it in the program \
                              that runs the model";
