//! An item by its class and its configuration.

use crate::engine::Architecture;
use crate::items::Spec;
use crate::layers::{self, Layer};
use crate::{Error, Result, Scalar};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::Arc;

/// Class and configuration of an item.
#[derive(Serialize, Deserialize)]
pub(super) struct ItemPart {
    pub(super) class_name: String,
    #[serde(default)]
    pub(super) config: Value,
}

impl ItemPart {
    pub(super) fn of<I: Spec + ?Sized>(item: &I) -> Result<Self> {
        Ok(ItemPart { class_name: item.class_name(), config: item.config()? })
    }

    /// The layer that it describes, with its arguments in their ranges; called in the scope of the own items.
    pub(super) fn layer<T: Scalar>(self) -> Result<Arc<dyn Layer<T>>> {
        let layer = layers::get(&self.class_name, self.config)?;
        layer.check()?;
        Ok(layer)
    }

    /// The layers of a model; an error about one tells its position.
    pub(super) fn of_layers<T: Scalar>(architecture: &Architecture<T>) -> Result<Vec<Self>> {
        let layers = architecture.layers.iter().enumerate().map(|(position, layer)| {
            layer.check()?;
            ItemPart::of(&**layer).map_err(|error| match error {
                // The message of a nameless closure must tell where it is.
                Error::NotSerializable { item, reason } => {
                    let class = layer.class_name();
                    let within = if item == class { String::new() } else { format!(" in {class}") };
                    Error::NotSerializable { item: format!("{item}{within} (layer {position})"), reason }
                }
                other => other,
            })
        });
        layers.collect()
    }
}

/// A reason as an error about a configuration.
pub(super) fn unreadable(item: &str, reason: impl ToString) -> Error {
    Error::Configuration { item: item.into(), reason: reason.to_string() }
}
