//! The JSON in a file's metadata, as version 2 has it.

use super::graph::GraphConfig;
use crate::engine::History;
use crate::engine::fit_state::{Position, RunningPart};
use crate::items::ItemConfig;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Everything of a file but its values.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Document {
    /// `float32` or `float64`.
    pub(super) dtype: String,
    /// `None` in a file of weights.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) architecture: Option<GraphConfig>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) network: Option<NetworkPart>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) compile: Option<CompilePart>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) training: Option<TrainingPart>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) position: Option<Position>,
    /// The part of a backup that is not its position.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) fit: Option<FitPart>,
    /// A fitted column transformer; what it is made of is read after the document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) preprocessing: Option<Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) threshold: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) pipeline: Option<PipelinePart>,
}

impl Document {
    /// The reason why the keys do not go together: one lacks another that it needs, or is with one that excludes it.
    pub(super) fn missing(&self) -> Option<String> {
        let keys = [
            ("architecture", self.architecture.is_some()),
            ("network", self.network.is_some()),
            ("compile", self.compile.is_some()),
            ("training", self.training.is_some()),
            ("position", self.position.is_some()),
            ("fit", self.fit.is_some()),
            ("preprocessing", self.preprocessing.is_some()),
            ("threshold", self.threshold.is_some()),
            ("pipeline", self.pipeline.is_some()),
        ];
        let has = |wanted: &str| keys.iter().any(|(key, is_there)| *key == wanted && *is_there);
        // A backup is a training without the descriptions of the layers and of what was compiled.
        let needs: &[(&str, &str)] = match has("position") {
            true => &[("position", "training"), ("training", "network")],
            false => &[
                ("fit", "position"),
                ("compile", "architecture"),
                ("training", "architecture"),
                ("training", "network"),
                ("training", "compile"),
                ("preprocessing", "architecture"),
                ("preprocessing", "threshold"),
                ("threshold", "preprocessing"),
                ("preprocessing", "pipeline"),
                ("pipeline", "preprocessing"),
                ("pipeline", "network"),
                ("pipeline", "compile"),
            ],
        };
        let lacks = needs.iter().find(|(key, needed)| has(key) && !has(needed));
        let lacks = lacks.map(|(key, needed)| format!("it has \"{key}\" and lacks \"{needed}\""));
        let backup = || {
            let extra = ["architecture", "compile", "preprocessing", "threshold", "pipeline"]
                .into_iter()
                .find(|key| has(key))?;
            has("position").then(|| format!("it has both \"{extra}\" and \"position\", which only a backup has"))
        };
        lacks.or_else(backup)
    }
}

/// The parts of a fitted pipeline other than its preprocessing, its threshold and its first network.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PipelinePart {
    /// The target; read after the document.
    pub(super) target: Value,
    pub(super) seed: u64,
    /// The names of the columns that the table of the fit had; none if they are not known.
    pub(super) table: Vec<String>,
    /// The mean of the encoded training rows, a number for each input of the networks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) baseline: Option<Vec<f64>>,
    /// The networks after the first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) members: Vec<NetworkPart>,
    /// The receipt of the fit; read after the document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) receipt: Option<Value>,
    /// Calibration, threshold, regions and domain; read after the document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) decisions: Option<Value>,
}

/// The choices made when the model was built.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NetworkPart {
    /// The columns of each input.
    pub(super) inputs: Vec<usize>,
    pub(super) seed: u64,
    pub(super) layers: Vec<LayerPart>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LayerPart {
    pub(super) name: String,
    /// Whether training moves it now, whatever its configuration was at first.
    pub(super) trainable: bool,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CompilePart {
    pub(super) optimizer: ItemConfig,
    /// Loss and metrics of each output of the network, in the order of the outputs.
    pub(super) outputs: Vec<MeasuresPart>,
}

/// Loss and metrics of one output.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MeasuresPart {
    pub(super) loss: ItemConfig,
    pub(super) metrics: Vec<ItemConfig>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) weighted_metrics: Vec<ItemConfig>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TrainingPart {
    pub(super) iterations: u64,
    pub(super) epochs: u64,
    /// The rate that a callback has set; otherwise it is the optimizer's.
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

/// The progress and the history of a fit that is backed up, and the states of its callbacks.
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

/// The state of a callback.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CallbackPart {
    pub(super) name: String,
    /// Its position among the callbacks of that name.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(super) place: usize,
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub(super) values: Value,
    /// The epoch of the weights that it keeps, which are tensors.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) snapshot: Option<usize>,
}
