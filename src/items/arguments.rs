//! The arguments of an item by name, while it is written or read.
//!
//! Deriving serde's traits would generate code for every item and argument, hundreds of thousands of lines of LLVM IR in all. Here an
//! item is a list of names, and the code that reads and writes an argument is compiled once per argument type.

use super::Spec;
use super::argument::{AnyArgument, Argument, in_range};
use super::range::Range;
use super::unreadable::Unreadable;
use crate::{Error, Result};
use serde_json::{Map, Value};

/// Arguments by name.
#[derive(Debug, Default)]
pub(crate) struct Arguments {
    item: &'static str,
    values: Map<String, Value>,
    /// Required arguments that the configuration lacks.
    missing: Vec<&'static str>,
}

/// An item that [`item!`](super::item) declares.
pub(crate) trait Declared: Spec + Sized {
    const DECLARATION: Declaration;

    /// An item from its configuration; arguments that are not given have their defaults, as all have for `null`.
    fn read(config: Value) -> Result<Self>;
}

/// The static part of an item's declaration.
pub(crate) struct Declaration {
    /// Keras's class name.
    pub(crate) class: &'static str,
    /// The names of the arguments.
    pub(crate) names: &'static [&'static str],
    /// The range of each argument that has one.
    pub(crate) ranges: &'static [Option<Range>],
    /// The names of the arguments that all items of the family have.
    pub(crate) shared: &'static [&'static str],
}

/// The arguments of an item of any type, so that code that writes, reads and checks them is compiled once.
pub(crate) trait DeclaredFields: Spec {
    /// Calls `visit` with the arguments in the order of their names, and with those of the family.
    fn fields(&self, visit: Visit<'_>) -> Result<()>;

    /// Calls `visit` with mutable arguments; see [`fields`](DeclaredFields::fields).
    fn fields_mut(&mut self, visit: VisitMut<'_>) -> Result<()>;
}

pub(crate) type Visit<'a> =
    &'a mut dyn FnMut(&'static Declaration, &[&dyn AnyArgument], Option<&dyn SharedArguments>) -> Result<()>;

pub(crate) type VisitMut<'a> = &'a mut dyn FnMut(
    &'static Declaration,
    &mut [&mut dyn AnyArgument],
    Option<&mut dyn SharedArguments>,
) -> Result<()>;

/// Arguments that all items of a family have, in addition to the item's.
pub(crate) trait SharedArguments {
    /// Writes them.
    fn write(&self, arguments: &mut Arguments) -> Result<()>;

    /// Takes those that are given.
    fn read(&mut self, arguments: &mut Arguments) -> Result<()>;

    /// Checks that the arguments of `item` are in their ranges.
    fn check(&self, item: &dyn Spec) -> Result<()>;
}

impl Arguments {
    /// An empty set of arguments, to be written to.
    pub(crate) fn empty(item: &'static str) -> Self {
        Arguments { item, values: Map::new(), missing: Vec::new() }
    }

    /// The arguments of the configuration of a declared item.
    pub(crate) fn from_config(declaration: &'static Declaration, config: Value) -> Result<Self> {
        Arguments::given(declaration.class, config, declaration.names, declaration.shared)
    }

    /// The arguments of a configuration; `null` is an empty one.
    ///
    /// # Errors
    ///
    /// [`Error::Configuration`] unless it is an object, [`Error::UnknownArgument`] for a name that neither item nor family has.
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

    pub(crate) fn write(&mut self, name: &'static str, argument: &dyn AnyArgument) -> Result<()> {
        readable(self.item, name, argument)?;
        let value = argument.write_any()?;
        self.values.insert(name.into(), value);
        Ok(())
    }

    /// Reads an argument that has no default. An absent one is read as `null`; if its type does not accept that, it is recorded as missing.
    pub(crate) fn required<A: Argument>(&mut self, name: &'static str) -> Result<A> {
        let given = self.values.remove(name);
        let is_given = given.is_some();
        match A::read(given.unwrap_or_default()) {
            Ok(argument) => Ok(argument),
            Err(error) => Err(self.without(name, is_given, error)),
        }
    }

    /// The error for a required argument that cannot be read or is not there.
    #[cold]
    #[inline(never)]
    fn without(&mut self, name: &'static str, is_given: bool, error: Unreadable) -> Error {
        if is_given {
            return self.unreadable(name, error);
        }
        self.missing.push(name);
        self.lacks()
    }

    /// Returns an error that names all missing [required](Arguments::required) arguments, if any.
    pub(crate) fn check_missing(&self) -> Result<()> {
        if self.missing.is_empty() { Ok(()) } else { Err(self.lacks()) }
    }

    #[cold]
    fn lacks(&self) -> Error {
        let missing: Vec<String> = self.missing.iter().map(|name| format!("\"{name}\"")).collect();
        self.invalid(format!("it lacks {}", missing.join(" and ")))
    }

    /// An argument that keeps its default if it is not given.
    pub(crate) fn read(&mut self, name: &str, argument: &mut dyn AnyArgument) -> Result<()> {
        match self.values.remove(name) {
            Some(value) => argument.set_any(value).map_err(|error| self.unreadable(name, error)),
            None => Ok(()),
        }
    }

    /// The arguments of an item that are given; the others stay as they are.
    pub(crate) fn fill(mut self, item: &mut dyn DeclaredFields) -> Result<()> {
        item.fields_mut(&mut |declaration, fields, shared| {
            for (name, field) in declaration.names.iter().zip(fields) {
                self.read(name, *field)?;
            }
            shared.map_or(Ok(()), |shared| shared.read(&mut self))
        })
    }

    /// The arguments written so far, as a configuration.
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

/// Returns an error for a value that could be written but not read back.
fn readable(item: &str, name: &'static str, argument: &dyn AnyArgument) -> Result<()> {
    match argument.unreadable_any() {
        Some((value, expected)) => Err(Error::argument(item, name, value, expected)),
        None => Ok(()),
    }
}

/// The configuration of an item.
pub(crate) fn config(item: &dyn DeclaredFields) -> Result<Value> {
    let mut config = Value::Null;
    item.fields(&mut |declaration, fields, shared| {
        let mut arguments = Arguments::empty(declaration.class);
        for (name, field) in declaration.names.iter().zip(fields) {
            arguments.write(name, *field)?;
        }
        if let Some(shared) = shared {
            shared.write(&mut arguments)?;
        }
        config = arguments.into_config();
        Ok(())
    })?;
    Ok(config)
}

/// Sets the arguments of an item that a configuration has; `null` has none.
pub(crate) fn fill(item: &mut dyn DeclaredFields, declaration: &'static Declaration, config: Value) -> Result<()> {
    Arguments::from_config(declaration, config)?.fill(item)
}

/// Whether the arguments of an item are in their ranges, and can be read again once they are written.
pub(crate) fn check(item: &dyn DeclaredFields) -> Result<()> {
    item.fields(&mut |declaration, fields, shared| {
        for ((name, range), field) in declaration.names.iter().zip(declaration.ranges).zip(fields) {
            field.check_any()?;
            if let Some(range) = range {
                in_range(item, name, *field, *range)?;
            }
            readable(declaration.class, name, *field)?;
        }
        shared.map_or(Ok(()), |shared| shared.check(item))
    })
}

/// An item as serde writes and reads it, its configuration: `#[serde(with = "configuration")]`.
pub(crate) mod configuration {
    use super::Declared;
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};
    use serde_json::Value;

    pub(crate) fn serialize<I: Declared, S: Serializer>(item: &I, serializer: S) -> Result<S::Ok, S::Error> {
        item.config().map_err(ser::Error::custom)?.serialize(serializer)
    }

    pub(crate) fn deserialize<'de, I: Declared, D: Deserializer<'de>>(deserializer: D) -> Result<I, D::Error> {
        I::read(Value::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::Declared;
    use crate::Error;
    use crate::items::Spec;
    use crate::layers::{Dense, Input, PReLU};
    use crate::optimizers::Adam;
    use crate::optimizers::schedules::ExponentialDecay;
    use serde_json::json;

    #[test]
    fn missing_arguments_keep_their_defaults() -> crate::Result<()> {
        let read: Adam = Adam::read(json!({ "beta_1": 0.5 }))?;
        assert_eq!(read, Adam.beta_1(0.5));
        assert_eq!(Adam::read(json!(null))?, Adam);
        Ok(())
    }

    #[test]
    fn an_unknown_key_is_an_error_with_the_nearest_name() {
        for value in [json!(0.1), json!(null), json!(false)] {
            let error = Adam::read(json!({ "beta_1": 0.5, "learning_rat": value })).unwrap_err();
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
            Adam::read(json!({ "learning_rate": rate }))
        };
        assert_eq!(read("config")?, Adam.learning_rate(ExponentialDecay::new(0.5, 10, 0.5)));
        let message = read("confg").unwrap_err().to_string();
        assert!(
            message.contains("ExponentialDecay has its arguments in \"config\", but there is \"confg\" next to it"),
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
        assert!(Dense::<f32>::read(config(most)).is_ok());
        let error = Dense::<f32>::read(config(most + 1)).unwrap_err().to_string();
        assert!(error.contains("\"units\"") && error.ends_with("from 0 to 4294967295, not 4294967296"), "{error}");
        let prelu = |axis: usize| PReLU::<f32>::new().shared_axes([1, axis]);
        assert!(prelu(most).config().is_ok());
        assert!(prelu(most + 1).config().unwrap_err().to_string().contains("shared_axes is 4294967296"));
        let inputs = Input::new(most + 1).config().unwrap_err().to_string();
        assert!(inputs.contains(&expected), "{inputs}");
    }

    #[test]
    fn an_invalid_argument_is_named() {
        let message = |config| Adam::read(config).map(|_| ()).map_err(|error| error.to_string());
        let invalid = message(json!({ "beta_1": "half" })).unwrap_err();
        assert!(invalid.contains("Adam") && invalid.contains("\"beta_1\""), "{invalid}");
        assert!(message(json!([0.5])).unwrap_err().contains("by name"));
    }
}
