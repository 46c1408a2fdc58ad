//! The contents of a file.

use super::document::{
    CallbackPart, CompilePart, Document, FitPart, LayerPart, MeasuresPart, NetworkPart, PipelinePart, TrainingPart,
};
use super::graph::GraphConfig;
use super::indexed_names::{callback_prefix, member_prefix};
use super::layout::FileWriter;
use crate::engine::fit_state::FitState;
use crate::engine::{Architecture, Measures, Network};
use crate::items::{Item, ItemConfig};
use crate::metrics::Metric;
use crate::optimizers::{LearningRate, Optimizer, OptimizerState};
use crate::saving::format::FileFormat;
use crate::{Error, Result, Scalar, Variable};
use serde_json::Value;
use std::path::Path;

/// The version that is written.
pub(super) const VERSION: &str = "2";

/// The release of this crate, for whoever looks into the file.
const RELEASE: &str = env!("CARGO_PKG_VERSION");

/// The value of `format` in the metadata.
pub(super) const FORMAT: &str = "perceptra";

/// Optimizer, loss and metrics of a compiled model.
type CompiledWith<'a, T> = (Item<dyn Optimizer<T>>, Measures<'a, T>);

/// The parts of a model that are to be saved.
pub(crate) struct Contents<'a, T: Scalar> {
    /// `None` for a file of values, which can be saved without their layers' descriptions.
    pub(crate) architecture: Option<Architecture<T>>,
    pub(crate) network: Option<&'a Network<T>>,
    pub(crate) compiled: Option<CompiledWith<'a, T>>,
    pub(crate) optimizer_state: Option<&'a OptimizerState<T>>,
    /// The state of a fit in progress.
    pub(crate) fit: Option<&'a FitState<'a, T>>,
    pub(crate) threshold: Option<f64>,
    pub(crate) pipeline: Option<PipelineContents<'a, T>>,
}

/// The parts of a fitted pipeline other than its threshold and its first network.
pub(crate) struct PipelineContents<'a, T: Scalar> {
    /// The fitted transformers, as they write themselves.
    pub(crate) preprocessing: Value,
    /// The target, as the pipeline writes it.
    pub(crate) target: Value,
    pub(crate) seed: u64,
    /// The names of the columns that the table of the fit had.
    pub(crate) table: &'a [String],
    /// The mean of the encoded training rows.
    pub(crate) baseline: Option<Vec<f64>>,
    /// The networks after the first, of the same layers.
    pub(crate) members: Vec<&'a Network<T>>,
    /// The receipt of the fit, as the pipeline writes it.
    pub(crate) receipt: Option<Value>,
    /// Calibration, threshold, regions and domain, as the pipeline writes them.
    pub(crate) decisions: Option<Value>,
}

impl<'a, T: Scalar> Contents<'a, T> {
    /// Only a network.
    pub(crate) fn of(network: &'a Network<T>) -> Self {
        Contents {
            architecture: Some(network.described()),
            network: Some(network),
            compiled: None,
            optimizer_state: None,
            fit: None,
            threshold: None,
            pipeline: None,
        }
    }

    /// Only the values of a network.
    pub(crate) fn weights_of(network: &'a Network<T>) -> Self {
        Contents { architecture: None, ..Contents::of(network) }
    }

    /// Writes the file, or leaves the one that is there.
    pub(crate) fn save(&self, path: &Path) -> Result<()> {
        crate::atomic::write(path, &self.bytes_for(path)?)
    }

    /// The bytes of a file of this name.
    pub(super) fn bytes_for(&self, path: &Path) -> Result<Vec<u8>> {
        let item = if self.architecture.is_some() { "save" } else { "save_weights" };
        FileFormat::Native.check_name(path, item, "path")?;
        T::write(self)
    }

    /// The bytes of the file.
    pub(crate) fn to_bytes(&self) -> Result<Vec<u8>> {
        let document =
            serde_json::to_string(&self.document()?).map_err(|error| Error::configuration("the model", error))?;
        let mut writer = FileWriter::default();
        if let Some(network) = self.network {
            for (variables, values) in network.tables() {
                push(&mut writer, "", variables, values)?;
            }
            let members = self.pipeline.iter().flat_map(|pipeline| &pipeline.members);
            for (index, member) in members.enumerate() {
                for (variables, values) in member.tables() {
                    push(&mut writer, &member_prefix(index), variables, values)?;
                }
            }
            if let Some(state) = self.optimizer_state {
                for (name, values) in state.named_slots() {
                    push(&mut writer, &format!("optimizer/{name}/"), network.variables(), values)?;
                }
                for (name, value) in state.named_scalars() {
                    writer.push(format!("optimizer/{name}"), Vec::new(), &[value]);
                }
            }
            let callbacks = self.fit.iter().flat_map(|fit| &fit.callbacks).enumerate();
            for (index, snapshot) in callbacks.filter_map(|(i, callback)| Some((i, callback.state.snapshot.as_ref()?)))
            {
                let vectors = [&snapshot.weights, &snapshot.state];
                for ((variables, of_model), values) in network.tables().into_iter().zip(vectors) {
                    if values.len() != of_model.len() {
                        return Err(Error::configuration("a callback's state", "its snapshot is of another model"));
                    }
                    push(&mut writer, &callback_prefix(index), variables, values)?;
                }
            }
        }
        if let Some(name) = writer.duplicate() {
            return Err(Error::DuplicateName { kind: "variable", name: name.into() });
        }
        Ok(writer.finish(&[("format", FORMAT), ("version", VERSION), ("release", RELEASE), ("config", &document)]))
    }

    /// Whether every item has a description, without which there is no file.
    pub(crate) fn check(&self) -> Result<()> {
        self.document().map(|_| ())
    }

    fn document(&self) -> Result<Document> {
        let items = |list: &[Item<dyn Metric<T>>]| -> Result<Vec<ItemConfig>> {
            list.iter().map(|metric| ItemConfig::of(&*metric.checked()?)).collect()
        };
        let compile = |(optimizer, measures): &(Item<dyn Optimizer<T>>, Measures<'_, T>)| {
            Ok(CompilePart {
                optimizer: ItemConfig::of(&*optimizer.checked()?)?,
                outputs: vec![MeasuresPart {
                    loss: ItemConfig::of(&*measures.loss.checked()?)?,
                    metrics: items(measures.metrics)?,
                    weighted_metrics: items(measures.weighted_metrics)?,
                }],
            })
        };
        Ok(Document {
            dtype: T::DTYPE.to_string(),
            architecture: self.architecture.as_ref().map(GraphConfig::from_architecture).transpose()?,
            network: self.network.map(network_part),
            compile: self.compiled.as_ref().map(compile).transpose()?,
            training: self.optimizer_state.map(|state| TrainingPart {
                iterations: state.iterations,
                epochs: state.epochs,
                learning_rate: match &state.learning_rate {
                    LearningRate::Constant(rate) => Some(*rate),
                    LearningRate::Schedule(_) => None,
                },
                averages_swapped: state.swapped,
            }),
            position: self.fit.map(|fit| fit.position),
            fit: self.fit.map(|fit| FitPart {
                stopped: fit.stopped,
                history: fit.history.clone(),
                running: fit.running.clone(),
                callbacks: fit
                    .callbacks
                    .iter()
                    .map(|callback| CallbackPart {
                        name: callback.name.clone(),
                        place: callback.place,
                        values: callback.state.values.clone(),
                        snapshot: callback.state.snapshot.as_ref().map(|snapshot| snapshot.epoch),
                    })
                    .collect(),
            }),
            preprocessing: self.pipeline.as_ref().map(|pipeline| pipeline.preprocessing.clone()),
            threshold: self.threshold,
            pipeline: self.pipeline.as_ref().map(|pipeline| PipelinePart {
                target: pipeline.target.clone(),
                seed: pipeline.seed,
                table: pipeline.table.to_vec(),
                baseline: pipeline.baseline.clone(),
                members: pipeline.members.iter().map(|member| network_part(member)).collect(),
                receipt: pipeline.receipt.clone(),
                decisions: pipeline.decisions.clone(),
            }),
        })
    }
}

fn network_part<T: Scalar>(network: &Network<T>) -> NetworkPart {
    NetworkPart {
        inputs: vec![network.inputs()],
        seed: network.seed(),
        layers: network.layer_states().map(|(name, trainable)| LayerPart { name, trainable }).collect(),
    }
}

/// Every variable's values under its path; none may be NaN or infinite, since the file could not be read then.
fn push<T: Scalar>(writer: &mut FileWriter, prefix: &str, variables: &[Variable], values: &[T]) -> Result<()> {
    for variable in variables {
        let values = &values[variable.range()];
        if let Some(place) = values.iter().position(|value| !value.is_finite()) {
            return Err(Error::NotSerializable {
                item: format!("{prefix}{}", variable.path),
                reason: format!("it holds {}; save a model whose training did not diverge", values[place].to_f64()),
            });
        }
        writer.push(format!("{prefix}{}", variable.path), shape(variable), values);
    }
    Ok(())
}

/// The shape of a variable as a file has it.
pub(crate) fn shape(variable: &Variable) -> Vec<usize> {
    match variable.shape.vector {
        true => vec![variable.shape.columns],
        false => vec![variable.shape.rows, variable.shape.columns],
    }
}
