//! The layers of a model as JSON, with Keras's keys.

use super::document::{Architecture, Item, Layers, unreadable};
use crate::layers;
use crate::models::Sequential;
use crate::registry::in_scope;
use crate::saving::registry::Registry;
use crate::{Error, Result, Scalar};

/// The layers and the seed as JSON.
pub(crate) fn to_json<T: Scalar>(layers: &Sequential<T>) -> Result<String> {
    serde_json::to_string(&Architecture::of(layers)?)
        .map_err(|error| Error::NotSerializable { item: "Sequential".into(), reason: error.to_string() })
}

/// The layers that [`to_json`] wrote, among them those of the registry.
pub(crate) fn from_json<T: Scalar>(text: &str, registry: &Registry<T>) -> Result<Sequential<T>> {
    let document: Architecture = serde_json::from_str(text).map_err(|error| unreadable("Sequential", error))?;
    in_scope(&registry.items, || document.read())
}

impl Architecture {
    pub(super) fn of<T: Scalar>(model: &Sequential<T>) -> Result<Self> {
        let layers = model.layers().iter().enumerate().map(|(position, layer)| {
            Item::of(&**layer).map_err(|error| match error {
                // The message of a nameless closure must tell where it is.
                Error::NotSerializable { item, reason } => {
                    let class = layer.class_name();
                    let within = if item == class { String::new() } else { format!(" in {class}") };
                    Error::NotSerializable { item: format!("{item}{within} (layer {position})"), reason }
                }
                other => other,
            })
        });
        let config = Layers { layers: layers.collect::<Result<_>>()?, seed: model.given_seed() };
        Ok(Architecture { class_name: "Sequential".into(), config })
    }

    /// The model; called in the scope of the own items.
    pub(super) fn read<T: Scalar>(self) -> Result<Sequential<T>> {
        if self.class_name != "Sequential" {
            let reason = format!("it is of class {}; only Sequential models are read", self.class_name);
            return Err(unreadable("the model", reason));
        }
        let made = self.config.layers.into_iter().map(|item| layers::get(&item.class_name, item.config));
        Ok(Sequential::of(made.collect::<Result<_>>()?, self.config.seed))
    }
}
