//! Optimizers by Keras's names.

use super::{
    Adadelta, Adafactor, Adagrad, Adam, AdamW, Adamax, Ftrl, Lamb, LearningRate, Lion, Muon, Nadam, Optimizer, RMSprop,
    SGD, ScheduleFreeAdamW, Step,
};
use crate::registry::{Entry, entries, find};
use crate::{Result, Scalar};
use serde_json::Value;
use std::sync::Arc;

/// Every optimizer of the crate.
pub(crate) fn all<T: Scalar>() -> Vec<Entry<dyn Optimizer<T>>> {
    entries![
        Adadelta,
        Adafactor,
        Adagrad,
        Adam,
        AdamW,
        Adamax,
        Ftrl,
        Lamb,
        Lion,
        Muon,
        Nadam,
        RMSprop,
        SGD,
        ScheduleFreeAdamW
    ]
}

/// The optimizer of Keras's class name, or that in lower case (also `lamb`, which Keras 3.15 does not know by name),
/// with arguments under Keras's names; `null` takes the defaults.
///
/// # Errors
///
/// [`Error::Unknown`](crate::Error::Unknown) lists the names that exist;
/// [`Error::Configuration`](crate::Error::Configuration) says what is wrong with the arguments.
pub fn get<T: Scalar>(name: &str, config: Value) -> Result<Arc<dyn Optimizer<T>>> {
    let entries = T::optimizers();
    let class = entries.iter().map(|entry| entry.name.clone()).find(|class| class.to_lowercase() == name);
    find("optimizer", &entries, &[], class.as_deref().unwrap_or(name), config)
}

/// A name stands for what it names, anything else for itself; either way the arguments are checked.
pub(crate) fn resolve<T: Scalar>(optimizer: &Arc<dyn Optimizer<T>>) -> Result<Arc<dyn Optimizer<T>>> {
    let resolved = optimizer.named()?.unwrap_or_else(|| optimizer.clone());
    resolved.check()?;
    resolved.settings().check(&*resolved)?;
    resolved.learning_rate().check()?;
    let rate = resolved.learning_rate().at(0);
    if rate.is_finite() && rate >= 0.0 {
        Ok(resolved)
    } else {
        Err(crate::spec::invalid(&*resolved, "learning_rate", rate, "a finite number of at least 0"))
    }
}

/// A name, looked up when the model is first trained: `compile("adam", …)`.
impl<T: Scalar> Optimizer<T> for &'static str {
    fn learning_rate(&self) -> LearningRate {
        get::<T>(self, Value::Null).map_or(LearningRate::Constant(0.0), |optimizer| optimizer.learning_rate())
    }

    fn step(&self, step: Step<'_, T>) {
        if let Ok(optimizer) = get::<T>(self, Value::Null) {
            optimizer.step(step);
        }
    }

    fn named(&self) -> Result<Option<Arc<dyn Optimizer<T>>>> {
        get(self, Value::Null).map(Some)
    }
}
