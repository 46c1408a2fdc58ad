//! Metrics by Keras's names.

use super::{Metric, MetricState, Width};
use crate::registry::{adopted, find};
use crate::spec::snake_case;
use crate::{Result, Scalar};
use serde_json::{Value, json};
use std::sync::Arc;

/// Other names that Keras accepts, and those of the loss functions that are metrics too.
const ALIASES: &[(&str, &str)] = &[
    ("acc", "accuracy"),
    ("ce", "crossentropy"),
    ("bce", "BinaryCrossentropy"),
    ("BCE", "BinaryCrossentropy"),
    ("mse", "MeanSquaredError"),
    ("MSE", "MeanSquaredError"),
    ("mae", "MeanAbsoluteError"),
    ("MAE", "MeanAbsoluteError"),
    ("mape", "MeanAbsolutePercentageError"),
    ("MAPE", "MeanAbsolutePercentageError"),
    ("msle", "MeanSquaredLogarithmicError"),
    ("MSLE", "MeanSquaredLogarithmicError"),
    ("kld", "KLDivergence"),
    ("KLD", "KLDivergence"),
    ("kullback_leibler_divergence", "KLDivergence"),
    ("log_cosh", "LogCoshError"),
    ("logcosh", "LogCoshError"),
    ("fbeta_score", "FBetaScore"),
];

/// The metric of Keras's class name, its snake-case form or an alias, with arguments under Keras's names; `null` takes the defaults.
///
/// # Errors
///
/// [`Error::Unknown`](crate::Error::Unknown) lists the names that exist,
/// [`Error::UnknownArgument`](crate::Error::UnknownArgument) the arguments where the configuration has another key;
/// [`Error::Configuration`](crate::Error::Configuration) says what is wrong with an argument.
pub fn get<T: Scalar>(name: &str, config: Value) -> Result<Arc<dyn Metric<T>>> {
    let entries = T::metrics();
    let class = entries.iter().map(|entry| entry.name.clone()).find(|class| snake_case(class) == name);
    find("metric", &entries, ALIASES, class.as_deref().unwrap_or(name), config)
}

/// A name stands for what it names, anything else for itself; either way the arguments are checked.
pub(crate) fn resolve<T: Scalar>(metric: &Arc<dyn Metric<T>>) -> Result<Arc<dyn Metric<T>>> {
    let resolved = metric.named()?.unwrap_or_else(|| adopted(&T::metrics(), metric, &**metric));
    resolved.check()?;
    Ok(resolved)
}

/// The name of a metric as `compile` takes it: `"accuracy"` and `"crossentropy"`, which choose by the shapes, in any
/// case of letters, so that `"Accuracy"` is not the class of exact equality.
pub(crate) fn plain(name: &str) -> &str {
    for (any_case, chosen) in
        [("accuracy", "accuracy"), ("acc", "accuracy"), ("crossentropy", "crossentropy"), ("ce", "crossentropy")]
    {
        if name.eq_ignore_ascii_case(any_case) {
            return chosen;
        }
    }
    name
}

/// A name, looked up when the model is first used: `metrics!["accuracy"]`. The key in the history is exactly the
/// name that was written.
impl<T: Scalar> Metric<T> for &'static str {
    fn start(&self, width: Width) -> Result<Box<dyn MetricState<T>>> {
        get(plain(self), Value::Null)?.start(width)
    }

    fn named(&self) -> Result<Option<Arc<dyn Metric<T>>>> {
        get(plain(self), json!({ "name": self })).map(Some)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::all;

    #[test]
    fn every_class_is_found_by_its_names_and_keeps_its_configuration() -> Result<()> {
        for entry in all::<f32>() {
            let class = entry.name;
            let snake = snake_case(&class);
            let made = get::<f32>(&class, Value::Null)?;
            assert_eq!(made.class_name(), class);
            let by_snake = get::<f32>(&snake, Value::Null)?;
            assert_eq!(by_snake.class_name() == class, class != "Accuracy", "{snake}");
            let named = get::<f32>(&class, json!({ "name": "mine" }))?;
            assert_eq!(named.key(), "mine");
            let again = get::<f32>(&class, named.config()?)?;
            assert_eq!(again.config()?, named.config()?);
        }
        Ok(())
    }

    #[test]
    fn keys_are_keras_s() -> Result<()> {
        for (name, key) in [
            ("Accuracy", "accuracy"),
            ("AUC", "auc"),
            ("F1Score", "f1_score"),
            ("FBetaScore", "fbeta_score"),
            ("KLDivergence", "kl_divergence"),
            ("LogCoshError", "logcosh"),
            ("R2Score", "r2_score"),
            ("SparseTopKCategoricalAccuracy", "sparse_top_k_categorical_accuracy"),
            ("mse", "mean_squared_error"),
        ] {
            assert_eq!(get::<f32>(name, Value::Null)?.key(), key);
        }
        Ok(())
    }

    #[test]
    fn a_written_name_is_the_key_and_the_automatic_metrics_have_any_case() -> Result<()> {
        for (name, class) in
            [("Accuracy", "accuracy"), ("ACC", "accuracy"), ("ce", "crossentropy"), ("MSE", "MeanSquaredError")]
        {
            let metric = Metric::<f32>::named(&name)?.expect("names stand for metrics");
            assert_eq!((metric.class_name(), metric.key()), (class.to_string(), name.to_string()));
        }
        Ok(())
    }
}
