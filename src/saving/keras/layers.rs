//! Builds described layers, with the learned state of preprocessing layers.

use super::family::KerasFamily;
use super::hdf5::Array;
use super::items;
use super::keras2;
use super::layer_list::DescribedLayer;
use super::provenance::Provenance;
use super::store::{LayerLocation, Store};
use crate::layers::{self, Layer};
use crate::{Result, Scalar};
use serde_json::{Map, Value, json};
use std::collections::HashMap;
use std::sync::Arc;

/// The data that determine a layer in addition to its description.
pub(super) struct LayerData<'a> {
    /// Nothing where only an architecture is read.
    pub(super) store: Option<&'a Store<'a>>,
    pub(super) vocabularies: &'a HashMap<String, String>,
}

impl DescribedLayer {
    pub(super) fn store_place(&self) -> LayerLocation<'_> {
        LayerLocation {
            class: &self.class,
            group: &self.group,
            name: self.name_in_file(),
            outer: self.outer.as_deref(),
            frozen: self.is_frozen(),
        }
    }
}

/// Makes a layer; an error names it, its position and its class.
pub(super) fn read<T: Scalar>(
    layer: &DescribedLayer,
    learned: &LayerData<'_>,
    from: Provenance<'_>,
) -> Result<Arc<dyn Layer<T>>> {
    if layer.is_input() {
        return input(layer);
    }
    let known = |name: &str| T::layers().iter().any(|entry| entry.name == name);
    let is_custom = from.is_custom(&layer.class, layer.registered_name(), || known(&layer.class));
    if !known(&layer.class) && !is_custom {
        let names: Vec<&str> = T::layers().into_iter().map(|entry| entry.name).collect();
        let reason = format!(
            "{} has no counterpart here; a user-defined one is found through a Registry, passed to load_network_with, \
             load_model_with or model_from_json_with; layers that have: {}",
            layer.class,
            names.join(", ")
        );
        return Err(layer.fault(reason));
    }
    if !is_custom && keras2::is_keras_1(&layer.class, &layer.config) {
        return Err(layer.fault(keras2::KERAS_1));
    }
    let mut item = KerasFamily::Layer
        .read::<T>(layer.object(), from)
        .map_err(|error| layer.fault(format!("{}: {error}", layer.class)))?;
    if let (Value::Object(arguments), false) = (&mut item.config, is_custom) {
        match items::layer(&item.class_name).learned {
            items::LearnedState::Moments => {
                moments(layer, arguments, learned)?;
                // Keras computes with what its type makes of the file's numbers.
                super::moments::round::<T>(arguments).map_err(|reason| layer.fault(reason))?;
            }
            items::LearnedState::Vocabulary => vocabulary(layer, arguments, learned)?,
            items::LearnedState::Nothing => {}
        }
    }
    item.get().map_err(|error| layer.fault(format!("{}: {error}", layer.class)))
}

/// The input, whose columns the model declares; its type of numbers is that of the data in Keras.
fn input<T: Scalar>(layer: &DescribedLayer) -> Result<Arc<dyn Layer<T>>> {
    let has_meaning = |name: &str| ["name", "trainable", "dtype", "batch_shape", "batch_input_shape"].contains(&name);
    for (name, value) in &layer.config {
        if !has_meaning(name) && !value.is_null() && *value != false {
            return Err(layer.fault(format!("{}: \"{name}\": {value} has no counterpart here", layer.class)));
        }
    }
    let shape = ["batch_shape", "batch_input_shape"].iter().find_map(|key| layer.config.get(*key));
    let columns = shape.and_then(|shape| shape.get(1)).cloned().unwrap_or_default();
    let config = json!({ "name": layer.config.get("name"), "batch_shape": [null, columns] });
    layers::get(items::INPUT, config).map_err(|error| layer.fault(error))
}

/// Mean and variance that were learned; Keras keeps them among the variables, this crate in the description.
fn moments(layer: &DescribedLayer, arguments: &mut Map<String, Value>, learned: &LayerData<'_>) -> Result<()> {
    let given = |name: &str| arguments.get(name).is_some_and(|value| !value.is_null());
    let Some(store) = learned.store.filter(|_| !given("mean") && !given("variance")) else { return Ok(()) };
    match store.layer(layer.store_place()).as_deref() {
        Some([mean, variance, ..]) => {
            arguments.insert("mean".into(), numbers(mean));
            arguments.insert("variance".into(), numbers(variance));
            Ok(())
        }
        _ => Err(layer.fault("its mean and variance are missing")),
    }
}

/// A list, or a number for an array without sides.
fn numbers(array: &Array<'_>) -> Value {
    match array.single().filter(|_| array.shape.is_empty()) {
        Some(value) => json!(value),
        None => array.values().collect(),
    }
}

/// A vocabulary that was learned; Keras keeps it in a file separate from the variables, with one entry per line.
fn vocabulary(layer: &DescribedLayer, arguments: &mut Map<String, Value>, learned: &LayerData<'_>) -> Result<()> {
    if arguments.get("vocabulary").is_some_and(|value| !value.is_null()) {
        return Ok(());
    }
    let Some(text) = learned.vocabularies.get(&format!("layers/{}", layer.group)) else { return Ok(()) };
    let entries: std::result::Result<Vec<i64>, _> =
        text.lines().filter(|line| !line.trim().is_empty()).map(|line| line.trim().parse()).collect();
    let entries = entries.map_err(|error| layer.fault(format!("its vocabulary cannot be read: {error}")))?;
    arguments.insert("vocabulary".into(), json!(entries));
    Ok(())
}
