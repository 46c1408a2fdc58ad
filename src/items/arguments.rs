//! The arguments of an item by name, while it is written or read.
//!
//! A derived implementation of serde's traits is compiled for each item anew, with all its arguments: hundreds of
//! thousands of lines in all. Here an item is a list of names, and what reads and writes an argument is compiled once
//! for each type of argument.

use super::Spec;
use super::argument::Argument;
use super::unreadable::Unreadable;
use crate::{Error, Result};
use serde_json::{Map, Value};
use std::sync::Arc;

/// Arguments by name.
#[derive(Debug, Default)]
pub(crate) struct Arguments {
    item: &'static str,
    values: Map<String, Value>,
    /// Required arguments that were asked for in vain.
    missing: Vec<&'static str>,
}

/// An item that [`item!`](super::item) declares.
pub(crate) trait Declared: Spec + Sized {
    /// Keras's class name.
    const CLASS: &'static str;

    /// The names of the arguments.
    const NAMES: &'static [&'static str];

    /// The names of the arguments that all items of its family have.
    const SHARED: &'static [&'static str];

    /// Writes every argument.
    fn write(&self, arguments: &mut Arguments) -> Result<()>;

    /// Takes every argument that is given; the others have their defaults.
    fn read(arguments: &mut Arguments) -> Result<Self>;
}

/// Arguments that all items of a family have, beside those of each item.
pub(crate) trait SharedArguments: Sized {
    /// Their names.
    const NAMES: &'static [&'static str];

    /// Writes them.
    fn write(&self, arguments: &mut Arguments) -> Result<()>;

    /// Takes those that are given.
    fn read(&mut self, arguments: &mut Arguments) -> Result<()>;

    /// Whether those of `item` are in their ranges.
    fn check(&self, item: &dyn Spec) -> Result<()>;
}

impl Arguments {
    /// None yet, to be written.
    pub(crate) fn of(item: &'static str) -> Self {
        Arguments { item, values: Map::new(), missing: Vec::new() }
    }

    /// Those of a configuration, if the item or its family has an argument of each name; `null` means none.
    pub(crate) fn given(
        item: &'static str,
        config: Value,
        specific: &[&'static str],
        shared: &[&'static str],
    ) -> Result<Self> {
        let values = match config {
            Value::Object(values) => values,
            Value::Null => Map::new(),
            other => {
                let reason = format!("expected arguments by name, not {other}");
                return Err(Error::Configuration { item: item.into(), reason });
            }
        };
        let names = specific.iter().chain(shared);
        match values.keys().find(|given| !names.clone().any(|name| name == given)) {
            Some(unknown) => Err(Error::unknown_argument(item, unknown, names.copied())),
            None => Ok(Arguments { item, values, missing: Vec::new() }),
        }
    }

    #[inline(never)]
    pub(crate) fn write<A: Argument>(&mut self, name: &'static str, argument: &A) -> Result<()> {
        readable(self.item, name, argument)?;
        let value = argument.write()?;
        self.values.insert(name.into(), value);
        Ok(())
    }

    /// An argument that has no default, unless `null` means one.
    #[inline(never)]
    pub(crate) fn required<A: Argument>(&mut self, name: &'static str) -> Result<A> {
        match self.values.remove(name) {
            Some(value) => A::read(value).map_err(|error| self.unreadable(name, error)),
            None => A::read(Value::Null).map_err(|_| {
                self.missing.push(name);
                self.lacks()
            }),
        }
    }

    /// Whether every [required](Arguments::required) argument was there.
    pub(crate) fn check_missing(&self) -> Result<()> {
        if self.missing.is_empty() { Ok(()) } else { Err(self.lacks()) }
    }

    #[cold]
    fn lacks(&self) -> Error {
        let missing: Vec<String> = self.missing.iter().map(|name| format!("\"{name}\"")).collect();
        self.invalid(format!("it lacks {}", missing.join(" and ")))
    }

    /// An argument that keeps its default if it is not given.
    #[inline(never)]
    pub(crate) fn read<A: Argument>(&mut self, name: &str, argument: &mut A) -> Result<()> {
        if let Some(value) = self.values.remove(name) {
            *argument = A::read(value).map_err(|error| self.unreadable(name, error))?;
        }
        Ok(())
    }

    /// What was written.
    pub(crate) fn into_config(self) -> Value {
        Value::Object(self.values)
    }

    #[cold]
    fn unreadable(&self, name: &str, error: Unreadable) -> Error {
        match error {
            Unreadable::Value(reason) => self.invalid(format!("\"{name}\": {reason}")),
            Unreadable::Item(error) => error.with_note(&format!("in \"{name}\" of {}", self.item)),
        }
    }

    #[cold]
    fn invalid(&self, reason: String) -> Error {
        Error::Configuration { item: self.item.into(), reason }
    }
}

/// Refuses an argument that could not be read again.
pub(crate) fn readable(item: &str, name: &'static str, argument: &impl Argument) -> Result<()> {
    match argument.unreadable() {
        Some((value, expected)) => Err(Error::argument(item, name, value, expected)),
        None => Ok(()),
    }
}

/// The configuration of an item.
pub(crate) fn config<I: Declared>(item: &I) -> Result<Value> {
    written(I::CLASS, &|arguments| item.write(arguments))
}

/// Apart from [`config`], so that it is compiled once and not for each item.
fn written(class: &'static str, write: &dyn Fn(&mut Arguments) -> Result<()>) -> Result<Value> {
    let mut arguments = Arguments::of(class);
    write(&mut arguments)?;
    Ok(arguments.into_config())
}

/// An item from its configuration; `null` means the defaults.
pub(crate) fn read<I: Declared>(config: Value) -> Result<I> {
    I::read(&mut Arguments::given(I::CLASS, config, I::NAMES, I::SHARED)?)
}

/// What makes an item of one type from its configuration, as the list of a family's items has it.
pub(crate) fn make<D: Declared, I: ?Sized>(config: Value, into_arc: fn(D) -> Arc<I>) -> Result<Arc<I>> {
    read(config).map(into_arc)
}

/// An item as serde writes and reads it, its configuration: `#[serde(with = "configuration")]`.
pub(crate) mod configuration {
    use super::{Declared, config, read};
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};
    use serde_json::Value;

    pub(crate) fn serialize<I: Declared, S: Serializer>(item: &I, serializer: S) -> Result<S::Ok, S::Error> {
        config(item).map_err(ser::Error::custom)?.serialize(serializer)
    }

    pub(crate) fn deserialize<'de, I: Declared, D: Deserializer<'de>>(deserializer: D) -> Result<I, D::Error> {
        read(Value::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use crate::Error;
    use crate::items::Spec;
    use crate::layers::{Dense, Input, PReLU};
    use crate::optimizers::Adam;
    use crate::optimizers::schedules::ExponentialDecay;
    use serde_json::json;

    #[test]
    fn what_is_left_out_stays_at_its_default() -> crate::Result<()> {
        let read: Adam = super::read(json!({ "beta_1": 0.5 }))?;
        assert_eq!(read, Adam.beta_1(0.5));
        assert_eq!(super::read::<Adam>(json!(null))?, Adam);
        Ok(())
    }

    #[test]
    fn an_unknown_key_is_an_error_with_the_nearest_name() {
        for value in [json!(0.1), json!(null), json!(false)] {
            let error = super::read::<Adam>(json!({ "beta_1": 0.5, "learning_rat": value })).unwrap_err();
            assert!(matches!(&error, Error::UnknownArgument { item, name, known, .. }
                if item == "Adam" && name == "learning_rat" && known.iter().any(|known| known == "beta_2")));
            let message = error.to_string();
            assert!(
                message.starts_with("Adam has no argument \"learning_rat\"; did you mean \"learning_rate\"?"),
                "{message}"
            );
        }
    }

    #[test]
    fn an_item_within_has_no_other_keys_than_those_keras_writes() -> crate::Result<()> {
        let decay = json!({ "initial_learning_rate": 0.5, "decay_steps": 10, "decay_rate": 0.5 });
        let read = |key: &str| {
            let rate =
                json!({ "class_name": "ExponentialDecay", key: decay, "module": "keras", "registered_name": null });
            super::read::<Adam>(json!({ "learning_rate": rate }))
        };
        assert_eq!(read("config")?, Adam.learning_rate(ExponentialDecay::new(0.5, 10, 0.5)));
        let message = read("confg").unwrap_err().to_string();
        assert!(
            message.contains("ExponentialDecay has its arguments in \"config\", but there is \"confg\" beside it"),
            "{message}"
        );
        Ok(())
    }

    #[test]
    fn every_number_returns_as_it_was() -> crate::Result<()> {
        use super::super::argument::Argument;
        for value in [0.1, -0.0, f64::MIN_POSITIVE, f64::INFINITY, f64::NEG_INFINITY, f64::NAN] {
            let read = |written| f64::read(written).map(f64::to_bits).map_err(|error| error.to_string());
            assert_eq!(read(value.write()?), Ok(value.to_bits()));
            let pair = <(f64, f64)>::read((value, 1.0).write()?).map(|(low, _)| low.to_bits());
            assert_eq!(pair.map_err(|error| error.to_string()), Ok(value.to_bits()));
        }
        assert!(<(f64, f64)>::read(json!([1.0])).is_err());
        Ok(())
    }

    #[test]
    fn writing_checking_and_reading_refuse_the_same_counts() {
        let most = u32::MAX as usize;
        let expected = format!("{}; expected at most {most}", most + 1);
        let dense = |units: usize| Dense::<f32>::new(units, "relu");
        assert!(dense(most).check().is_ok() && dense(most).config().is_ok());
        for error in [dense(most + 1).check().unwrap_err(), dense(most + 1).config().unwrap_err()] {
            assert_eq!(error.to_string(), format!("Dense: units is {expected}"));
        }
        let config = |units: usize| json!({ "units": units, "activation": "relu" });
        assert!(super::read::<Dense<f32>>(config(most)).is_ok());
        let error = super::read::<Dense<f32>>(config(most + 1)).unwrap_err().to_string();
        assert!(error.contains("\"units\"") && error.ends_with("from 0 to 4294967295, not 4294967296"), "{error}");
        let prelu = |axis: usize| PReLU::<f32>::new().shared_axes([1, axis]);
        assert!(prelu(most).config().is_ok());
        assert!(prelu(most + 1).config().unwrap_err().to_string().contains("shared_axes is 4294967296"));
        let inputs = Input::new(most + 1).config().unwrap_err().to_string();
        assert!(inputs.contains(&expected), "{inputs}");
    }

    #[test]
    fn an_invalid_argument_is_named() {
        let message = |config| super::read::<Adam>(config).map(|_| ()).map_err(|error| error.to_string());
        let invalid = message(json!({ "beta_1": "half" })).unwrap_err();
        assert!(invalid.contains("Adam") && invalid.contains("\"beta_1\""), "{invalid}");
        assert!(message(json!([0.5])).unwrap_err().contains("by name"));
    }
}
