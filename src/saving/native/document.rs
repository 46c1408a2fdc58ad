//! The JSON in a file's metadata.

use crate::engine::History;
use crate::engine::fit_state::{Position, RunningPart};
use crate::preprocessing::FittedColumnTransformer;
use crate::spec::Spec;
use crate::{Error, Result};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Everything of a file but its values.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Document {
    /// `float32` or `float64`.
    pub(super) dtype: String,
    /// Nothing in a file of weights alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) architecture: Option<Architecture>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) network: Option<NetworkPart>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) compile: Option<CompilePart>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) training: Option<TrainingPart>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) position: Option<Position>,
    /// What a backup holds beside the position.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) fit: Option<FitPart>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) preprocessing: Option<FittedColumnTransformer>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) threshold: Option<f64>,
}

/// A model of Keras's class `Sequential`; what else Keras writes is passed over.
#[derive(Serialize, Deserialize)]
pub(super) struct Architecture {
    pub(super) class_name: String,
    pub(super) config: Layers,
}

#[derive(Serialize, Deserialize)]
pub(super) struct Layers {
    pub(super) layers: Vec<Item>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) seed: Option<u64>,
}

/// Class and configuration of an item.
#[derive(Serialize, Deserialize)]
pub(super) struct Item {
    pub(super) class_name: String,
    #[serde(default)]
    pub(super) config: Value,
}

impl Item {
    pub(super) fn of<I: Spec + ?Sized>(item: &I) -> Result<Self> {
        Ok(Item { class_name: item.class_name(), config: item.config()? })
    }
}

/// What was decided when the model was built.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NetworkPart {
    pub(super) inputs: usize,
    pub(super) seed: u64,
    pub(super) layers: Vec<LayerPart>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LayerPart {
    pub(super) name: String,
    /// Whether training moves it now, whatever its configuration said at first.
    pub(super) trainable: bool,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CompilePart {
    pub(super) optimizer: Item,
    pub(super) loss: Item,
    pub(super) metrics: Vec<Item>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) weighted_metrics: Vec<Item>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TrainingPart {
    pub(super) iterations: u64,
    pub(super) epochs: u64,
    /// Where a callback has set it; otherwise the optimizer says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) learning_rate: Option<f64>,
    /// Whether the weights are the averages just now, and the averages the weights.
    #[serde(default, skip_serializing_if = "is_false")]
    pub(super) averages_swapped: bool,
}

fn is_zero(value: &usize) -> bool {
    *value == 0
}

fn is_false(value: &bool) -> bool {
    !value
}

/// What a fit that is backed up has done and remembers.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FitPart {
    /// Whether a callback has asked the fit to stop.
    #[serde(default, skip_serializing_if = "is_false")]
    pub(super) stopped: bool,
    pub(super) history: History,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) running: Option<RunningPart>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) callbacks: Vec<CallbackPart>,
}

/// What a callback remembers.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CallbackPart {
    pub(super) name: String,
    /// Which one of that name it is.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(super) place: usize,
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub(super) values: Value,
    /// The epoch of the weights that it keeps, which are tensors.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) snapshot: Option<usize>,
}

/// A reason as an error about a configuration.
pub(super) fn unreadable(item: &str, reason: impl ToString) -> Error {
    Error::Configuration { item: item.into(), reason: reason.to_string() }
}
