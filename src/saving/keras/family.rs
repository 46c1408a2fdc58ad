//! The families of items that stand inside of others: how Keras writes them, and how they are read.

use super::error::unreadable;
use super::ignored_arguments;
use super::items;
use super::keras2;
use super::provenance::Provenance;
use crate::items::Spec;
use crate::{Error, Result, Scalar};
use crate::{activations, constraints, initializers, layers, losses, metrics, optimizers, regularizers};
use serde_json::{Value, json};

/// A family, which tells the module that Keras looks an item up in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
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

impl Family {
    /// The family of the item that an argument of this name holds.
    pub(super) fn of_argument(name: &str) -> Option<Self> {
        match name {
            "activation" => Some(Family::Activation),
            "layer" => Some(Family::Layer),
            "learning_rate" => Some(Family::Schedule),
            _ if name.ends_with("_initializer") => Some(Family::Initializer),
            _ if name.ends_with("_regularizer") => Some(Family::Regularizer),
            _ if name.ends_with("_constraint") => Some(Family::Constraint),
            _ => None,
        }
    }

    fn module(self) -> &'static str {
        match self {
            Family::Activation => "keras.activations",
            Family::Constraint => "keras.constraints",
            Family::Initializer => "keras.initializers",
            Family::Layer => "keras.layers",
            Family::Loss => "keras.losses",
            Family::Metric => "keras.metrics",
            Family::Optimizer => "keras.optimizers",
            Family::Regularizer => "keras.regularizers",
            Family::Schedule => "keras.optimizers.schedules",
        }
    }

    /// Class and configuration of the item that a name or a class stands for; nothing for a user's own.
    fn canonical<T: Scalar>(self, class: &str, config: Value) -> Result<(String, Value)> {
        fn both<I: Spec + ?Sized>(item: &I) -> Result<(String, Value)> {
            Ok((item.class_name(), item.config()?))
        }
        match self {
            Family::Activation => both(&*activations::get::<T>(class, config)?),
            Family::Constraint => both(&*constraints::get::<T>(class, config)?),
            Family::Initializer => both(&*initializers::get::<T>(class, config)?),
            Family::Layer => both(&*layers::get::<T>(class, config)?),
            Family::Loss => both(&*losses::get::<T>(class, config)?),
            Family::Metric => both(&*metrics::get::<T>(class, config)?),
            Family::Optimizer => both(&*optimizers::get::<T>(class, config)?),
            Family::Regularizer => both(&*regularizers::get::<T>(class, config)?),
            Family::Schedule => both(&*optimizers::schedules::get(class, config)?),
        }
    }

    /// An item as an object of Keras; a name becomes the class that it stands for.
    pub(super) fn write<T: Scalar>(self, class: &str, config: Value) -> Result<Value> {
        match self.canonical::<T>(class, config.clone()) {
            Ok((class, config)) if self == Family::Activation => activation::<T>(class, config),
            Ok((class, config)) => Ok(object(self.module().into(), &class, within::<T>(config)?, Value::Null)),
            // An item of the crate that holds one of its author's own.
            Err(Error::Unknown { name, .. }) if name != class => {
                Ok(object(self.module().into(), class, within::<T>(config)?, Value::Null))
            }
            Err(Error::Unknown { .. }) => Ok(object(Value::Null, class, config, format!("Custom>{class}").into())),
            Err(other) => Err(other),
        }
    }

    /// What an object or a name of Keras says, as this crate reads it: class and configuration.
    pub(super) fn read<T: Scalar>(self, value: Value, from: Provenance<'_>) -> Result<(String, Value)> {
        let (class, mut config) = self.class_and_config(value, from)?;
        if from.is_custom(&class) {
            return Ok((class, config));
        }
        if let Value::Object(arguments) = &mut config {
            if self == Family::Layer {
                keras2::layer_arguments(&class, arguments);
            }
            for (name, value) in arguments.iter_mut() {
                if let Some(family) = Family::of_argument(name).filter(|_| value.is_object()) {
                    let (class, config) = family.read::<T>(value.take(), from)?;
                    *value = json!({ "class_name": class, "config": config });
                }
            }
        }
        match ignored_arguments::remove(&class, &mut config, from, |config| self.canonical::<T>(&class, config)) {
            Ok(_) => Ok((class, config)),
            // An item that cannot be described has nothing to be held against.
            Err(Error::NotSerializable { .. }) => Ok((class, config)),
            Err(other) => Err(other),
        }
    }

    fn class_and_config(self, value: Value, from: Provenance<'_>) -> Result<(String, Value)> {
        let mut object = match value {
            Value::String(name) => return Ok((name, Value::Null)),
            Value::Object(object) => object,
            other => return Err(unreadable(self.module(), format!("{other} is neither a name nor an object"))),
        };
        let config = object.remove("config").unwrap_or_default();
        let Some(class) = object.get("class_name").and_then(Value::as_str) else {
            return Err(unreadable(self.module(), "an object lacks its \"class_name\"".into()));
        };
        // A function of Keras, or a user's own, is an object whose configuration is its name.
        let (class, config) = match config {
            Value::String(name) if class == items::FUNCTION => (name, Value::Null),
            config => (class.to_string(), config),
        };
        let registered = object.get("registered_name").and_then(Value::as_str).unwrap_or_default();
        if registered.contains('>') && !from.is_custom(&class) {
            let reason = format!(
                "{registered} is a class of its author's own; add it to a Registry as {class}, and load with load_model_with"
            );
            return Err(unreadable(&class, reason));
        }
        match (self, items::layer(&class).activation, config) {
            (Family::Activation, Some(name), Value::Object(mut arguments)) => {
                keras2::layer_arguments(&class, &mut arguments);
                Ok((name.to_string(), arguments.into()))
            }
            (_, _, config) => Ok((class, config)),
        }
    }
}

/// An activation: its name alone with the default arguments, else the layer that has them.
fn activation<T: Scalar>(class: String, config: Value) -> Result<Value> {
    let defaults = activations::get::<T>(&class, Value::Null).and_then(|activation| activation.config());
    let needs_arguments = items::activation(&class).is_some_and(|activation| activation.needs_arguments);
    if defaults.is_ok_and(|defaults| defaults == config) && !needs_arguments {
        return Ok(class.into());
    }
    match items::layer_of_activation(&class) {
        Some(layer) => Ok(object(Family::Layer.module().into(), layer, config, Value::Null)),
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
        let item = Family::of_argument(&name).filter(|_| value.is_object());
        let value = match (item, value) {
            (Some(family), Value::Object(mut object)) => {
                let config = object.remove("config").unwrap_or_default();
                family.write::<T>(object.get("class_name").and_then(Value::as_str).unwrap_or_default(), config)?
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
