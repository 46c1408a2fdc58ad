//! Opens a model from the parts of a saved one.

use super::era::Era;
use super::hdf5;
use super::keras_file::KerasFile;
use super::layer_list::LayerList;
use super::layers::{self, LayerData};
use super::provenance::Provenance;
use super::store::{LayerLocation, Store};
use super::{compiled, keras2, optimizer, rank, variables};
use crate::engine::{Architecture, Network, show_line};
use crate::items::registry::Registry;
use crate::layers::Input;
use crate::optimizers::OptimizerState;
use crate::saving::native::{Compiled, Opened};
use crate::{Error, Result, Scalar};
use serde_json::Value;
use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

/// The columns that all layers of a model may have together: this many times the bytes of the file, and this many more.
///
/// A built layer keeps up to three numbers for a column; the columns of layers with weights are far fewer than the file
/// has bytes.
const COLUMNS_PER_BYTE: usize = 4;
const COLUMNS: usize = 1 << 18;

/// Reads a model, in any of Keras's forms; also what it was compiled with, if that is asked for.
pub(crate) fn open<T: Scalar>(path: &Path, registry: &Registry<T>, compile: bool) -> Result<Opened<T>> {
    of_source(&KerasFile::read(path)?, path, registry, compile)
}

/// Reads the parts of a model; `path` is for messages.
pub(super) fn of_source<T: Scalar>(
    source: &KerasFile,
    path: &Path,
    registry: &Registry<T>,
    compile: bool,
) -> Result<Opened<T>> {
    let fault = |reason: String| Error::ModelFile { path: path.to_path_buf(), reason };
    let root = hdf5::parse(&source.weights).map_err(|reason| fault(format!("its weights cannot be read: {reason}")))?;
    let store = Store::new(&root);
    let [description, training] = store.descriptions();
    let Some(text) = source.config.as_deref().or(description) else {
        return Err(fault("it holds weights without a model; build the model, then use keras::load_weights".into()));
    };
    let model = json(text).map_err(fault)?;
    let version = source.version.as_deref().or(store.version());
    if version.is_some_and(|version| version.starts_with("1.")) {
        return Err(fault(keras2::KERAS_1.into()));
    }
    let training = training.map(json).transpose().map_err(fault)?;
    let config = training.as_ref().or(model.get("compile_config")).unwrap_or(&Value::Null);
    let from = Provenance::new(version, registry.user_defined());
    registry.in_scope(|| {
        let list = LayerList::from_model(&model, version)?;
        let learned = LayerData { store: Some(&store), vocabularies: &source.vocabularies };
        let architecture = layers_of(&list, &learned, from)?;
        let network = match list.inputs {
            Some(inputs) => Some(network(&architecture, &list, inputs, &store, source.size)?),
            None => None,
        };
        let era = Era::detect(version, compiled::optimizer_of(config));
        let compiled = if compile { compiled::read::<T>(config, era, from).map_err(or_network_only)? } else { None };
        let mut warnings = Vec::new();
        if let (Some(compiled), Some(last)) = (&compiled, list.layers.last()) {
            let loss = compiled.loss.get().map(|loss| loss.class_name()).unwrap_or_default();
            warnings.extend(keras2::another_loss(&loss, &last.class, &last.config, era));
        }
        let optimizer_state = match (&network, &compiled) {
            (Some(network), Some(compiled)) => {
                state(compiled, network, &store, era, &mut warnings).map_err(|error| match error {
                    Error::Configuration { reason, .. } => fault(format!("{reason}; {NETWORK_ONLY}")),
                    other => other,
                })?
            }
            _ => None,
        };
        for warning in &warnings {
            show_line(format_args!("{}: {warning}", path.display()));
        }
        Ok(Opened {
            architecture,
            network,
            compiled,
            optimizer_state,
            warnings,
            preprocessing: None,
            threshold: None,
            pipeline: None,
        })
    })
}

/// The alternative that ignores everything that a model was compiled with.
const NETWORK_ONLY: &str = "for only the layers and weights use keras::load_network";

/// An error about what a model was compiled with, with the alternative.
fn or_network_only(error: Error) -> Error {
    error.with_note(NETWORK_ONLY)
}

/// A JSON text as a value; the error states what is wrong.
fn json(text: &str) -> std::result::Result<Value, String> {
    serde_json::from_str(text).map_err(|error| format!("its configuration cannot be read: {error}"))
}

/// The layers of a description without weights.
pub(crate) fn architecture<T: Scalar>(text: &str, registry: &Registry<T>) -> Result<Architecture<T>> {
    let model = json(text).map_err(|reason| super::error::unreadable("the model", reason))?;
    let from = Provenance::new(model.get("keras_version").and_then(Value::as_str), registry.user_defined());
    registry.in_scope(|| {
        let list = LayerList::from_model(&model, None)?;
        let learned = LayerData { store: None, vocabularies: &HashMap::new() };
        let mut architecture = layers_of(&list, &learned, from)?;
        // The first layer of Keras 2.0 to 2.3 declares what comes in, without an input layer.
        match (list.inputs, list.layers.first()) {
            (Some(columns), Some(first)) if !first.is_input() => {
                let input = Input::new(columns).name(format!("{}_input", first.name()));
                architecture.layers.insert(0, Arc::new(input));
            }
            _ => {}
        }
        Ok(architecture)
    })
}

fn layers_of<T: Scalar>(list: &LayerList, learned: &LayerData<'_>, from: Provenance<'_>) -> Result<Architecture<T>> {
    let layers = list.layers.iter().map(|layer| layers::read(layer, learned, from));
    Ok(Architecture { layers: layers.collect::<Result<_>>()?, seed: None })
}

fn network<T: Scalar>(
    architecture: &Architecture<T>,
    list: &LayerList,
    inputs: usize,
    store: &Store<'_>,
    size: usize,
) -> Result<Network<T>> {
    let most = size.saturating_mul(COLUMNS_PER_BYTE).saturating_add(COLUMNS);
    let blueprint = architecture.blueprint_within(inputs, most)?;
    let places: Vec<LayerLocation<'_>> = list.layers.iter().map(|layer| layer.store_place()).collect();
    let mut network = variables::fill(blueprint, &places, store)?;
    for (index, layer) in list.layers.iter().enumerate() {
        network.set_trainable_at(index, !layer.is_frozen());
    }
    let configs: Vec<Value> = list.layers.iter().map(|layer| layer.config.clone().into()).collect();
    let columns = (0..configs.len()).map(|index| match index.checked_sub(1) {
        Some(before) => network.outputs_of(before),
        None => inputs,
    });
    let layers = list.layers.iter().zip(&configs).zip(columns);
    match rank::mismatch(layers.map(|((layer, config), columns)| (layer.class.as_str(), config, columns))) {
        Some((place, from)) => {
            let reason = |from: &str| {
                format!(
                    "the output of {from} has three dimensions in Keras, where only Flatten may follow; add one there"
                )
            };
            let [layer, from] = [place, from].map(|place| list.layers.get(place));
            Err(match (layer, from) {
                (Some(layer), Some(from)) => layer.fault(reason(from.name())),
                _ => Error::NoLayers,
            })
        }
        None => Ok(network),
    }
}

/// The state of the optimizer, where the file has one.
///
/// The state of Keras 2 is ignored if it is not understood, as Keras does; it has had more forms than are known.
fn state<T: Scalar>(
    compiled: &Compiled<T>,
    network: &Network<T>,
    store: &Store<'_>,
    era: Era,
    warnings: &mut Vec<String>,
) -> Result<Option<OptimizerState<T>>> {
    let arrays = store.optimizer().unwrap_or_default();
    if arrays.is_empty() && era == Era::Keras3 {
        return Ok(None);
    }
    let mut state = OptimizerState::for_network(&compiled.optimizer, network).map_err(or_network_only)?;
    let read = match arrays.is_empty() {
        true => Err("the file holds none".to_string()),
        false => optimizer::read(&mut state, network, &arrays, era),
    };
    match read {
        Ok(()) => {
            let trained = network.variables().iter().filter(|variable| variable.trainable).count();
            warnings.extend(keras2::not_continued_exactly(&**state.optimizer(), state.iterations, trained));
            Ok(Some(state))
        }
        Err(reason) if era == Era::Keras3 => Err(super::error::unreadable("the optimizer", reason)),
        Err(reason) => {
            warnings.push(format!("the optimizer starts over, without the state of its training: {reason}"));
            Ok(None)
        }
    }
}
