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
    fn read(value: Value) -> Result<Self>;
}

/// Types that serde reads and writes.
macro_rules! plain {
    ($($type:ty),* $(,)?) => {
        $(impl $crate::layers::argument::Argument for $type {
            fn describe(&self) -> $crate::Result<serde_json::Value> {
                Ok(serde_json::json!(self))
            }

            fn read(value: serde_json::Value) -> $crate::Result<Self> {
                serde_json::from_value(value).map_err($crate::layers::argument::unreadable)
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

    fn read(value: Value) -> Result<Self> {
        let count: u32 = serde_json::from_value(value).map_err(unreadable)?;
        Ok(count as usize)
    }
}

pub(crate) fn unreadable(error: serde_json::Error) -> Error {
    Error::Configuration { item: "an argument".into(), reason: error.to_string() }
}

impl<A: Argument> Argument for Option<A> {
    fn describe(&self) -> Result<Value> {
        self.as_ref().map_or(Ok(Value::Null), A::describe)
    }

    fn read(value: Value) -> Result<Self> {
        if value.is_null() { Ok(None) } else { A::read(value).map(Some) }
    }
}

impl<A: Argument> Argument for Vec<A> {
    fn describe(&self) -> Result<Value> {
        self.iter().map(A::describe).collect()
    }

    fn read(value: Value) -> Result<Self> {
        match value {
            Value::Array(values) => values.into_iter().map(A::read).collect(),
            other => Err(mistaken(format!("{other} is no list"))),
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

            fn read(value: Value) -> Result<Self> {
                let (class, config) = class_and_config(value)?;
                $get(&class, config)
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

    fn read(value: Value) -> Result<Self> {
        let (class, config) = class_and_config(value)?;
        super::get(&class, config)
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

    fn read(value: Value) -> Result<Self> {
        let (class, config) = if value.is_null() { ("linear".into(), value) } else { class_and_config(value)? };
        activations::get(&class, config)
    }
}

/// An item as class and configuration.
pub(crate) fn describe<I: Spec + ?Sized>(item: &I) -> Result<Value> {
    Ok(json!({ "class_name": item.class_name(), "config": item.config()? }))
}

/// Class and configuration of an item that is written as a name or as an object.
fn class_and_config(value: Value) -> Result<(String, Value)> {
    match value {
        Value::String(name) => Ok((name, Value::Null)),
        Value::Object(mut object) => match object.remove("class_name").or_else(|| object.remove("class")) {
            Some(Value::String(class)) => Ok((class, object.remove("config").unwrap_or_default())),
            _ => Err(mistaken("an item needs a \"class_name\"".into())),
        },
        other => Err(mistaken(format!("{other} is neither a name nor a class with a configuration"))),
    }
}

fn mistaken(reason: String) -> Error {
    Error::Configuration { item: "an argument".into(), reason }
}

/// The arguments of a layer, taken out of its configuration one by one.
pub(crate) struct Arguments {
    class: &'static str,
    values: Map<String, Value>,
}

impl Arguments {
    /// Of a configuration; `null` stands for no arguments.
    pub(crate) fn new(class: &'static str, config: Value) -> Result<Self> {
        match config {
            Value::Object(values) => Ok(Arguments { class, values }),
            Value::Null => Ok(Arguments { class, values: Map::new() }),
            other => Err(Error::Configuration { item: class.into(), reason: format!("{other} is no object") }),
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
        Ok(LayerOptions { name: self.optional("name", name)?, trainable: self.optional("trainable", trainable)? })
    }

    /// Refuses what is left over.
    pub(crate) fn finish(self) -> Result<()> {
        match self.values.keys().next() {
            Some(name) => Err(self.unreadable(format!("it has no argument \"{name}\""))),
            None => Ok(()),
        }
    }

    fn read<A: Argument>(&self, name: &str, value: Value) -> Result<A> {
        A::read(value).map_err(|error| match error {
            // An item's own message names the item; one about a bare value must tell whose it is.
            Error::Configuration { item, reason } if item == "an argument" => {
                self.unreadable(format!("\"{name}\": {reason}"))
            }
            other => other,
        })
    }

    fn unreadable(&self, reason: String) -> Error {
        Error::Configuration { item: self.class.into(), reason }
    }
}
