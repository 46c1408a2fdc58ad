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

impl Stored {
    /// Of either form: with fields of their own, or as it was before, the configuration under the class name.
    fn of(value: Value) -> serde_json::Result<Stored> {
        match value {
            Value::String(class_name) => Ok(Stored { class_name, config: Value::Null }),
            Value::Object(object) if object.len() == 1 && !object.contains_key("class_name") => {
                let described = object.into_iter().next().map(|(class_name, config)| Stored { class_name, config });
                described.ok_or_else(|| de::Error::custom("expected class_name and config"))
            }
            value => serde_json::from_value(value),
        }
    }
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
        let Stored { class_name, config } = Stored::of(Value::deserialize(deserializer)?).map_err(de::Error::custom)?;
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

#[cfg(test)]
mod tests {
    use super::super::super::{ColumnTransformer, FittedColumnTransformer, StandardScaler, Table, TextToNumber};
    use super::*;

    #[test]
    fn transformers_of_before_are_read() {
        let of = |text: &str| serde_json::from_str::<ColumnTransformer>(text);
        let before =
            r#"{"steps":[[{"StandardScaler":{"with_std":false}},["a"]],["Passthrough",["b"]]],"remainder":"Drop"}"#;
        let now = ColumnTransformer::new().add(StandardScaler::new().with_std(false), ["a"]).passthrough(["b"]);
        assert_eq!(of(before).unwrap(), now);
        assert_eq!(of(&serde_json::to_string(&now).unwrap()).unwrap(), now);
        for (from, to) in [("StandardScaler", "StandardScalar"), ("with_std", "with_deviation")] {
            let error = of(&before.replace(from, to)).unwrap_err().to_string();
            assert!(error.contains(from), "{error}");
        }
    }

    #[test]
    fn fitted_transformers_of_before_are_read() {
        let before = [
            r#"{"Passthrough":{"columns":["a"]}}"#,
            r#"{"StringLookup":{"columns":["a"],"lookup":{"num_oov_indices":0,"vocabulary":["x"]}}}"#,
            r#"{"Hashing":{"columns":["a"],"hashing":{"num_bins":3}}}"#,
            r#"{"Features":{"features":[{"column":"a","plain_index":false,"encoder":"Float"}],"crosses":[]}}"#,
        ];
        for step in before {
            let fitted: FittedColumnTransformer = serde_json::from_str(&format!(r#"{{"steps":[{step}]}}"#)).unwrap();
            assert_eq!(fitted.inputs(), ["a"]);
            let now = serde_json::to_string(&fitted).unwrap();
            assert!(now.contains("class_name"), "{now}");
            assert_eq!(serde_json::from_str::<FittedColumnTransformer>(&now).unwrap(), fitted);
        }
        let twice = format!(r#"{{"steps":[{}]}}"#, before[0].replace("}}", r#"},"Hashing":{}}"#));
        assert!(serde_json::from_str::<FittedColumnTransformer>(&twice).is_err());
    }

    #[test]
    fn a_chain_has_the_states_of_its_stages() {
        use super::super::Transformer as _;
        let table = Table::new().with_text("a", ["1 x", "3 x"]).unwrap();
        let chain = TextToNumber::leading_number().then(StandardScaler::new());
        let fitted = ColumnTransformer::new().add(chain, ["a"]).fit(&table).unwrap();
        let text = serde_json::to_string(&fitted).unwrap();
        let read = |text: &str| serde_json::from_str::<FittedColumnTransformer>(text);
        assert_eq!(read(&text).unwrap().transform::<f64>(&table).unwrap().as_slice(), [-1.0, 1.0]);
        let mut value: Value = serde_json::from_str(&text).unwrap();
        value["steps"][0]["state"].as_array_mut().unwrap().pop();
        let error = read(&value.to_string()).unwrap_err().to_string();
        assert!(error.contains("2 stages and the states of 1"), "{error}");
        value["steps"][0]["config"]["stages"] = Value::Array(Vec::new());
        assert!(read(&value.to_string()).unwrap_err().to_string().contains("at least one stage"));
    }
}
