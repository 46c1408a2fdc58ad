//! Decodes the bytes of a file to a model.

use super::configuration::{Configuration, Version};
use super::contents::{FORMAT, shape};
use super::document::{CompilePart, Document, MeasuresPart, NetworkPart, PipelinePart, TrainingPart};
use super::indexed_names::{is_of_callback, is_of_member, member_prefix};
use super::layout::{Layout, Tensor};
use crate::engine::{Architecture, Network};
use crate::error::number;
use crate::items::registry::Registry;
use crate::items::{Item, ItemConfig};
use crate::losses::Loss;
use crate::metrics::Metric;
use crate::optimizers::{LearningRate, Optimizer, OptimizerState};
use crate::saving::format::{self, FileFormat};
use crate::{Error, Result, Scalar, Variable};
use serde_json::Value;
use std::collections::HashMap;
use std::ops::RangeInclusive;
use std::path::Path;

/// Counts from here on are not distinct in a floating-point number, and no training comes so far.
pub(super) const FAR: u64 = 1 << 53;

/// The range of the threshold of a decision.
const THRESHOLDS: RangeInclusive<f64> = 0.0..=1.0;

/// The contents of a file.
pub(crate) struct Opened<T: Scalar> {
    pub(crate) architecture: Architecture<T>,
    pub(crate) network: Option<Network<T>>,
    pub(crate) compiled: Option<Compiled<T>>,
    pub(crate) optimizer_state: Option<OptimizerState<T>>,
    /// The fitted transformers, as they wrote themselves.
    pub(crate) preprocessing: Option<Value>,
    pub(crate) threshold: Option<f64>,
    pub(crate) pipeline: Option<OpenedPipeline<T>>,
    /// Warnings for the program that opens the file.
    pub(crate) warnings: Vec<String>,
}

/// The parts of a fitted pipeline other than its preprocessing, its threshold and its first network.
pub(crate) struct OpenedPipeline<T: Scalar> {
    pub(crate) target: Value,
    pub(crate) seed: u64,
    pub(crate) table: Vec<String>,
    pub(crate) baseline: Option<Vec<f64>>,
    /// The networks after the first.
    pub(crate) members: Vec<Network<T>>,
    pub(crate) receipt: Option<Value>,
    /// Calibration, threshold, regions and domain.
    pub(crate) decisions: Option<Value>,
}

/// Optimizer, loss and metrics of a compiled model.
pub(crate) struct Compiled<T: Scalar> {
    pub(crate) optimizer: Item<dyn Optimizer<T>>,
    pub(crate) loss: Item<dyn Loss<T>>,
    pub(crate) metrics: Vec<Item<dyn Metric<T>>>,
    pub(crate) weighted_metrics: Vec<Item<dyn Metric<T>>>,
}

/// The values of a file, each taken once.
pub(super) struct StoredTensors<'a> {
    path: &'a Path,
    tensors: HashMap<String, Tensor<'a>>,
    /// The release of this crate that wrote the file, as the file states it.
    release: String,
}

impl<T: Scalar> Opened<T> {
    /// Reads a file.
    pub(crate) fn read(path: &Path, registry: &Registry<T>) -> Result<Self> {
        format::refuse_folder(path)?;
        T::read(&crate::atomic::read(path)?, path, registry)
    }

    /// Reads the bytes of a file; `path` is for messages.
    pub(crate) fn from_bytes(bytes: &[u8], path: &Path, registry: &Registry<T>) -> Result<Self> {
        let (configuration, mut values) = open(bytes, path)?;
        // Schedules and other inner items are read with the document, so the text comes into the scope as well.
        let opened = registry.in_scope(|| {
            let document = configuration.document().map_err(|reason| fault(path, reason))?;
            Self::from_document(document, &mut values).map_err(|error| in_file(error, path))
        })?;
        values.finish()?;
        Ok(opened)
    }

    fn from_document(document: Document, values: &mut StoredTensors<'_>) -> Result<Self> {
        let missing = document.missing();
        let Document { architecture, network, compile, training, preprocessing, threshold, pipeline, .. } = document;
        let Some(architecture) = architecture else {
            let weights = "it holds weights without their layers; build the model, then use load_weights";
            return Err(missing.map_or_else(|| values.fault(weights), |reason| values.changed(reason)));
        };
        if let Some(reason) = missing {
            return Err(values.changed(reason));
        }
        if let (None, Some(name)) = (&network, values.tensors.keys().min()) {
            return Err(values.changed(format!("it holds the values of {name} and lacks \"network\"")));
        }
        architecture.check_chain().map_err(|reason| values.beyond(reason))?;
        let named =
            network.as_ref().is_none_or(|part| part.layers.iter().map(|layer| &*layer.name).eq(architecture.names()));
        if !named {
            return Err(values.changed("the names of the layers in \"network\" are not those in \"architecture\""));
        }
        let architecture: Architecture<T> = architecture.read()?;
        let network = network.map(|part| read_network(&architecture, part, "", values)).transpose()?;
        let pipeline = pipeline.map(|part| read_pipeline(&architecture, part, values)).transpose()?;
        let compiled = compile.map(|part| Compiled::from_part(part, values)).transpose()?;
        let optimizer_state = match (&network, &compiled, training) {
            (Some(network), Some(compiled), Some(part)) => {
                Some(read_training(&compiled.optimizer, network, part, values)?)
            }
            _ => None,
        };
        if let Some(threshold) = threshold.filter(|threshold| !THRESHOLDS.contains(threshold)) {
            let (threshold, [low, high]) = (number(threshold), [THRESHOLDS.start(), THRESHOLDS.end()]);
            return Err(values.changed(format!("its threshold is {threshold}; expected a number in [{low}, {high}]")));
        }
        let warnings = Vec::new();
        Ok(Opened { architecture, network, compiled, optimizer_state, preprocessing, threshold, pipeline, warnings })
    }
}

/// Parses a file and checks that it is of this crate: its configuration and its values.
pub(super) fn open<'a>(bytes: &'a [u8], path: &'a Path) -> Result<(Configuration, StoredTensors<'a>)> {
    if let Some(other) = FileFormat::of(bytes).filter(|format| *format != FileFormat::Native) {
        return Err(fault(path, other.opened_by()));
    }
    let layout = Layout::parse(bytes).map_err(|reason| {
        fault(path, format!("this is not a complete model file: {reason}; save it again, or restore it from a copy"))
    })?;
    if layout.value("format") != Some(FORMAT) {
        return Err(fault(path, "its metadata does not state that this crate wrote it"));
    }
    let version = Version::parse(layout.value("version").unwrap_or("missing")).map_err(|reason| fault(path, reason))?;
    let known = ["format", "version", "release", "config", "checksum"];
    if let Some((key, _)) = layout.metadata.iter().find(|(key, _)| !known.contains(&key.as_str())) {
        return Err(fault(path, format!("its metadata has the unknown key \"{key}\"")));
    }
    let text = layout.value("config").ok_or_else(|| fault(path, "its metadata lacks the configuration"))?;
    let configuration = Configuration { text: text.to_string(), version };
    let release = layout.value("release").unwrap_or("unknown").to_string();
    let tensors = layout.tensors.into_iter().map(|tensor| (tensor.name.clone(), tensor)).collect();
    let values = StoredTensors { path, tensors, release };
    values.check_type(&configuration.dtype().map_err(|reason| fault(path, reason))?)?;
    Ok((configuration, values))
}

/// Whether a release is one after this one.
fn is_later(release: &str) -> bool {
    let numbers = |release: &str| release.split(['.', '-']).map_while(|part| part.parse().ok()).collect::<Vec<u64>>();
    numbers(release) > numbers(env!("CARGO_PKG_VERSION"))
}

/// An error about an item, with the file that it is in.
pub(crate) fn in_file(error: Error, path: &Path) -> Error {
    match error {
        Error::ModelFile { .. } | Error::Io { .. } => error,
        other => other.with_note(&format!("in the file {}", path.display())),
    }
}

fn fault(path: &Path, reason: impl Into<String>) -> Error {
    Error::ModelFile { path: path.to_path_buf(), reason: reason.into() }
}

impl<'a> StoredTensors<'a> {
    fn fault(&self, reason: impl Into<String>) -> Error {
        fault(self.path, reason)
    }

    /// The error for what no release writes.
    fn changed(&self, reason: impl std::fmt::Display) -> Error {
        self.fault(format!(
            "{reason}; the file was changed after it was saved, so save it again, or take it from a copy"
        ))
    }

    /// The error for what this release does not write, but a later one may.
    fn beyond(&self, reason: impl std::fmt::Display) -> Error {
        match is_later(&self.release) {
            true => self.fault(format!("{reason}; release {} wrote it, so update perceptra", self.release)),
            false => self.changed(reason),
        }
    }

    /// Whether the values are of the type that the configuration names; single numbers of an optimizer are always F64.
    fn check_type(&self, dtype: &str) -> Result<()> {
        let wide = match dtype {
            "float32" => false,
            "float64" => true,
            other => return Err(self.beyond(format!("its dtype is \"{other}\"; expected \"float32\" or \"float64\""))),
        };
        let others = self.tensors.values().filter(|tensor| !tensor.shape.is_empty() && tensor.wide != wide);
        let Some(name) = others.map(|tensor| &tensor.name).min() else { return Ok(()) };
        let (expected, found) = if wide { ("F64", "F32") } else { ("F32", "F64") };
        Err(self.changed(format!("its dtype is \"{dtype}\" and its {name} is {found}; expected {expected}")))
    }

    /// Takes the values of a name.
    pub(super) fn take(&mut self, name: &str, shape: &[usize]) -> Result<Tensor<'a>> {
        let tensor =
            self.tensors.remove(name).ok_or_else(|| self.fault(format!("the values of {name} are missing")))?;
        if tensor.shape == shape {
            return Ok(tensor);
        }
        Err(self.fault(format!("{name} is of shape {:?} where the configuration has {shape:?}", tensor.shape)))
    }

    /// Takes the values of all variables of a table.
    fn take_all(&mut self, prefix: &str, variables: &[Variable]) -> Result<Vec<Tensor<'a>>> {
        variables.iter().map(|variable| self.take(&format!("{prefix}{}", variable.path), &shape(variable))).collect()
    }

    /// Copies the values of variables into the vector that holds them.
    pub(super) fn fill<T: Scalar>(&self, tensors: &[Tensor<'_>], variables: &[Variable], to: &mut [T]) -> Result<()> {
        let mut pairs = tensors.iter().zip(variables);
        pairs.try_for_each(|(tensor, variable)| {
            tensor.read(&mut to[variable.range()]).map_err(|reason| self.fault(reason))
        })
    }

    /// Lets go of the values of an optimizer, of callbacks and of further networks.
    pub(super) fn of_first_network(mut self) -> Self {
        let is_further = |name: &str| name.starts_with("optimizer/") || is_of_callback(name) || is_of_member(name);
        self.tensors.retain(|name, _| !is_further(name));
        self
    }

    /// A value of an optimizer that was not taken.
    pub(super) fn left_of_training(&self) -> Option<&str> {
        self.tensors.keys().filter(|name| name.starts_with("optimizer/")).min().map(String::as_str)
    }

    /// All tensors that were not taken, by name.
    pub(super) fn into_tensors(self) -> HashMap<String, Tensor<'a>> {
        self.tensors
    }

    fn finish(self) -> Result<()> {
        let Some(name) = self.tensors.keys().min() else { return Ok(()) };
        Err(self.changed(format!("it has values {name}; expected only those that its configuration lists")))
    }
}

/// The network; its vectors are allocated once the file is known to fill them.
fn read_network<T: Scalar>(
    architecture: &Architecture<T>,
    part: NetworkPart,
    prefix: &str,
    values: &mut StoredTensors<'_>,
) -> Result<Network<T>> {
    let [inputs] = part.inputs[..] else {
        let reason = format!("its network has the columns of {} inputs; expected those of one", part.inputs.len());
        return Err(values.beyond(reason));
    };
    let blueprint = architecture.blueprint(inputs)?;
    let described: Vec<&str> = part.layers.iter().map(|layer| layer.name.as_str()).collect();
    if !blueprint.names().eq(described.iter().copied()) {
        let built = blueprint.names().collect::<Vec<_>>().join(", ");
        return Err(values.fault(format!("its layers are called {} but built as {built}", described.join(", "))));
    }
    let weights = values.take_all(prefix, &blueprint.variables)?;
    let state = values.take_all(prefix, &blueprint.state_variables)?;
    let [mut flat_weights, mut flat_state] = blueprint.zeros()?;
    values.fill(&weights, &blueprint.variables, &mut flat_weights)?;
    values.fill(&state, &blueprint.state_variables, &mut flat_state)?;
    let mut network = blueprint.with_values(part.seed, flat_weights, flat_state);
    for (index, layer) in part.layers.iter().enumerate() {
        network.set_trainable_at(index, layer.trainable);
    }
    Ok(network)
}

fn read_pipeline<T: Scalar>(
    architecture: &Architecture<T>,
    part: PipelinePart,
    values: &mut StoredTensors<'_>,
) -> Result<OpenedPipeline<T>> {
    let PipelinePart { target, seed, table, baseline, members, receipt, decisions } = part;
    let member = |(index, part)| read_network(architecture, part, &member_prefix(index), values);
    let members = members.into_iter().enumerate().map(member).collect::<Result<_>>()?;
    Ok(OpenedPipeline { target, seed, table, baseline, members, receipt, decisions })
}

fn read_training<T: Scalar>(
    optimizer: &Item<dyn Optimizer<T>>,
    network: &Network<T>,
    part: TrainingPart,
    values: &mut StoredTensors<'_>,
) -> Result<OptimizerState<T>> {
    let mut state = OptimizerState::for_network(optimizer, network)?;
    values.fill_training(&mut state, network, &part)?;
    Ok(state)
}

impl StoredTensors<'_> {
    /// Sets the state of an optimizer.
    pub(super) fn fill_training<T: Scalar>(
        &mut self,
        state: &mut OptimizerState<T>,
        network: &Network<T>,
        part: &TrainingPart,
    ) -> Result<()> {
        let TrainingPart { iterations, epochs, learning_rate, averages_swapped } = *part;
        if iterations >= FAR || epochs >= FAR {
            let reason = format!("it states {iterations} steps and {epochs} epochs; expected less than {FAR} of each");
            return Err(self.changed(reason));
        }
        if let Some(rate) = learning_rate {
            if !(rate.is_finite() && rate >= 0.0) {
                let reason = "expected a finite number of at least 0";
                return Err(self.changed(format!("its learning rate is {}; {reason}", number(rate))));
            }
            state.learning_rate = LearningRate::Constant(rate);
        }
        if averages_swapped && !state.averages() {
            return Err(self.changed("its averages are swapped for the weights; expected an optimizer with use_ema"));
        }
        (state.iterations, state.epochs, state.swapped) = (iterations, epochs, averages_swapped);
        for (name, slot) in state.named_slots_mut() {
            let tensors = self.take_all(&format!("optimizer/{name}/"), network.variables())?;
            self.fill(&tensors, network.variables(), slot)?;
        }
        for (name, scalar) in state.named_scalars_mut() {
            let tensor = self.take(&format!("optimizer/{name}"), &[])?;
            tensor.read(std::slice::from_mut(scalar)).map_err(|reason| self.fault(reason))?;
        }
        Ok(())
    }
}

impl<T: Scalar> Compiled<T> {
    fn from_part(part: CompilePart, values: &StoredTensors<'_>) -> Result<Self> {
        let count = part.outputs.len();
        let mut outputs = part.outputs.into_iter();
        let (Some(MeasuresPart { loss, metrics: of_samples, weighted_metrics }), None) =
            (outputs.next(), outputs.next())
        else {
            return Err(values.beyond(format!("it has the losses of {count} outputs; expected those of one")));
        };
        let metrics = |list: Vec<ItemConfig>| -> Result<Vec<Item<dyn Metric<T>>>> {
            list.into_iter().map(|item| Ok(item.get::<dyn Metric<T>>()?.into())).collect()
        };
        let compiled = Compiled {
            optimizer: part.optimizer.get::<dyn Optimizer<T>>()?.into(),
            loss: loss.get::<dyn Loss<T>>()?.into(),
            metrics: metrics(of_samples)?,
            weighted_metrics: metrics(weighted_metrics)?,
        };
        // An argument out of its range would be found by the next fit, where nobody would look for it in the file.
        compiled.optimizer.checked()?;
        compiled.loss.checked()?;
        compiled.metrics.iter().chain(&compiled.weighted_metrics).try_for_each(|metric| metric.checked().map(drop))?;
        Ok(compiled)
    }
}
