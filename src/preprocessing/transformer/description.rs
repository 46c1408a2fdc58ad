//! Transformers in files: a class name and a configuration.

use super::Transformer;
use crate::Result;
use crate::registry::find;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};
use serde_json::Value;
use std::sync::Arc;

/// The transformer of a class name: one of the [scope](crate::registry::in_scope)'s or of the crate's.
pub(super) fn make(class_name: &str, config: Value) -> Result<Arc<dyn Transformer>> {
    find("transformer", &super::super::all(), &[], class_name, config)
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

#[cfg(test)]
mod tests {
    use super::super::super::{ColumnTransformer, FittedColumnTransformer, StandardScaler, Table, TextToNumber};
    use super::*;

    #[test]
    fn a_misspelled_class_or_argument_is_refused() {
        let of = |text: &str| serde_json::from_str::<ColumnTransformer>(text);
        let columns = ColumnTransformer::new().add(StandardScaler::new().with_std(false), ["a"]).passthrough(["b"]);
        let text = serde_json::to_string(&columns).unwrap();
        assert_eq!(of(&text).unwrap(), columns);
        for (from, to) in [("StandardScaler", "StandardScalar"), ("with_std", "with_deviation")] {
            let error = of(&text.replace(from, to)).unwrap_err().to_string();
            assert!(error.contains(from), "{error}");
        }
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
