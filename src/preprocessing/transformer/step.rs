//! A transformer in a file, with what it learned.

use super::{FittedTransformer, Transformer};
use crate::Result;
use crate::items::Family;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};
use serde_json::Value;
use std::sync::Arc;

/// A transformer and what came of its fit.
#[derive(Debug, Clone)]
pub(crate) struct Step {
    pub(crate) transformer: Arc<dyn Transformer>,
    pub(crate) fitted: Arc<dyn FittedTransformer>,
    /// The number of columns that it makes, counted once.
    pub(crate) width: usize,
}

/// Class, configuration and state of a fitted transformer.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredStep {
    class_name: String,
    #[serde(default)]
    config: Value,
    state: Value,
}

impl Step {
    pub(crate) fn new(transformer: Arc<dyn Transformer>, fitted: Arc<dyn FittedTransformer>) -> Self {
        let width = fitted.width();
        Step { transformer, fitted, width }
    }

    /// Its form in a file; an error where the transformer does not describe itself.
    fn stored(&self) -> Result<StoredStep> {
        let (transformer, fitted) = (&self.transformer, &self.fitted);
        Ok(StoredStep { class_name: transformer.class_name(), config: transformer.config()?, state: fitted.state()? })
    }

    /// Whether it can be saved; what is wrong otherwise.
    pub(crate) fn check_saved(&self) -> Result<()> {
        self.stored().map(|_| ())
    }
}

/// Equal if class, configuration and state are; what has none of these is equal to itself alone.
impl PartialEq for Step {
    fn eq(&self, other: &Self) -> bool {
        let value = |step: &Step| serde_json::to_value(step).ok();
        Arc::ptr_eq(&self.fitted, &other.fitted) || value(self).is_some_and(|one| value(other) == Some(one))
    }
}

impl Serialize for Step {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        self.stored().map_err(ser::Error::custom)?.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Step {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        let StoredStep { class_name, config, state } = StoredStep::deserialize(deserializer)?;
        let read = || {
            let transformer = <dyn Transformer>::get(&class_name, config)?;
            let fitted = transformer.restore(state)?;
            Ok(Step::new(transformer, fitted))
        };
        read().map_err(|error: crate::Error| de::Error::custom(error))
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
