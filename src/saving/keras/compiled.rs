//! Optimizer, loss and metrics from what Keras says of its training.

use super::family::{Family, unreadable};
use crate::losses::{self, Loss};
use crate::metrics::{self, Metric};
use crate::models::files::Compiled;
use crate::optimizers;
use crate::registry::OwnItems;
use crate::{Result, Scalar};
use serde_json::{Value, json};
use std::sync::Arc;

/// From a `compile_config`, or the `training_config` of Keras 2; nothing for a model that was not compiled.
pub(super) fn read<T: Scalar>(config: &Value, own: &OwnItems) -> Result<Option<Compiled<T>>> {
    let optimizer = config.get("optimizer").or(config.get("optimizer_config")).unwrap_or(&Value::Null);
    let loss = single(config.get("loss").unwrap_or(&Value::Null));
    if optimizer.is_null() || loss.is_null() {
        return Ok(None);
    }
    if config.get("loss_weights").is_some_and(|weights| !weights.is_null()) {
        return Err(unreadable(
            "compile",
            "\"loss_weights\" has no counterpart here, where there is one output".into(),
        ));
    }
    let (class, arguments) = Family::Optimizer.read::<T>(optimizer.clone(), own)?;
    let list = |name: &str| -> Result<Vec<Arc<dyn Metric<T>>>> {
        let mut list = Vec::new();
        gather(config.get(name).unwrap_or(&Value::Null), &mut list);
        list.into_iter().filter(|value| !value.is_null()).map(|value| metric(value, own)).collect()
    };
    Ok(Some(Compiled {
        optimizer: optimizers::get(&class, arguments)?,
        loss: read_loss(loss, own)?,
        metrics: list("metrics")?,
        weighted_metrics: list("weighted_metrics")?,
    }))
}

/// The only item of a list or of an object by output names, else the value itself.
fn single(value: &Value) -> &Value {
    match value {
        Value::Array(items) if items.len() == 1 => items.first().unwrap_or(value),
        Value::Object(object) if object.len() == 1 => object.values().next().unwrap_or(value),
        _ => value,
    }
}

/// The metrics of lists within lists, and of an object by output names.
fn gather<'a>(value: &'a Value, list: &mut Vec<&'a Value>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| gather(item, list)),
        Value::Object(object) if !object.contains_key("class_name") => {
            object.values().for_each(|item| gather(item, list));
        }
        other => list.push(other),
    }
}

fn read_loss<T: Scalar>(value: &Value, own: &OwnItems) -> Result<Arc<dyn Loss<T>>> {
    if let Some(name) = value.as_str().filter(|name| losses::BY_SHAPE.contains(name)) {
        return losses::get_from_file(name, Value::Null);
    }
    let (class, config) = Family::Loss.read::<T>(value.clone(), own)?;
    losses::get(&class, config)
}

fn metric<T: Scalar>(value: &Value, own: &OwnItems) -> Result<Arc<dyn Metric<T>>> {
    if let Some(name) = value.as_str() {
        // The history calls it as it was called here; "Accuracy" is the automatic one in any case of letters.
        let plain = metrics::plain(name);
        return metrics::get(plain, json!({ "name": name }));
    }
    if value.get("class_name").is_some_and(|class| class == "MeanMetricWrapper") {
        return wrapper(value);
    }
    let (class, config) = Family::Metric.read::<T>(value.clone(), own)?;
    metrics::get(&class, config)
}

/// Keras 2's form of a metric that is the mean of a function.
fn wrapper<T: Scalar>(value: &Value) -> Result<Arc<dyn Metric<T>>> {
    let config = value.get("config").unwrap_or(&Value::Null);
    let function = config.get("fn").unwrap_or(&Value::Null);
    let function = function.as_str().or_else(|| function.get("config").and_then(Value::as_str));
    let function = function.ok_or_else(|| unreadable("MeanMetricWrapper", "it has no function".into()))?;
    let name = config.get("name").and_then(Value::as_str).unwrap_or(function);
    metrics::get(function, json!({ "name": name }))
}
