//! What an item says of itself, as the exporter reads it.

use crate::{Error, Result};
use serde_json::Value as Json;
use std::any::Any;

/// A layer or an activation: its class, its arguments under Keras's names, its weights.
pub(super) struct Described<'a> {
    /// The name of the layer that it is, or is part of.
    pub(super) layer: &'a str,
    pub(super) class_name: String,
    pub(super) config: Json,
    /// Whether its type is one of the crate's; a user-defined type may have the same name.
    pub(super) is_built_in: bool,
    /// A layer itself, for those whose type does not depend on the model's.
    pub(super) item: Option<&'a dyn Any>,
    /// The activation that a layer has as an argument.
    pub(super) activation: Option<Box<Described<'a>>>,
    /// The layer that a layer wraps.
    pub(super) wrapped: Option<Box<Described<'a>>>,
    /// The columns that come in.
    pub(super) columns: usize,
    pub(super) weights: &'a [Weight],
}

/// The values of one variable, row by row.
pub(super) struct Weight {
    pub(super) name: String,
    pub(super) shape: Vec<usize>,
    pub(super) values: Vec<f64>,
}

impl Described<'_> {
    /// An argument that is a number.
    pub(super) fn number(&self, argument: &str) -> Result<f64> {
        self.config[argument].as_f64().ok_or_else(|| self.unreadable(argument, "a number"))
    }

    /// An argument that is a number or nothing.
    pub(super) fn optional_number(&self, argument: &str) -> Result<Option<f64>> {
        if self.config[argument].is_null() { Ok(None) } else { self.number(argument).map(Some) }
    }

    /// An argument that is a count.
    pub(super) fn count(&self, argument: &str) -> Result<usize> {
        let count = self.config[argument].as_u64().and_then(|count| usize::try_from(count).ok());
        count.ok_or_else(|| self.unreadable(argument, "a count"))
    }

    /// An argument that is true or false.
    pub(super) fn flag(&self, argument: &str) -> Result<bool> {
        self.config[argument].as_bool().ok_or_else(|| self.unreadable(argument, "true or false"))
    }

    /// An argument that is a list of numbers.
    pub(super) fn numbers(&self, argument: &str) -> Result<Vec<f64>> {
        let list = self.config[argument].as_array().and_then(|list| list.iter().map(Json::as_f64).collect());
        list.ok_or_else(|| self.unreadable(argument, "a list of numbers"))
    }

    /// An argument that is one number for all columns, or one for each.
    pub(super) fn each(&self, argument: &str) -> Result<Vec<f64>> {
        if self.config[argument].is_array() {
            return self.numbers(argument);
        }
        self.number(argument).map(|number| vec![number; self.columns])
    }

    /// The layer as a value of its type.
    pub(super) fn typed<L: 'static>(&self) -> Result<&L> {
        let found = self.item.and_then(|item| item.downcast_ref());
        found.ok_or_else(|| self.refused(OWN))
    }

    /// An argument that serde reads.
    pub(super) fn read<A: serde::de::DeserializeOwned>(&self, argument: &str) -> Result<A> {
        serde_json::from_value(self.config[argument].clone())
            .map_err(|error| self.unreadable(argument, &error.to_string()))
    }

    /// The values of a variable.
    pub(super) fn weight(&self, name: &str) -> Result<&Weight> {
        let found = self.weights.iter().find(|weight| weight.name == name);
        found.ok_or_else(|| self.unreadable(name, "a variable of the layer"))
    }

    /// The error for what ONNX cannot hold.
    pub(super) fn refused(&self, reason: &str) -> Error {
        refused(self.layer, &self.class_name, reason)
    }

    fn unreadable(&self, argument: &str, expected: &str) -> Error {
        let reason = format!("\"{argument}\" is {}; expected {expected}", self.config[argument]);
        Error::Configuration { item: self.class_name.clone(), reason }
    }
}

/// The error for an item that ONNX cannot hold.
pub(super) fn refused(layer: &str, class_name: &str, reason: &str) -> Error {
    Error::NotSerializable { item: format!("{class_name} (layer {layer}) as ONNX"), reason: reason.into() }
}

/// Why an item of the user's own is refused.
pub(super) const OWN: &str = "an exporter knows the operators of the crate's own layers and activations only; \
                              build the same of those, or export the layers before it and compute it in the program \
                              that runs the model";
