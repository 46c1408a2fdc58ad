//! Metrics by Keras's names.

use super::{
    AUC, Accuracy, BinaryAccuracy, CategoricalAccuracy, FalseNegatives, FalsePositives, Metric, MetricState, Precision,
    PrecisionAtRecall, Recall, RecallAtPrecision, SensitivityAtSpecificity, SparseCategoricalAccuracy,
    SpecificityAtSensitivity, TrueNegatives, TruePositives, Width,
};
use crate::registry::{Entry, entries, find};
use crate::spec::snake_case;
use crate::{Result, Scalar};
use serde_json::{Value, json};
use std::sync::Arc;

/// Every metric of the crate.
fn all<T: Scalar>() -> Vec<Entry<dyn Metric<T>>> {
    entries![
        Accuracy,
        AUC,
        BinaryAccuracy,
        CategoricalAccuracy,
        FalseNegatives,
        FalsePositives,
        Precision,
        PrecisionAtRecall,
        Recall,
        RecallAtPrecision,
        SensitivityAtSpecificity,
        SparseCategoricalAccuracy,
        SpecificityAtSensitivity,
        TrueNegatives,
        TruePositives,
    ]
}

/// Other names that Keras accepts.
const ALIASES: &[(&str, &str)] = &[("acc", "accuracy")];

/// The metric of Keras's class name, its snake-case form or an alias, with arguments under Keras's names; `null` takes the defaults.
///
/// # Errors
///
/// [`Error::Unknown`](crate::Error::Unknown) lists the names that exist;
/// [`Error::Configuration`](crate::Error::Configuration) says what is wrong with the arguments.
pub fn get<T: Scalar>(name: &str, config: Value) -> Result<Arc<dyn Metric<T>>> {
    let entries = all();
    let class = entries.iter().map(|entry| entry.name.clone()).find(|class| snake_case(class) == name);
    find("metric", &entries, ALIASES, class.as_deref().unwrap_or(name), config)
}

/// A name stands for what it names, anything else for itself; either way the arguments are checked.
pub(crate) fn resolve<T: Scalar>(metric: &Arc<dyn Metric<T>>) -> Result<Arc<dyn Metric<T>>> {
    let resolved = metric.named()?.unwrap_or_else(|| metric.clone());
    resolved.check()?;
    Ok(resolved)
}

/// A name, looked up when the model is first used: `metrics!["accuracy"]`. The key in the history is exactly the
/// name that was written.
impl<T: Scalar> Metric<T> for &'static str {
    fn start(&self, width: Width) -> Result<Box<dyn MetricState<T>>> {
        get(self, Value::Null)?.start(width)
    }

    fn named(&self) -> Result<Option<Arc<dyn Metric<T>>>> {
        get(self, json!({ "name": self })).map(Some)
    }
}
