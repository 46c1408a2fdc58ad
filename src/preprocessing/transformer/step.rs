use super::description::{StoredStep, make};
use super::{FittedTransformer, Transformer};
use crate::Result;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};
use std::sync::Arc;

/// A transformer and what came of its fit.
#[derive(Debug, Clone)]
pub(crate) struct Step {
    pub(crate) transformer: Arc<dyn Transformer>,
    pub(crate) fitted: Arc<dyn FittedTransformer>,
    /// The number of columns that it makes, counted once.
    pub(crate) width: usize,
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
            let transformer = make(&class_name, config)?;
            let fitted = transformer.restore(state)?;
            Ok(Step::new(transformer, fitted))
        };
        read().map_err(|error: crate::Error| de::Error::custom(error))
    }
}
