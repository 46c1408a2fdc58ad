//! A transformer in a file, with what it learned.

use super::{FittedTransformer, Transformer};
use crate::items::{ItemConfig, describe};
use crate::{Error, Result};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};
use serde_json::Value;
use std::sync::Arc;

/// A transformer and what came of its fit.
#[derive(Debug, Clone)]
pub(crate) struct FittedStep {
    pub(crate) transformer: Arc<dyn Transformer>,
    pub(crate) fitted: Arc<dyn FittedTransformer>,
    /// The number of columns that it makes, counted once.
    pub(crate) width: usize,
}

impl FittedStep {
    pub(crate) fn new(transformer: Arc<dyn Transformer>, fitted: Arc<dyn FittedTransformer>) -> Self {
        let width = fitted.width();
        FittedStep { transformer, fitted, width }
    }

    /// Its form in a file: the item and its state; an error where the transformer does not describe itself.
    pub(crate) fn config(&self) -> Result<Value> {
        let mut config = describe(&*self.transformer)?;
        config["state"] = self.fitted.state()?;
        Ok(config)
    }

    /// Restores the value that [`config`](Self::config) returned.
    pub(crate) fn from_config(config: Value) -> Result<Self> {
        let unreadable = |reason: String| Error::configuration("a fitted transformer", reason);
        let Value::Object(mut config) = config else {
            return Err(unreadable(format!(
                "expected an object with \"class_name\", \"config\" and \"state\", not {config}"
            )));
        };
        let item = ItemConfig::take(&mut config).map_err(|error| unreadable(error.to_string()))?;
        let state =
            config.remove("state").ok_or_else(|| unreadable(format!("{} lacks its \"state\"", item.class_name)))?;
        if let Some(unknown) = config.keys().next() {
            return Err(unreadable(format!(
                "{} has an unknown \"{unknown}\" next to its configuration",
                item.class_name
            )));
        }
        let transformer = item.get::<dyn Transformer>()?;
        transformer.check()?;
        let fitted = transformer.restore(state)?;
        Ok(FittedStep::new(transformer, fitted))
    }
}

/// Equal if class, configuration and state are; what has none of these equals only itself.
impl PartialEq for FittedStep {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.fitted, &other.fitted)
            || self.config().is_ok_and(|one| other.config().is_ok_and(|other| one == other))
    }
}

impl Serialize for FittedStep {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        self.config().map_err(ser::Error::custom)?.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for FittedStep {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        Self::from_config(Value::deserialize(deserializer)?).map_err(de::Error::custom)
    }
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
        let table = Table::new().with_strings("a", ["1 x", "3 x"]).unwrap();
        let chain = TextToNumber::leading_number().then(StandardScaler::new());
        let fitted = ColumnTransformer::new().add(chain, ["a"]).fit(&table).unwrap();
        let text = serde_json::to_string(&fitted).unwrap();
        let read = |text: &str| serde_json::from_str::<FittedColumnTransformer>(text);
        assert_eq!(read(&text).unwrap().transform::<f64>(&table).unwrap().as_slice(), [-1.0, 1.0]);
        let mut value: Value = serde_json::from_str(&text).unwrap();
        value["steps"][0]["state"].as_array_mut().unwrap().pop();
        let error = read(&value.to_string()).unwrap_err().to_string();
        assert!(error.contains("2 stages but 1 state"), "{error}");
        value["steps"][0]["config"]["stages"] = Value::Array(Vec::new());
        assert!(read(&value.to_string()).unwrap_err().to_string().contains("at least one stage"));
    }
}
