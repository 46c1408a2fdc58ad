//! From the parts of a saved model to a model.

use super::hdf5;
use super::layers::{self, Learned};
use super::source::Source;
use super::stack::Stack;
use super::store::{Place, Store};
use super::{compiled, optimizer, ranks, variables};
use crate::models::build::Blueprint;
use crate::models::files::{Compiled, Opened};
use crate::models::{Network, Optimization, Registry, Sequential};
use crate::registry::{OwnItems, in_scope};
use crate::{Error, Result, Scalar};
use serde_json::Value;
use std::collections::HashMap;
use std::path::Path;

/// The columns that all layers of a model may have together: so many times the bytes of the file, and so many.
///
/// A built layer keeps up to three numbers for a column; the columns of layers with weights are far fewer than the file
/// has bytes.
const COLUMNS_PER_BYTE: usize = 4;
const COLUMNS: usize = 1 << 18;

/// Reads a model, in any of Keras's forms; also what it was compiled with, if that is asked for.
pub(crate) fn open<T: Scalar>(path: &Path, registry: &Registry<T>, compile: bool) -> Result<Opened<T>> {
    of_source(&Source::read(path)?, path, registry, compile)
}

/// Reads the parts of a model; `path` is for messages.
pub(super) fn of_source<T: Scalar>(
    source: &Source,
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
    let training = training.map(json).transpose().map_err(fault)?;
    let config = training.as_ref().or(model.get("compile_config")).unwrap_or(&Value::Null);
    let own = &registry.items;
    in_scope(own, || {
        let stack = Stack::of(&model)?;
        let learned = Learned { store: Some(&store), vocabularies: &source.vocabularies };
        let architecture = sequential(&stack, &learned, own)?;
        let network = match stack.inputs {
            Some(inputs) => Some(network(architecture.clone(), &stack, inputs, &store, source.size)?),
            None => None,
        };
        let compiled = if compile { compiled::read::<T>(config, own)? } else { None };
        let optimization = match (&network, &compiled) {
            (Some(network), Some(compiled)) => state(compiled, network, &store).map_err(|error| match error {
                Error::Configuration { reason, .. } => fault(reason),
                other => other,
            })?,
            _ => None,
        };
        Ok(Opened { architecture, network, compiled, optimization, columns: None, threshold: None })
    })
}

/// A JSON text as a value; the error tells what is wrong.
fn json(text: &str) -> std::result::Result<Value, String> {
    serde_json::from_str(text).map_err(|error| format!("its configuration cannot be read: {error}"))
}

/// The layers of a description without weights.
pub(crate) fn architecture<T: Scalar>(text: &str, registry: &Registry<T>) -> Result<Sequential<T>> {
    let model = json(text).map_err(|reason| super::family::unreadable("the model", reason))?;
    in_scope(&registry.items, || {
        let stack = Stack::of(&model)?;
        let learned = Learned { store: None, vocabularies: &HashMap::new() };
        sequential(&stack, &learned, &registry.items)
    })
}

fn sequential<T: Scalar>(stack: &Stack, learned: &Learned<'_>, own: &OwnItems) -> Result<Sequential<T>> {
    let layers = stack.layers.iter().map(|layer| layers::read(layer, learned, own));
    Ok(Sequential::of(layers.collect::<Result<_>>()?, None))
}

fn network<T: Scalar>(
    architecture: Sequential<T>,
    stack: &Stack,
    inputs: usize,
    store: &Store<'_>,
    size: usize,
) -> Result<Network<T>> {
    let most = size.saturating_mul(COLUMNS_PER_BYTE).saturating_add(COLUMNS);
    let blueprint = Blueprint::within(architecture, inputs, most)?;
    let places: Vec<Place<'_>> = stack.layers.iter().map(|layer| layer.store_place()).collect();
    let mut network = variables::fill(blueprint, &places, store)?;
    for (index, layer) in stack.layers.iter().enumerate() {
        let frozen = layer.config.get("trainable").is_some_and(|trainable| *trainable == false);
        network.set_trainable_at(index, !frozen);
    }
    let configs: Vec<Value> = stack.layers.iter().map(|layer| layer.config.clone().into()).collect();
    let columns = (0..configs.len()).map(|index| match index.checked_sub(1) {
        Some(before) => network.outputs_of(before),
        None => inputs,
    });
    let layers = stack.layers.iter().zip(&configs).zip(columns);
    match ranks::mismatch(layers.map(|((layer, config), columns)| (layer.class.as_str(), config, columns))) {
        Some((place, from)) => {
            let reason = |from: &str| {
                format!(
                    "the output of {from} has three dimensions in Keras, where only Flatten may follow; add one there"
                )
            };
            let [layer, from] = [place, from].map(|place| stack.layers.get(place));
            Err(match (layer, from) {
                (Some(layer), Some(from)) => layer.fault(reason(from.name())),
                _ => Error::NoLayers,
            })
        }
        None => Ok(network),
    }
}

/// The state of the optimizer, where the file has one.
fn state<T: Scalar>(
    compiled: &Compiled<T>,
    network: &Network<T>,
    store: &Store<'_>,
) -> Result<Option<Optimization<T>>> {
    let Some(arrays) = store.optimizer().filter(|arrays| !arrays.is_empty()) else { return Ok(None) };
    let mut state = Optimization::of(&compiled.optimizer, network)?;
    optimizer::read(&mut state, network, &arrays)
        .map_err(|reason| super::family::unreadable("the optimizer", reason))?;
    Ok(Some(state))
}
