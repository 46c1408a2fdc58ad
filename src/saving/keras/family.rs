//! The families of items within others: how Keras writes them, and how they are read.

use super::beyond_keras;
use super::error::unreadable;
use super::ignored_arguments;
use super::items;
use super::keras2;
use super::provenance::Provenance;
use crate::items::registry::Registry;
use crate::items::{ItemConfig, Spec};
use crate::{Error, Result, Scalar};
use crate::{activations, constraints, initializers, layers, losses, metrics, optimizers, regularizers};
use serde_json::{Value, json};

/// A family, which determines the module that Keras looks an item up in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum KerasFamily {
    Activation,
    Constraint,
    Initializer,
    Layer,
    Loss,
    Metric,
    Optimizer,
    Regularizer,
    Schedule,
}

impl KerasFamily {
    /// The family of the item that an argument of this name holds.
    pub(super) fn of_argument(name: &str) -> Option<Self> {
        match name {
            "activation" => Some(KerasFamily::Activation),
            "layer" => Some(KerasFamily::Layer),
            "learning_rate" => Some(KerasFamily::Schedule),
            _ if name.ends_with("_initializer") => Some(KerasFamily::Initializer),
            _ if name.ends_with("_regularizer") => Some(KerasFamily::Regularizer),
            _ if name.ends_with("_constraint") => Some(KerasFamily::Constraint),
            _ => None,
        }
    }

    fn module(self) -> &'static str {
        match self {
            KerasFamily::Activation => "keras.activations",
            KerasFamily::Constraint => "keras.constraints",
            KerasFamily::Initializer => "keras.initializers",
            KerasFamily::Layer => "keras.layers",
            KerasFamily::Loss => "keras.losses",
            KerasFamily::Metric => "keras.metrics",
            KerasFamily::Optimizer => "keras.optimizers",
            KerasFamily::Regularizer => "keras.regularizers",
            KerasFamily::Schedule => "keras.optimizers.schedules",
        }
    }

    /// Whether this crate has an item of a class or a name.
    pub(super) fn has<T: Scalar>(self, class: &str) -> bool {
        let nothing_else = Registry::<T>::new();
        let found = nothing_else.in_scope(|| self.canonical::<T>(class, Value::Null));
        !matches!(found, Err(Error::Unknown { name, .. }) if name == class)
    }

    /// Class and configuration of the item that a name or a class is for.
    fn canonical<T: Scalar>(self, class: &str, config: Value) -> Result<(String, Value)> {
        fn both<I: Spec + ?Sized>(item: &I) -> Result<(String, Value)> {
            Ok((item.class_name(), item.config()?))
        }
        match self {
            KerasFamily::Activation => both(&*activations::get::<T>(class, config)?),
            KerasFamily::Constraint => both(&*constraints::get::<T>(class, config)?),
            KerasFamily::Initializer => both(&*initializers::get::<T>(class, config)?),
            KerasFamily::Layer => both(&*layers::get::<T>(class, config)?),
            KerasFamily::Loss => both(&*losses::get::<T>(class, config)?),
            KerasFamily::Metric => both(&*metrics::get::<T>(class, config)?),
            KerasFamily::Optimizer => both(&*optimizers::get::<T>(class, config)?),
            KerasFamily::Regularizer => both(&*regularizers::get::<T>(class, config)?),
            KerasFamily::Schedule => both(&*optimizers::schedules::get(class, config)?),
        }
    }

    /// An item as an object of Keras; a name becomes the class that it is for.
    pub(super) fn write<T: Scalar>(self, item: ItemConfig) -> Result<Value> {
        let ItemConfig { class_name, config, registered_name } = item;
        if registered_name.is_some() {
            return Ok(object(Value::Null, &class_name, config, format!("Custom>{class_name}").into()));
        }
        beyond_keras::check(&class_name)?;
        match self.canonical::<T>(&class_name, config.clone()) {
            Ok((class, config)) if self == KerasFamily::Activation => activation::<T>(class, config),
            Ok((class, config)) => Ok(object(self.module().into(), &class, within::<T>(config)?, Value::Null)),
            // An item of the crate that holds one that is user-defined.
            Err(Error::Unknown { .. }) => {
                Ok(object(self.module().into(), &class_name, within::<T>(config)?, Value::Null))
            }
            Err(other) => Err(other),
        }
    }

    /// Reads an object or a name of Keras as a configuration of this crate.
    pub(super) fn read<T: Scalar>(self, value: Value, from: Provenance<'_>) -> Result<ItemConfig> {
        let item = self.item::<T>(value, from)?;
        if item.registered_name.is_some() {
            return Ok(item);
        }
        let ItemConfig { class_name: class, mut config, .. } = item;
        if let Value::Object(arguments) = &mut config {
            if self == KerasFamily::Layer {
                keras2::layer_arguments(&class, arguments);
            }
            for (name, value) in arguments.iter_mut() {
                if let Some(family) = KerasFamily::of_argument(name).filter(|_| value.is_object()) {
                    *value = json!(family.read::<T>(value.take(), from)?);
                }
            }
        }
        match ignored_arguments::remove(&class, &mut config, from, |config| self.canonical::<T>(&class, config)) {
            // An item that cannot be described has nothing to be held against.
            Ok(_) | Err(Error::NotSerializable { .. }) => {
                Ok(ItemConfig { class_name: class, config, registered_name: None })
            }
            Err(other) => Err(other),
        }
    }

    /// Class and configuration; marked as user-defined if that is what the registry has it for.
    fn item<T: Scalar>(self, value: Value, from: Provenance<'_>) -> Result<ItemConfig> {
        let of_crate = |class_name: String, config| ItemConfig { class_name, config, registered_name: None };
        let mut object = match value {
            Value::String(name) => return Ok(of_crate(name, Value::Null)),
            Value::Object(object) => object,
            other => return Err(unreadable(self.module(), format!("{other} is neither a name nor an object"))),
        };
        let config = object.remove("config").unwrap_or_default();
        let Some(class) = object.get("class_name").and_then(Value::as_str) else {
            return Err(unreadable(self.module(), "an object lacks its \"class_name\"".into()));
        };
        // A function of Keras, or a user-defined one, is an object whose configuration is its name.
        let (class, config) = match config {
            Value::String(name) if class == items::FUNCTION => (name, Value::Null),
            config => (class.to_string(), config),
        };
        let registered = object.get("registered_name").and_then(Value::as_str);
        if from.is_custom(&class, registered, || self.has::<T>(&class)) {
            return Ok(ItemConfig { registered_name: Some(class.clone()), class_name: class, config });
        }
        if let Some(registered) = registered.filter(|registered| registered.contains('>')) {
            let reason = format!(
                "{registered} is a user-defined class; add it to a Registry as {class}, and load with load_model_with"
            );
            return Err(unreadable(&class, reason));
        }
        match (self, items::layer(&class).activation, config) {
            (KerasFamily::Activation, Some(name), Value::Object(mut arguments)) => {
                keras2::layer_arguments(&class, &mut arguments);
                Ok(of_crate(name.to_string(), arguments.into()))
            }
            (_, _, config) => Ok(of_crate(class, config)),
        }
    }
}

/// An activation: its name if it has the default arguments, else the layer that has the arguments.
fn activation<T: Scalar>(class: String, config: Value) -> Result<Value> {
    let defaults = activations::get::<T>(&class, Value::Null).and_then(|activation| activation.config());
    let needs_arguments = items::activation(&class).is_some_and(|activation| activation.needs_arguments);
    if defaults.is_ok_and(|defaults| defaults == config) && !needs_arguments {
        return Ok(class.into());
    }
    match items::layer_of_activation(&class) {
        Some(layer) => Ok(object(KerasFamily::Layer.module().into(), layer, config, Value::Null)),
        None => Err(Error::NotSerializable {
            item: class,
            reason: "a Keras file has no place for the arguments of this activation; use its defaults".into(),
        }),
    }
}

/// A configuration whose items are written as objects of Keras.
pub(super) fn within<T: Scalar>(config: Value) -> Result<Value> {
    let Value::Object(arguments) = config else { return Ok(config) };
    let written = arguments.into_iter().map(|(name, value)| {
        let item = KerasFamily::of_argument(&name).filter(|_| value.is_object());
        let value = match (item, value) {
            (Some(family), Value::Object(mut object)) => {
                let item = ItemConfig::take(&mut object).map_err(|error| Error::configuration(name.as_str(), error))?;
                family.write::<T>(item)?
            }
            (_, value) => value,
        };
        Ok((name, value))
    });
    Ok(Value::Object(written.collect::<Result<_>>()?))
}

/// An object as Keras serializes it.
pub(super) fn object(module: Value, class: &str, config: Value, registered: Value) -> Value {
    let config = if config.is_null() { json!({}) } else { config };
    json!({ "module": module, "class_name": class, "config": config, "registered_name": registered })
}
