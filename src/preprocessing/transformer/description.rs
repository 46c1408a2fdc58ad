//! Transformers in files: a class name and a configuration.

use super::Transformer;
use crate::registry::find;
use crate::{Error, Result};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};
use serde_json::{Map, Value};
use std::sync::Arc;

/// Names of version 1 of the file format.
const ALIASES: &[(&str, &str)] = &[("Features", "FeatureSpace")];

/// The transformer of a class name: one of the [scope](crate::registry::in_scope)'s or of the crate's.
pub(super) fn make(class_name: &str, config: Value) -> Result<Arc<dyn Transformer>> {
    find("transformer", &super::super::all(), ALIASES, class_name, config)
}

/// A transformer that is stored as class and configuration, and compared by them.
#[derive(Debug, Clone)]
pub(in super::super) struct Description(pub(in super::super) Arc<dyn Transformer>);

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    class_name: String,
    #[serde(default)]
    config: Value,
}

impl PartialEq for Description {
    fn eq(&self, other: &Self) -> bool {
        let described = |one: &Self| Some((one.0.class_name(), one.0.config().ok()?));
        Arc::ptr_eq(&self.0, &other.0) || described(self).is_some_and(|one| described(other) == Some(one))
    }
}

impl Serialize for Description {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        let config = self.0.config().map_err(ser::Error::custom)?;
        Stored { class_name: self.0.class_name(), config }.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Description {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        let Stored { class_name, config } = Stored::deserialize(deserializer)?;
        make(&class_name, config).map(Description).map_err(de::Error::custom)
    }
}

/// Class, configuration and state of a fitted transformer.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StoredStep {
    pub(super) class_name: String,
    #[serde(default)]
    pub(super) config: Value,
    pub(super) state: Value,
}

impl StoredStep {
    /// Of either form: with fields of their own, or as version 1 began, the state under the class name.
    pub(super) fn of(object: Map<String, Value>) -> Result<StoredStep> {
        let unreadable = |reason: String| Error::Configuration { item: "a fitted transformer".into(), reason };
        if object.contains_key("class_name") {
            return serde_json::from_value(Value::Object(object)).map_err(|error| unreadable(error.to_string()));
        }
        let mut fields = object.into_iter();
        match (fields.next(), fields.next()) {
            (Some((class_name, state)), None) => {
                // Two classes have arguments without which there is none.
                let config = ["hashing", "lookup"].iter().find_map(|field| state.get(field)).cloned();
                Ok(StoredStep { class_name, config: config.unwrap_or_default(), state })
            }
            _ => Err(unreadable("expected class_name, config and state".into())),
        }
    }
}
