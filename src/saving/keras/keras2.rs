//! Names and rules that differ in Keras 2; the classes concerned are in the tables of [`items`].
//!
//! A description of Keras 2 becomes one of Keras 3 here, and where the rule of an optimizer was another one, the argument
//! of this crate that corresponds to it.

use super::era::Era;
use super::error::unreadable;
use super::items;
use crate::optimizers::Optimizer;
use crate::{Result, Scalar};
use serde_json::{Map, Value, json};

/// The prefix that TensorFlow's registry gives to the names of Keras's built-in optimizers.
const REGISTERED: &str = "Custom>";

/// Whether the state of a legacy optimizer goes from variable to variable.
pub(super) fn slots_by_variable(class: &str) -> bool {
    items::optimizer(class).slots_by_variable
}

/// The class without the prefix, if it is one of Keras's built-in optimizers.
pub(super) fn plain_class<T: Scalar>(class: &str) -> Option<&str> {
    let plain = class.strip_prefix(REGISTERED)?;
    T::optimizers().iter().any(|entry| entry.name == plain).then_some(plain)
}

/// An optimizer of this crate from one of any era.
pub(super) fn optimizer<T: Scalar>(value: &Value, era: Era) -> Result<Value> {
    let (class, mut config) = match value {
        Value::String(name) => {
            let class = T::optimizers().into_iter().map(|entry| entry.name).find(|class| class.to_lowercase() == *name);
            (class.map_or_else(|| name.clone(), String::from), Map::new())
        }
        Value::Object(object) => {
            let class = object.get("class_name").and_then(Value::as_str).unwrap_or_default();
            match object.get("config") {
                Some(Value::Object(config)) => (plain_class::<T>(class).unwrap_or(class).to_string(), config.clone()),
                _ => return Ok(value.clone()),
            }
        }
        _ => return Ok(value.clone()),
    };
    match era {
        Era::Keras3 => return Ok(value.clone()),
        Era::TfKeras if items::optimizer(&class).product_per_variable => {
            config.insert("product_per_variable".into(), true.into());
        }
        Era::TfKeras => {}
        Era::Legacy | Era::Backends => legacy(&class, &mut config, era)?,
    }
    Ok(json!({ "class_name": class, "config": config }))
}

/// The warning about a state that the same optimizer in Keras 2 would go on from in another way.
///
/// TF-Keras's Nadam multiplies its product once less in some of its first steps; in which of them depends on how often
/// TensorFlow has compiled its step, never after twice as many as there are variables.
pub(super) fn not_continued_exactly<T: Scalar>(
    optimizer: &dyn Optimizer<T>,
    steps: u64,
    variables: usize,
) -> Option<String> {
    let config = optimizer.config().unwrap_or_default();
    let is_affected = config.get("product_per_variable").is_some_and(|argument| *argument == true);
    let few = 2 * variables;
    (is_affected && steps < few as u64).then(|| {
        format!(
            "its optimizer has taken {steps} steps; the first {few} of Nadam depend on more in TF-Keras than its rule"
        )
    })
}

/// The warning about a loss that TF-Keras computes differently after the last layer of a model.
pub(super) fn another_loss(loss: &str, class: &str, config: &Map<String, Value>, era: Era) -> Option<String> {
    let named = || config.get("activation").and_then(Value::as_str);
    let activation = items::layer(class).activation.or_else(named)?;
    let (after, made_for) = items::loss(loss).logits_of_another?;
    if after != activation || !matches!(era, Era::Legacy | Era::TfKeras) {
        return None;
    }
    Some(format!(
        "{loss} after {activation} is computed from the model's outputs here; TF-Keras takes the input of {activation} as the \
         logits of {made_for}, so training continues differently"
    ))
}

/// The arguments of an optimizer up to TensorFlow 2.10.
fn legacy(class: &str, config: &mut Map<String, Value>, era: Era) -> Result<()> {
    if let Some(rate) = config.remove("lr") {
        config.insert("learning_rate".into(), rate);
    }
    // There it is the default, whatever its value.
    if config.get("epsilon").is_some_and(|epsilon| epsilon.is_null() || epsilon.as_f64() == Some(0.0)) {
        config.remove("epsilon");
    }
    let decay = config.remove("decay");
    let item = items::optimizer(class);
    if let Some(default) = item.momentum_decay {
        let decay = decay.or(config.get("schedule_decay").cloned()).unwrap_or(default.into());
        config.insert("schedule_decay".into(), decay);
    } else if let Some(decay) = decay.filter(|decay| !decay.is_null() && decay.as_f64() != Some(0.0)) {
        let rate = config.get("learning_rate").filter(|rate| rate.is_number()).cloned();
        let rate = rate.ok_or_else(|| {
            unreadable(class, format!("\"decay\": {decay} of a schedule of the learning rate has no counterpart here"))
        })?;
        let schedule = json!({ "initial_learning_rate": rate, "decay_steps": 1, "decay_rate": decay });
        let schedule = json!({ "class_name": "InverseTimeDecay", "config": schedule });
        config.insert("learning_rate".into(), schedule);
    }
    let has_momentum = config.get("momentum").and_then(Value::as_f64).is_some_and(|momentum| momentum > 0.0);
    if item.epsilon_outside && !has_momentum {
        config.insert("epsilon_in_root".into(), false.into());
    }
    if era == Era::Backends {
        // The norm there is that of all gradients together.
        if let Some(norm) = config.remove("clipnorm") {
            config.insert("global_clipnorm".into(), norm);
        }
        if item.sums_from_zero {
            config.entry("initial_accumulator_value").or_insert_with(|| 0.0.into());
        }
    }
    Ok(())
}

/// The class of a layer as Keras 3 has it.
pub(super) fn layer_class(class: String, config: &mut Map<String, Value>) -> String {
    let Some(layer) = items::layer_as_activation(&class) else { return class };
    let arguments = config.remove(layer.argument).map(|value| json!({ layer.argument_of_activation: value }));
    config.insert("activation".into(), json!({ "class_name": layer.activation, "config": arguments }));
    items::ACTIVATION.into()
}

/// The arguments of a layer as Keras 3 has them.
pub(super) fn layer_arguments(class: &str, arguments: &mut Map<String, Value>) {
    for (then, now) in items::layer(class).renamed {
        if let Some(value) = arguments.remove(*then) {
            arguments.entry(*now).or_insert(value);
        }
    }
}

/// Makes the functions in the configuration of a layer those of Keras 2; layers may hold layers.
pub(super) fn functions(config: &mut Map<String, Value>) {
    for (argument, value) in config {
        if argument == "activation" {
            // A function may be an object whose configuration is its name.
            let name = value.as_str().or_else(|| value.get("config").and_then(Value::as_str));
            if let Some((name, (argument, then))) =
                name.and_then(|name| Some((name, items::activation(name)?.in_keras_2?)))
            {
                *value = json!({ "class_name": name, "config": { argument: then } });
            }
        } else if let ("layer" | "config", Value::Object(inner)) = (argument.as_str(), value) {
            functions(inner);
        }
    }
}

/// A loss as Keras 3 has it.
pub(super) fn loss(mut value: Value) -> Value {
    let renamed = |name: &str| items::loss_of_keras_2(name).map(Value::from);
    match &mut value {
        Value::String(name) => return renamed(name).unwrap_or(value),
        Value::Object(object) => {
            if let Some(Value::Object(config)) = object.get_mut("config") {
                // Outside of a distribution strategy it means the sum over the batch size.
                config.retain(|name, value| name != "fn" && !(name == "reduction" && *value == "auto"));
            }
            if let Some(now) = object.get("config").and_then(Value::as_str).and_then(renamed) {
                object.insert("config".into(), now);
            }
        }
        _ => {}
    }
    value
}

/// Whether a description of a layer is that of Keras 1, whose arguments have other names.
pub(super) fn is_keras_1(class: &str, config: &Map<String, Value>) -> bool {
    let names = items::layer(class).of_keras_1;
    names.is_some_and(|(then, now)| config.contains_key(then) && !config.contains_key(now))
}

/// The advice for a file of Keras 1.
pub(super) const KERAS_1: &str = "it was written by Keras 1, which describes layers differently; open it with Keras 2, which converts it, and save it again";
