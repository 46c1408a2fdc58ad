//! The layers of a model as JSON, with Keras's keys: what `to_json` returns.

use super::item_part::{ItemPart, unreadable};
use crate::engine::Architecture;
use crate::items::json::from_str;
use crate::items::registry::Registry;
use crate::{Error, Result, Scalar, layers};
use serde::{Deserialize, Serialize};

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
    layers: Vec<ItemPart>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    seed: Option<u64>,
}

/// The layers and the seed as JSON.
pub(crate) fn to_json<T: Scalar>(architecture: &Architecture<T>) -> Result<String> {
    let config = Layers { layers: ItemPart::of_layers(architecture)?, seed: architecture.seed };
    serde_json::to_string(&Described { class_name: CLASS.into(), config })
        .map_err(|error| Error::NotSerializable { item: CLASS.into(), reason: error.to_string() })
}

/// The layers that [`to_json`] wrote, among them those of the registry.
pub(crate) fn from_json<T: Scalar>(text: &str, registry: &Registry<T>) -> Result<Architecture<T>> {
    let Described { class_name, config } = from_str(text).map_err(|error| unreadable(CLASS, error))?;
    if class_name != CLASS {
        let reason = format!("it is of class {class_name}; only Sequential models are read");
        return Err(unreadable("the model", reason));
    }
    registry.in_scope(|| {
        let layers = config.layers.into_iter().map(|item| layers::get(&item.class_name, item.config));
        Ok(Architecture { layers: layers.collect::<Result<_>>()?, seed: config.seed })
    })
}
