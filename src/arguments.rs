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
    /// Their names.
    const NAMES: &'static [&'static str];

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

    /// Those of a configuration, once each is one of `names`.
    fn given(config: Value, names: &[&str]) -> std::result::Result<Self, Refused> {
        let Value::Object(arguments) = config else {
            let error = de::Error::custom(format_args!("arguments by name expected, not {config}"));
            return Err(Refused::Unreadable(error));
        };
        match arguments.keys().find(|given| !names.contains(&given.as_str())) {
            Some(unknown) => Err(Refused::Unknown(unknown.clone())),
            None => Ok(Arguments(arguments)),
        }
    }
}

/// Why an item cannot be read.
enum Refused {
    /// It has no argument of this name.
    Unknown(String),
    /// An argument is none of its type.
    Unreadable(serde_json::Error),
}

impl Refused {
    #[cold]
    fn of_item(self, item: String, names: &[&str]) -> Error {
        match self {
            Refused::Unknown(name) => Error::unknown_argument(item, name, names.iter().copied()),
            Refused::Unreadable(error) => Error::Configuration { item, reason: error.to_string() },
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
        let read = Arguments::given(config, I::NAMES)
            .and_then(|mut arguments| item.read(&mut arguments).map_err(Refused::Unreadable));
        read.map_err(|refused| refused.of_item(I::default().class_name(), I::NAMES))?;
    }
    Ok(item)
}

/// For `Serialize`.
pub(crate) fn serialize<S: Serializer>(item: &impl Described, serializer: S) -> std::result::Result<S::Ok, S::Error> {
    Arguments::written(&|arguments| item.write(arguments)).map_err(ser::Error::custom)?.serialize(serializer)
}

/// For `Deserialize`.
pub(crate) fn deserialize<'de, I: Spec + Described, D: Deserializer<'de>>(
    deserializer: D,
) -> std::result::Result<I, D::Error> {
    // What is `null` is no item here; a configuration that is left out has defaults.
    match Value::deserialize(deserializer)? {
        Value::Null => Err(de::Error::custom("arguments by name expected, not null")),
        config => item(config).map_err(de::Error::custom),
    }
}

/// The names that a derived `Deserialize` of a struct asks for.
pub(crate) fn field_names<I: DeserializeOwned>() -> &'static [&'static str] {
    struct Asked<'a>(&'a mut &'static [&'static str]);

    impl<'de> Deserializer<'de> for Asked<'_> {
        type Error = de::value::Error;

        fn deserialize_struct<V: de::Visitor<'de>>(
            self,
            _: &'static str,
            fields: &'static [&'static str],
            visitor: V,
        ) -> std::result::Result<V::Value, Self::Error> {
            *self.0 = fields;
            self.deserialize_any(visitor)
        }

        fn deserialize_any<V: de::Visitor<'de>>(self, _: V) -> std::result::Result<V::Value, Self::Error> {
            Err(de::Error::custom("the names alone are wanted"))
        }

        serde::forward_to_deserialize_any! {
            bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
            newtype_struct seq tuple tuple_struct map enum identifier ignored_any
        }
    }

    let mut names: &[&str] = &[];
    let _ = I::deserialize(Asked(&mut names));
    names
}

#[cfg(test)]
mod tests {
    use crate::Error;
    use crate::optimizers::Adam;
    use serde_json::json;

    #[test]
    fn what_is_left_out_stays_at_its_default() -> crate::Result<()> {
        let read: Adam = super::item(json!({ "beta_1": 0.5 }))?;
        assert_eq!(read, Adam.beta_1(0.5));
        assert_eq!(super::item::<Adam>(json!(null))?, Adam);
        Ok(())
    }

    #[test]
    fn an_unknown_key_is_an_error_with_the_nearest_name() {
        for value in [json!(0.1), json!(null), json!(false)] {
            let error = super::item::<Adam>(json!({ "beta_1": 0.5, "learning_rat": value })).unwrap_err();
            assert!(matches!(&error, Error::UnknownArgument { item, name, known, .. }
                if item == "Adam" && name == "learning_rat" && known.iter().any(|known| known == "beta_2")));
            let message = error.to_string();
            assert!(
                message.starts_with("Adam has no argument \"learning_rat\"; did you mean \"learning_rate\"?"),
                "{message}"
            );
        }
        let through_serde = serde_json::from_value::<Adam>(json!({ "beta1": 0.5 })).unwrap_err().to_string();
        assert!(through_serde.contains("did you mean \"beta_1\"?"), "{through_serde}");
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
