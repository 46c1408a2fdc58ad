//! The layers of a Keras model, as a list: those of a Sequential, or of a graph in which one follows the other.

use super::error::unreadable;
use super::items::{self, MODELS, SEQUENTIAL};
use super::{ignored_arguments, keras2};
use crate::items::snake_case;
use crate::{Error, Result};
use serde_json::{Map, Value, json};
use std::collections::{HashMap, HashSet};

/// A layer as it is described.
#[derive(Debug)]
pub(super) struct DescribedLayer {
    pub(super) class: String,
    pub(super) config: Map<String, Value>,
    /// The position of the layer among the model's layers, for messages.
    pub(super) place: usize,
    /// Its group of variables in a file: the class in snake case with a count, after those of the models it is in.
    pub(super) group: String,
    /// The name of the outermost model within the model that it is in.
    pub(super) outer: Option<String>,
    /// Its name in the file; another layer of the list may have the same, where models are within models.
    name_in_file: Option<String>,
    /// The name under which a user-defined class is registered.
    registered: Option<String>,
}

/// The layers of a model and the columns that it takes, where they are stated.
#[derive(Debug)]
pub(super) struct LayerList {
    pub(super) layers: Vec<DescribedLayer>,
    pub(super) inputs: Option<usize>,
}

impl DescribedLayer {
    fn from_value(value: &Value, place: usize) -> Result<Self> {
        let text = |key: &str| value.get(key).and_then(Value::as_str).map(str::to_string);
        let class = text("class_name").ok_or_else(|| unreadable("the model", format!("layer {place} has no class")))?;
        let mut config = match value.get("config") {
            Some(Value::Object(config)) => config.clone(),
            _ => return Err(unreadable(&class, format!("layer {place} has no configuration"))),
        };
        let registered = text("registered_name");
        let class = keras2::layer_class(class, &mut config);
        Ok(DescribedLayer { class, config, place, group: String::new(), outer: None, name_in_file: None, registered })
    }

    /// The layer's name.
    pub(super) fn name(&self) -> &str {
        self.config.get("name").and_then(Value::as_str).unwrap_or(&self.class)
    }

    /// The layer's name in the file.
    pub(super) fn name_in_file(&self) -> &str {
        self.name_in_file.as_deref().unwrap_or(self.name())
    }

    /// The name under which it is registered, if it is user-defined.
    pub(super) fn registered_name(&self) -> Option<&str> {
        self.registered.as_deref()
    }

    /// Whether its weights are not trained.
    pub(super) fn is_frozen(&self) -> bool {
        self.config.get("trainable").is_some_and(|trainable| *trainable == false)
    }

    /// Gives it a name that no layer before it has, after the model that it is in.
    fn distinguish(&mut self, names: &mut HashSet<String>) {
        let Some(outer) = &self.outer else {
            names.insert(self.name().into());
            return;
        };
        let name = self.name().to_string();
        if !names.insert(name.clone()) {
            let counted = (2..).map(|count| format!("{outer}_{name}_{count}"));
            let free =
                std::iter::once(format!("{outer}_{name}")).chain(counted).find(|name| names.insert(name.clone()));
            self.config.insert("name".into(), free.into());
            self.name_in_file = Some(name);
        }
    }

    /// The object of Keras that it was read from.
    pub(super) fn object(&self) -> Value {
        json!({ "class_name": self.class, "config": self.config, "registered_name": self.registered })
    }

    /// An error about this layer: its name, its position, its class, and what is wrong.
    pub(super) fn fault(&self, reason: impl std::fmt::Display) -> Error {
        Error::Layer {
            layer: format!("{} (layer {} of the Keras model)", self.name(), self.place),
            reason: reason.to_string(),
        }
    }

    /// Whether it only declares how many columns come in.
    pub(super) fn is_input(&self) -> bool {
        items::layer(&self.class).is_input
    }

    /// The columns of its `batch_shape`, or of Keras 2's `batch_input_shape`.
    fn columns(&self) -> Result<Option<usize>> {
        let shape = ["batch_shape", "batch_input_shape"].iter().find_map(|key| self.config.get(*key));
        shape
            .filter(|shape| !shape.is_null())
            .map(|shape| columns(shape).map_err(|reason| self.fault(reason)))
            .transpose()
    }
}

/// The groups of variables of layers: their classes in snake case with a count.
///
/// The first `InputLayer` of a Sequential has none; it has no variables either, and no other layer is called so.
pub(super) fn groups<'a>(classes: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut counts: HashMap<String, usize> = HashMap::new();
    let mut group = |class: &str| {
        let base = snake_case(class);
        let count = counts.entry(base.clone()).and_modify(|count| *count += 1).or_insert(0);
        if *count == 0 { base } else { format!("{base}_{count}") }
    };
    classes.map(&mut group).collect()
}

/// The columns of a shape `[batch, columns]`.
fn columns(shape: &Value) -> std::result::Result<usize, String> {
    let sides = shape.as_array().map(Vec::as_slice);
    let columns = match sides {
        Some([_, columns]) => columns.as_u64().and_then(|columns| u32::try_from(columns).ok()),
        _ => None,
    };
    let columns = columns.filter(|columns| *columns > 0);
    columns
        .map(|columns| columns as usize)
        .ok_or_else(|| format!("its input has shape {shape}; expected [null, columns]"))
}

impl LayerList {
    /// Reads the object of a model; it is one of Keras 2 if its version is known and below 3.
    pub(super) fn from_model(model: &Value, version: Option<&str>) -> Result<Self> {
        let class = model.get("class_name").and_then(Value::as_str).unwrap_or("nothing");
        let config = model.get("config").unwrap_or(&Value::Null);
        ignored_arguments::dtype(class, config.get("dtype").unwrap_or(&Value::Null))?;
        if !MODELS.contains(&class) {
            let reason = "only a Sequential, or a Functional whose layers follow one another, has a counterpart here";
            return Err(unreadable(class, reason.into()));
        }
        let mut layers = Vec::new();
        flatten(model, "", None, &mut layers)?;
        let version = version.or(model.get("keras_version").and_then(Value::as_str));
        if version.is_some_and(|version| version.starts_with("2.")) {
            layers.iter_mut().for_each(|layer| keras2::functions(&mut layer.config));
        }
        // Names in the model itself are kept; those of the models within it are changed where they collide.
        let mut names: HashSet<String> =
            layers.iter().filter(|layer| layer.outer.is_none()).map(|layer| layer.name().to_string()).collect();
        layers.iter_mut().filter(|layer| layer.outer.is_some()).for_each(|layer| layer.distinguish(&mut names));
        let declared = match layers.first() {
            Some(first) => first.columns()?,
            None => None,
        };
        let built =
            [config.get("build_input_shape"), model.get("build_config").and_then(|build| build.get("input_shape"))];
        let built = built.into_iter().flatten().find(|shape| shape.is_array());
        let inputs = match (declared, built) {
            (Some(columns), _) => Some(columns),
            (None, Some(shape)) => Some(columns(shape).map_err(|reason| unreadable(class, reason))?),
            (None, None) => None,
        };
        Ok(LayerList { layers, inputs })
    }
}

/// Appends the layers of a model, and those of the models within it in their place.
fn flatten(model: &Value, group: &str, outer: Option<&str>, layers: &mut Vec<DescribedLayer>) -> Result<()> {
    let class = model.get("class_name").and_then(Value::as_str).unwrap_or("nothing");
    let config = model.get("config").unwrap_or(&Value::Null);
    // Keras 2 wrote the list itself in the first versions of its Sequential.
    let Some(list) = config.get("layers").or(Some(config)).and_then(Value::as_array) else {
        return Err(unreadable(class, "it has no list of layers".into()));
    };
    let objects = if class == SEQUENTIAL { list.iter().collect() } else { chain(config, list)? };
    let classes = objects.iter().map(|object| object.get("class_name").and_then(Value::as_str).unwrap_or_default());
    let groups = groups(classes);
    for (place, (object, name)) in objects.into_iter().zip(groups).enumerate() {
        let path = if group.is_empty() { name } else { format!("{group}/{name}") };
        let described = DescribedLayer::from_value(object, place);
        if object.get("class_name").and_then(Value::as_str).is_some_and(|class| MODELS.contains(&class)) {
            let name = object.pointer("/config/name").or(object.get("name")).and_then(Value::as_str).unwrap_or(&path);
            flatten(object, &path, Some(outer.unwrap_or(name)), layers)?;
            continue;
        }
        let described = DescribedLayer { group: path, outer: outer.map(str::to_string), ..described? };
        // What comes in is declared by the first layer of all.
        if layers.is_empty() || outer.is_none() || !described.is_input() {
            layers.push(described);
        }
    }
    Ok(())
}

/// The layers of a graph in order, if each reads only the output of the previous one.
fn chain<'a>(config: &Value, list: &'a [Value]) -> Result<Vec<&'a Value>> {
    let fault = |layer: &str, reason: &str| {
        Err(Error::Layer {
            layer: layer.into(),
            reason: format!("{reason}; of functional graphs only those are read whose layers follow one another"),
        })
    };
    let mut before: Option<&str> = None;
    for (place, layer) in list.iter().enumerate() {
        let name = layer.get("name").or_else(|| layer.get("config").and_then(|config| config.get("name")));
        let name = name.and_then(Value::as_str).unwrap_or("a layer without a name");
        let nodes = layer.get("inbound_nodes").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let mut sources = Vec::new();
        nodes.iter().for_each(|node| gather(node, &mut sources));
        match (before, nodes.len(), sources.as_slice()) {
            (None, 0, []) => {}
            (Some(before), 1, [source]) if *source == before => {}
            _ => {
                let class = layer.get("class_name").and_then(Value::as_str).unwrap_or("it");
                return fault(
                    &format!("{name} (layer {place} of the Keras model)"),
                    &format!("the output of the layer before it is not the only input of {class}"),
                );
            }
        }
        before = Some(name);
    }
    let mut outputs = Vec::new();
    gather(config.get("output_layers").unwrap_or(&Value::Null), &mut outputs);
    match (before, outputs.as_slice()) {
        (Some(last), [output]) if last == *output => Ok(list.iter().collect()),
        (Some(last), _) => fault(last, "the last layer is not the only output"),
        (None, _) => Ok(Vec::new()),
    }
}

/// The names of the layers that a node takes its tensors from: `["dense", 0, 0]`, within lists or as a history.
fn gather<'a>(node: &'a Value, names: &mut Vec<&'a str>) {
    match node {
        Value::Array(items) => match items.as_slice() {
            [Value::String(name), Value::Number(_), Value::Number(_), ..] => names.push(name),
            _ => items.iter().for_each(|item| gather(item, names)),
        },
        Value::Object(object) => object.values().for_each(|value| gather(value, names)),
        _ => {}
    }
}
