//! The layers of a model as JSON, with Keras's keys: what `to_json` returns.

use crate::engine::Architecture;
use crate::items::ItemConfig;
use crate::items::json::from_str;
use crate::items::registry::Registry;
use crate::layers::Layer;
use crate::{Error, Result, Scalar};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The class of what is described.
const CLASS: &str = "Sequential";

/// A model of Keras's class `Sequential`; what else Keras writes is ignored.
#[derive(Serialize, Deserialize)]
struct Described {
    class_name: String,
    config: Layers,
}

#[derive(Serialize, Deserialize)]
struct Layers {
    layers: Vec<ItemConfig>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    seed: Option<u64>,
}

/// The layers and the seed as JSON.
pub(crate) fn to_json<T: Scalar>(architecture: &Architecture<T>) -> Result<String> {
    let config = Layers { layers: items(architecture)?, seed: architecture.seed };
    serde_json::to_string(&Described { class_name: CLASS.into(), config })
        .map_err(|error| Error::NotSerializable { item: CLASS.into(), reason: error.to_string() })
}

/// The layers that [`to_json`] wrote, among them those of the registry.
pub(crate) fn from_json<T: Scalar>(text: &str, registry: &Registry<T>) -> Result<Architecture<T>> {
    let Described { class_name, config } = from_str(text).map_err(|error| Error::configuration(CLASS, error))?;
    if class_name != CLASS {
        let reason = format!("it is of class {class_name}; only Sequential models are read");
        return Err(Error::configuration("the model", reason));
    }
    registry.in_scope(|| {
        let layers = config.layers.into_iter().enumerate().map(|(position, item)| read(item, position));
        Ok(Architecture { layers: layers.collect::<Result<_>>()?, seed: config.seed })
    })
}

/// The layers as they are written; an error about one states its position.
pub(super) fn items<T: Scalar>(architecture: &Architecture<T>) -> Result<Vec<ItemConfig>> {
    let layers = architecture.layers.iter().enumerate().map(|(position, layer)| {
        ItemConfig::of(&**layer).map_err(|error| match error {
            // The message of a nameless closure must state where it is.
            Error::NotSerializable { item, reason } => {
                let class = layer.class_name();
                let within = if item == class { String::new() } else { format!(" in {class}") };
                Error::NotSerializable { item: format!("{item}{within} (layer {position})"), reason }
            }
            other => other.with_note(&at(position)),
        })
    });
    layers.collect()
}

/// The layer of a position, with its arguments in their ranges; an error about it names the position.
pub(super) fn read<T: Scalar>(item: ItemConfig, position: usize) -> Result<Arc<dyn Layer<T>>> {
    let read = || {
        let layer = item.get::<dyn Layer<T>>()?;
        layer.check()?;
        Ok(layer)
    };
    read().map_err(|error: Error| error.with_note(&at(position)))
}

fn at(position: usize) -> String {
    format!("in layer {position}")
}
