//! Arguments of layers as JSON: how a configuration is written and read back.

use super::{Layer, LayerOptions};
use crate::activations::{self, Activation};
use crate::constraints::{self, Constraint};
use crate::initializers::{self, Initializer};
use crate::regularizers::{self, Regularizer};
use crate::spec::Spec;
use crate::{Error, Result, Scalar};
use serde_json::{Map, Value, json};
use std::sync::Arc;

/// The type of an argument.
pub(crate) trait Argument: Sized {
    /// Its form in a configuration.
    fn describe(&self) -> Result<Value>;

    /// The argument from its form in a configuration.
    fn read(value: Value) -> Read<Self>;
}

/// An argument, or why it cannot be read.
pub(crate) type Read<A> = std::result::Result<A, Unreadable>;

/// Why an argument cannot be read.
#[derive(Debug)]
pub(crate) enum Unreadable {
    /// The value is none of this type; the layer that reads it adds whose argument it is.
    Value(String),
    /// The item that the argument holds cannot be made; its own error names that item.
    Item(Error),
}

impl From<Error> for Unreadable {
    fn from(error: Error) -> Self {
        Unreadable::Item(error)
    }
}

impl From<serde_json::Error> for Unreadable {
    fn from(error: serde_json::Error) -> Self {
        Unreadable::Value(error.to_string())
    }
}

/// Types that serde reads and writes.
macro_rules! plain {
    ($($type:ty),* $(,)?) => {
        $(impl $crate::layers::argument::Argument for $type {
            fn describe(&self) -> $crate::Result<serde_json::Value> {
                Ok(serde_json::json!(self))
            }

            fn read(value: serde_json::Value) -> $crate::layers::argument::Read<Self> {
                Ok(serde_json::from_value(value)?)
            }
        })*
    };
}
pub(crate) use plain;

plain!(bool, u64, i64, f64, String);

/// A count of columns, classes or units: what no table has is refused here, so that products of two counts fit.
impl Argument for usize {
    fn describe(&self) -> Result<Value> {
        Ok(json!(self))
    }

    fn read(value: Value) -> Read<Self> {
        let count: u32 = serde_json::from_value(value)?;
        Ok(count as usize)
    }
}

impl<A: Argument> Argument for Option<A> {
    fn describe(&self) -> Result<Value> {
        self.as_ref().map_or(Ok(Value::Null), A::describe)
    }

    fn read(value: Value) -> Read<Self> {
        if value.is_null() { Ok(None) } else { A::read(value).map(Some) }
    }
}

impl<A: Argument> Argument for Vec<A> {
    fn describe(&self) -> Result<Value> {
        self.iter().map(A::describe).collect()
    }

    fn read(value: Value) -> Read<Self> {
        match value {
            Value::Array(values) => values.into_iter().map(A::read).collect(),
            other => Err(Unreadable::Value(format!("{other} is no list"))),
        }
    }
}

/// Items of another family, written as class and configuration; a name as what it names, with all its arguments.
macro_rules! items {
    ($($item:ident from $get:path),* $(,)?) => {
        $(impl<T: Scalar> Argument for Arc<dyn $item<T>> {
            fn describe(&self) -> Result<Value> {
                match self.named()? {
                    Some(named) => describe(&*named),
                    None => describe(&**self),
                }
            }

            fn read(value: Value) -> Read<Self> {
                let (class, config) = class_and_config(value)?;
                Ok($get(&class, config)?)
            }
        })*
    };
}

items!(
    Initializer from initializers::get,
    Regularizer from regularizers::get,
    Constraint from constraints::get,
);

impl<T: Scalar> Argument for Arc<dyn Layer<T>> {
    fn describe(&self) -> Result<Value> {
        describe(&**self)
    }

    fn read(value: Value) -> Read<Self> {
        let (class, config) = class_and_config(value)?;
        Ok(super::get(&class, config)?)
    }
}

/// `null` is Keras's spelling of the linear activation.
impl<T: Scalar> Argument for Arc<dyn Activation<T>> {
    fn describe(&self) -> Result<Value> {
        match self.named()? {
            Some(named) => describe(&*named),
            None => describe(&**self),
        }
    }

    fn read(value: Value) -> Read<Self> {
        let (class, config) = if value.is_null() { ("linear".into(), value) } else { class_and_config(value)? };
        Ok(activations::get(&class, config)?)
    }
}

/// An item as class and configuration.
pub(crate) fn describe<I: Spec + ?Sized>(item: &I) -> Result<Value> {
    Ok(json!({ "class_name": item.class_name(), "config": item.config()? }))
}

/// Class and configuration of an item that is written as a name or as an object.
fn class_and_config(value: Value) -> Read<(String, Value)> {
    match value {
        Value::String(name) => Ok((name, Value::Null)),
        Value::Object(mut object) => match object.remove("class_name").or_else(|| object.remove("class")) {
            Some(Value::String(class)) => Ok((class, object.remove("config").unwrap_or_default())),
            _ => Err(Unreadable::Value("an item needs a \"class_name\"".into())),
        },
        other => Err(Unreadable::Value(format!("{other} is neither a name nor a class with a configuration"))),
    }
}

/// The arguments of every layer.
const OF_EVERY_LAYER: [&str; 2] = ["name", "trainable"];

/// The arguments of a layer, taken out of its configuration one by one.
pub(crate) struct Arguments {
    class: &'static str,
    values: Map<String, Value>,
}

impl Arguments {
    /// Of the configuration of a layer with the arguments of these names; `null` stands for no arguments.
    pub(crate) fn new(class: &'static str, names: &[&str], config: Value) -> Result<Self> {
        let values = match config {
            Value::Object(values) => values,
            Value::Null => Map::new(),
            other => return Err(Error::Configuration { item: class.into(), reason: format!("{other} is no object") }),
        };
        let arguments = Arguments { class, values };
        let known = || names.iter().copied().chain(OF_EVERY_LAYER);
        match arguments.values.keys().find(|name| !known().any(|known| known == *name)) {
            Some(unknown) => Err(Error::unknown_argument(class, unknown, known())),
            None => Ok(arguments),
        }
    }

    /// An argument that has no default, unless `null` stands for one.
    pub(crate) fn required<A: Argument>(&mut self, name: &str) -> Result<A> {
        match self.values.remove(name) {
            Some(value) => self.read(name, value),
            None => A::read(Value::Null).map_err(|_| self.unreadable(format!("it lacks \"{name}\""))),
        }
    }

    /// An argument that has a default.
    pub(crate) fn optional<A: Argument>(&mut self, name: &str, default: A) -> Result<A> {
        self.values.remove(name).map_or(Ok(default), |value| self.read(name, value))
    }

    /// Name and trainability.
    pub(crate) fn options(&mut self) -> Result<LayerOptions> {
        let LayerOptions { name, trainable } = LayerOptions::default();
        let [of_name, of_trainable] = OF_EVERY_LAYER;
        Ok(LayerOptions { name: self.optional(of_name, name)?, trainable: self.optional(of_trainable, trainable)? })
    }

    fn read<A: Argument>(&self, name: &str, value: Value) -> Result<A> {
        A::read(value).map_err(|error| match error {
            Unreadable::Value(reason) => self.unreadable(format!("\"{name}\": {reason}")),
            Unreadable::Item(error) => error,
        })
    }

    fn unreadable(&self, reason: String) -> Error {
        Error::Configuration { item: self.class.into(), reason }
    }
}
