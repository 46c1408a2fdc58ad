//! An item in a configuration: its class name and its arguments.

use super::Family;
use super::family::user_defined;
use super::unreadable::{Read, Unreadable};
use crate::Result;
use serde::{Deserialize, Deserializer, Serialize, de};
use serde_json::{Map, Value};
use std::sync::Arc;

/// An item in a configuration: `{"class_name": …, "config": …}`, and with `"registered_name"` if it is user-defined.
///
/// As in Keras, a user-defined item is made only by the [registry](super::registry), so that it is never taken for an item of
/// the crate that has the same name, nor the other way round.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct ItemConfig {
    pub(crate) class_name: String,
    pub(crate) config: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) registered_name: Option<String>,
}

/// Further keys that Keras writes for an item.
const IGNORED_KEYS: &[&str] = &["module", "build_config", "shared_object_id"];

impl ItemConfig {
    /// The configuration of an item, after its arguments are checked.
    pub(crate) fn of<I: Family + ?Sized>(item: &I) -> Result<Self> {
        item.check()?;
        Self::new(item.class_name(), I::is_built_in(item), item.config())
    }

    fn new(class_name: String, is_built_in: bool, config: Result<Value>) -> Result<Self> {
        let registered_name = (!is_built_in).then(|| class_name.clone());
        Ok(ItemConfig { config: config?, class_name, registered_name })
    }

    fn into_value(self) -> Value {
        let mut object =
            Map::from_iter([("class_name".into(), self.class_name.into()), ("config".into(), self.config)]);
        object.extend(self.registered_name.map(|name| ("registered_name".into(), name.into())));
        object.into()
    }

    /// Reads the JSON form, which may have further keys of Keras, or only the name.
    pub(crate) fn read(value: Value) -> Read<Self> {
        match value {
            Value::String(class_name) => Ok(ItemConfig { class_name, config: Value::Null, registered_name: None }),
            Value::Object(mut object) => {
                let item = Self::take(&mut object)?;
                match object.keys().find(|key| !IGNORED_KEYS.contains(&key.as_str())) {
                    Some(unknown) => Err(Unreadable::Value(format!(
                        "{} has its arguments in \"config\", but there is \"{unknown}\" next to it",
                        item.class_name
                    ))),
                    None => Ok(item),
                }
            }
            other => Err(Unreadable::Value(format!(
                "expected a name, or an item as {{\"class_name\": …, \"config\": …}}, not {other}"
            ))),
        }
    }

    /// Removes the configuration from an object with further entries.
    pub(crate) fn take(object: &mut Map<String, Value>) -> Read<Self> {
        let config = object.remove("config").unwrap_or_default();
        let class_name = match object.remove("class_name") {
            Some(Value::String(class_name)) => class_name,
            Some(other) => return Err(Unreadable::Value(format!("its \"class_name\" is {other}; expected a string"))),
            None => return Err(Unreadable::Value("it lacks \"class_name\"".into())),
        };
        let registered_name = match object.remove("registered_name") {
            None | Some(Value::Null) => None,
            Some(Value::String(name)) => Some(name),
            Some(other) => {
                return Err(Unreadable::Value(format!(
                    "its \"registered_name\" is {other}; expected a string or null"
                )));
            }
        };
        Ok(ItemConfig { class_name, config, registered_name })
    }

    /// Makes the item.
    pub(crate) fn get<I: Family + ?Sized>(self) -> Result<Arc<I>> {
        match self.registered_name {
            None => I::get(&self.class_name, self.config),
            Some(_) => user_defined(&self.class_name, self.config),
        }
    }
}

impl<'de> Deserialize<'de> for ItemConfig {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        Self::read(Value::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}

/// The form of an item in a configuration.
pub(crate) fn describe<I: Family + ?Sized>(item: &I) -> Result<Value> {
    ItemConfig::of(item).map(ItemConfig::into_value)
}
