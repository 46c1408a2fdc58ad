//! The arguments of items as JSON, one at a time.
//!
//! A derived implementation of serde's traits is compiled for each item anew, with all its arguments: hundreds of
//! thousands of lines in all. Here an item is a list of names, and what reads and writes an argument is compiled once
//! for each type of argument.

use crate::spec::Spec;
use crate::{Error, Result};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};
use serde_json::{Map, Value};

/// Arguments by name, while an item is written or read.
#[derive(Debug, Default)]
pub(crate) struct Arguments(Map<String, Value>);

/// An item whose arguments are known by name.
pub(crate) trait Described: Default {
    /// Writes every argument.
    fn write(&self, arguments: &mut Arguments) -> serde_json::Result<()>;

    /// Takes every argument that is there; the others stay what they are.
    fn read(&mut self, arguments: &mut Arguments) -> serde_json::Result<()>;
}

impl Arguments {
    #[inline(never)]
    pub(crate) fn write<A: Serialize>(&mut self, name: &str, argument: &A) -> serde_json::Result<()> {
        self.0.insert(name.into(), serde_json::to_value(argument)?);
        Ok(())
    }

    #[inline(never)]
    pub(crate) fn read<A: DeserializeOwned>(&mut self, name: &str, argument: &mut A) -> serde_json::Result<()> {
        if let Some(value) = self.0.remove(name) {
            *argument =
                serde_json::from_value(value).map_err(|error| de::Error::custom(format_args!("`{name}`: {error}")))?;
        }
        Ok(())
    }

    /// Those that an item writes. The item comes as a function, so that this is compiled once.
    fn written(write: &dyn Fn(&mut Arguments) -> serde_json::Result<()>) -> serde_json::Result<Value> {
        let mut arguments = Arguments::default();
        write(&mut arguments)?;
        Ok(Value::Object(arguments.0))
    }

    /// Lets an item read those of a configuration.
    fn hand(config: Value, read: &mut dyn FnMut(&mut Arguments) -> serde_json::Result<()>) -> serde_json::Result<()> {
        match config {
            Value::Object(arguments) => read(&mut Arguments(arguments)),
            other => Err(de::Error::custom(format_args!("arguments by name expected, not {other}"))),
        }
    }
}

/// The configuration of an item.
pub(crate) fn config(item: &(impl Spec + Described)) -> Result<Value> {
    Arguments::written(&|arguments| item.write(arguments)).map_err(|error| not_serializable(item.class_name(), &error))
}

#[cold]
fn not_serializable(item: String, error: &serde_json::Error) -> Error {
    Error::NotSerializable { item, reason: error.to_string() }
}

/// An item from its configuration; `null` stands for the defaults.
pub(crate) fn item<I: Spec + Described>(config: Value) -> Result<I> {
    let mut item = I::default();
    if !config.is_null() {
        Arguments::hand(config, &mut |arguments| item.read(arguments))
            .map_err(|error| not_read(I::default().class_name(), &error))?;
    }
    Ok(item)
}

#[cold]
fn not_read(item: String, error: &serde_json::Error) -> Error {
    Error::Configuration { item, reason: error.to_string() }
}

/// For `Serialize`.
pub(crate) fn serialize<S: Serializer>(item: &impl Described, serializer: S) -> std::result::Result<S::Ok, S::Error> {
    Arguments::written(&|arguments| item.write(arguments)).map_err(ser::Error::custom)?.serialize(serializer)
}

/// For `Deserialize`.
pub(crate) fn deserialize<'de, I: Described, D: Deserializer<'de>>(
    deserializer: D,
) -> std::result::Result<I, D::Error> {
    let mut item = I::default();
    Arguments::hand(Value::deserialize(deserializer)?, &mut |arguments| item.read(arguments))
        .map_err(de::Error::custom)?;
    Ok(item)
}

#[cfg(test)]
mod tests {
    use crate::optimizers::Adam;
    use serde_json::json;

    #[test]
    fn what_is_left_out_stays_at_its_default() -> crate::Result<()> {
        let read: Adam = super::item(json!({ "beta_1": 0.5, "unknown": 1 }))?;
        assert_eq!(read, Adam.beta_1(0.5));
        assert_eq!(super::item::<Adam>(json!(null))?, Adam);
        Ok(())
    }

    #[test]
    fn a_mistaken_argument_is_named() {
        let message = |config| super::item::<Adam>(config).map(|_| ()).map_err(|error| error.to_string());
        let mistaken = message(json!({ "beta_1": "half" })).unwrap_err();
        assert!(mistaken.contains("Adam") && mistaken.contains("`beta_1`"), "{mistaken}");
        assert!(message(json!([0.5])).unwrap_err().contains("by name"));
    }

    #[test]
    fn serde_s_traits_give_the_same() -> Result<(), Box<dyn std::error::Error>> {
        let adam = Adam.beta_1(0.5).exclude_from_weight_decay(["bias"]);
        let text = serde_json::to_string(&adam)?;
        assert_eq!(serde_json::from_str::<Adam>(&text)?, adam);
        Ok(())
    }
}
