//! How the value of an argument is written, read and checked.

use super::into_item::describe;
use super::json::from_value;
use super::{Family, IntoItem, Item, type_name};
use crate::{Error, Result};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::fmt;
use std::path::PathBuf;

/// The type of an argument.
pub(crate) trait Argument: Sized {
    /// Its form in a configuration.
    fn write(&self) -> Result<Value>;

    /// The argument from its form in a configuration.
    fn read(value: Value) -> Read<Self>;

    /// Whether the arguments of the items that it holds are in their ranges.
    fn check(&self) -> Result<()> {
        Ok(())
    }
}

/// An argument in its form in a configuration.
pub(crate) type Written = Result<Value>;

/// An argument, or why it cannot be read.
pub(crate) type Read<A> = std::result::Result<A, Unreadable>;

/// Why an argument cannot be read.
#[derive(Debug)]
pub(crate) enum Unreadable {
    /// The value is not of this type; the item that reads it adds the argument's name.
    Value(String),
    /// The item that the argument holds cannot be made; the error names that item.
    Item(Error),
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unreadable::Value(reason) => f.write_str(reason),
            Unreadable::Item(error) => error.fmt(f),
        }
    }
}

impl From<Error> for Unreadable {
    fn from(error: Error) -> Self {
        Unreadable::Item(error)
    }
}

/// An argument as serde reads it.
pub(crate) fn plain_value<A: DeserializeOwned>(value: &Value) -> Read<A> {
    from_value(value).map_err(Unreadable::Value)
}

/// Types that serde writes and reads.
macro_rules! plain {
    ($($type:ty),* $(,)?) => {
        $(impl $crate::items::argument::Argument for $type {
            fn write(&self) -> $crate::items::Written {
                Ok(serde_json::json!(self))
            }

            fn read(value: serde_json::Value) -> $crate::items::argument::Read<Self> {
                $crate::items::argument::plain_value(&value)
            }
        })*
    };
}
pub(crate) use plain;

plain!(bool, char, u8, u32, u64, i64, String, (f64, f64));

/// Infinities, which JSON does not have, are the strings `"inf"` and `"-inf"`.
impl Argument for f64 {
    fn write(&self) -> Written {
        Ok(match *self {
            f64::INFINITY => json!("inf"),
            f64::NEG_INFINITY => json!("-inf"),
            value => json!(value),
        })
    }

    fn read(value: Value) -> Read<Self> {
        match value.as_str() {
            Some("inf") => Ok(f64::INFINITY),
            Some("-inf") => Ok(f64::NEG_INFINITY),
            _ => plain_value(&value),
        }
    }
}

/// A path that is no Unicode cannot be written.
impl Argument for PathBuf {
    fn write(&self) -> Written {
        serde_json::to_value(self)
            .map_err(|error| Error::NotSerializable { item: format!("the path {self:?}"), reason: error.to_string() })
    }

    fn read(value: Value) -> Read<Self> {
        plain_value(&value)
    }
}

/// A value as serde writes and reads it. A `usize` is then any number, where a `usize` by itself is a count of columns.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Plain<V>(pub(crate) V);

impl<V: Serialize + DeserializeOwned> Argument for Plain<V> {
    fn write(&self) -> Written {
        serde_json::to_value(&self.0)
            .map_err(|error| Error::NotSerializable { item: type_name::<V>(), reason: error.to_string() })
    }

    fn read(value: Value) -> Read<Self> {
        plain_value(&value).map(Plain)
    }
}

/// A count of columns, classes or units: one that no table has is refused here, so that products of two counts fit.
impl Argument for usize {
    fn write(&self) -> Written {
        Ok(json!(self))
    }

    fn read(value: Value) -> Read<Self> {
        let count: u32 = plain_value(&value)?;
        Ok(count as usize)
    }
}

impl<A: Argument> Argument for Option<A> {
    fn write(&self) -> Written {
        self.as_ref().map_or(Ok(Value::Null), A::write)
    }

    fn read(value: Value) -> Read<Self> {
        if value.is_null() { Ok(None) } else { A::read(value).map(Some) }
    }

    fn check(&self) -> Result<()> {
        self.as_ref().map_or(Ok(()), A::check)
    }
}

impl<A: Argument> Argument for Vec<A> {
    fn write(&self) -> Written {
        self.iter().map(A::write).collect()
    }

    fn read(value: Value) -> Read<Self> {
        match value {
            Value::Array(values) => values.into_iter().map(A::read).collect(),
            other => Err(Unreadable::Value(format!("a list expected, not {other}"))),
        }
    }

    fn check(&self) -> Result<()> {
        self.iter().try_for_each(A::check)
    }
}

/// An item of another family, written as class and configuration; a name is written as the item that it names, with all
/// its arguments.
impl<I: Family + ?Sized> Argument for Item<I> {
    fn write(&self) -> Written {
        describe(&*self.get()?)
    }

    fn read(value: Value) -> Read<Self> {
        let (class, config) = match (value, I::OF_NULL) {
            (Value::Null, Some(name)) => (name.into(), Value::Null),
            (value, _) => class_and_config(value)?,
        };
        Ok(I::get(&class, config)?.into_item())
    }

    fn check(&self) -> Result<()> {
        self.get()?.check()
    }
}

/// What Keras writes of an item beside class and configuration.
const BESIDE_CONFIG: &[&str] = &["module", "registered_name", "build_config", "shared_object_id"];

/// Class and configuration of an item that is written as a name or as an object.
pub(crate) fn class_and_config(value: Value) -> Read<(String, Value)> {
    match value {
        Value::String(name) => Ok((name, Value::Null)),
        Value::Object(mut object) => {
            let config = object.remove("config").unwrap_or_default();
            let Some(Value::String(class)) = object.remove("class_name").or_else(|| object.remove("class")) else {
                return Err(Unreadable::Value("an item needs a \"class_name\"".into()));
            };
            match object.keys().find(|key| !BESIDE_CONFIG.contains(&key.as_str())) {
                Some(unknown) => Err(Error::unknown_argument(class, unknown, ["class_name", "config"]).into()),
                None => Ok((class, config)),
            }
        }
        other => Err(Unreadable::Value(format!("a name, or a class with a configuration, expected, not {other}"))),
    }
}

/// The default of an argument in the declaration of an item: a value of the argument's type, or of the family of the item
/// that it holds.
pub(crate) trait IntoArgument<A, M> {
    fn into_argument(self) -> A;
}

impl<A> IntoArgument<A, ()> for A {
    fn into_argument(self) -> A {
        self
    }
}

impl<I: Family + ?Sized, M, V: IntoItem<I, M>> IntoArgument<Item<I>, (M,)> for V {
    fn into_argument(self) -> Item<I> {
        self.into_item()
    }
}

impl<V> IntoArgument<Plain<V>, Plain<V>> for V {
    fn into_argument(self) -> Plain<V> {
        Plain(self)
    }
}

/// Literals of types that own what the literal borrows.
macro_rules! literals {
    ($($type:ty),*) => {
        $(impl IntoArgument<$type, $type> for &str {
            fn into_argument(self) -> $type {
                self.into()
            }
        })*
    };
}

literals!(String, PathBuf);
