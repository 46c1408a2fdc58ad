//! Reads optimizer, loss and metrics from Keras's training configuration.

use super::era::Era;
use super::error::unreadable;
use super::family::KerasFamily;
use super::items;
use super::keras2;
use super::provenance::Provenance;
use crate::items::Item;
use crate::losses::{self, Loss};
use crate::metrics::{self, Metric};
use crate::optimizers::Optimizer;
use crate::saving::native::Compiled;
use crate::{Result, Scalar};
use serde_json::{Value, json};
use std::sync::Arc;

/// Reads a `compile_config`, or the `training_config` of Keras 2; `None` for a model that was not compiled.
pub(super) fn read<T: Scalar>(config: &Value, era: Era, from: Provenance<'_>) -> Result<Option<Compiled<T>>> {
    let optimizer = optimizer_of(config);
    let loss = single(config.get("loss").unwrap_or(&Value::Null));
    if optimizer.is_null() || loss.is_null() {
        return Ok(None);
    }
    if config.get("loss_weights").is_some_and(|weights| !means_one(weights)) {
        return Err(unreadable(
            "compile",
            "\"loss_weights\" has no counterpart here, where there is one output".into(),
        ));
    }
    let list = |name: &str| -> Result<Vec<Item<dyn Metric<T>>>> {
        let mut list = Vec::new();
        gather(config.get(name).unwrap_or(&Value::Null), &mut list);
        list.into_iter().filter(|value| !value.is_null()).map(|value| Ok(metric(value, from)?.into())).collect()
    };
    Ok(Some(Compiled {
        optimizer: read_optimizer(optimizer, era, from)?.into(),
        loss: read_loss(loss, from)?.into(),
        metrics: list("metrics")?,
        weighted_metrics: list("weighted_metrics")?,
    }))
}

/// The optimizer's name or object; `null` for a model that was not compiled.
pub(super) fn optimizer_of(config: &Value) -> &Value {
    config.get("optimizer").or(config.get("optimizer_config")).unwrap_or(&Value::Null)
}

/// The optimizer of a name or an object.
pub(super) fn read_optimizer<T: Scalar>(
    value: &Value,
    era: Era,
    from: Provenance<'_>,
) -> Result<Arc<dyn Optimizer<T>>> {
    let is_custom = from.is_custom_object(value, |class| KerasFamily::Optimizer.has::<T>(class));
    let value = if is_custom { value.clone() } else { keras2::optimizer::<T>(value, era)? };
    KerasFamily::Optimizer.read::<T>(value, from)?.get()
}

/// Whether weights of the losses have no effect: there are none, or all are 1.
fn means_one(weights: &Value) -> bool {
    match weights {
        Value::Null => true,
        Value::Array(list) => list.iter().all(means_one),
        Value::Object(object) => object.values().all(means_one),
        other => other.as_f64() == Some(1.0),
    }
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

fn read_loss<T: Scalar>(value: &Value, from: Provenance<'_>) -> Result<Arc<dyn Loss<T>>> {
    if let Some(name) = value.as_str().filter(|name| losses::is_by_shape(name)) {
        return losses::get(name, Value::Null);
    }
    KerasFamily::Loss.read::<T>(keras2::loss(value.clone()), from)?.get()
}

fn metric<T: Scalar>(value: &Value, from: Provenance<'_>) -> Result<Arc<dyn Metric<T>>> {
    if let Some(name) = value.as_str() {
        // The history calls it as it was called here; "Accuracy" is the automatic one in any case of letters.
        let plain = metrics::plain(name);
        return metrics::get(plain, json!({ "name": name }));
    }
    if value.get("class_name").is_some_and(|class| class == items::MEAN_OF_A_FUNCTION) {
        return wrapper(value, from);
    }
    KerasFamily::Metric.read::<T>(value.clone(), from)?.get()
}

/// Keras 2's form of a metric that is the mean of a function.
///
/// TensorFlow 2.0 and 2.1 left the function out: its name is then all there is.
fn wrapper<T: Scalar>(value: &Value, from: Provenance<'_>) -> Result<Arc<dyn Metric<T>>> {
    let mut config = value.get("config").and_then(Value::as_object).cloned().unwrap_or_default();
    let function = config.remove("fn").unwrap_or_default();
    let name = config.get("name").and_then(Value::as_str);
    let function = function.as_str().or_else(|| function.get("config").and_then(Value::as_str)).or(name);
    let function = function.ok_or_else(|| unreadable(items::MEAN_OF_A_FUNCTION, "it has no function".into()))?;
    let function = metrics::plain(function).to_string();
    config.entry("name").or_insert_with(|| function.as_str().into());
    KerasFamily::Metric.read::<T>(json!({ "class_name": function, "config": config }), from)?.get()
}
