//! What Keras 2 called otherwise, or did otherwise: the one place that knows it.
//!
//! A description of Keras 2 becomes one of Keras 3 here, and where the rule of an optimizer was another one, the argument
//! of this crate that stands for it.

use super::era::Era;
use super::family::unreadable;
use crate::optimizers::Optimizer;
use crate::{Result, Scalar};
use serde_json::{Map, Value, json};

/// What TensorFlow's registry puts in front of the names of Keras's own optimizers.
const REGISTERED: &str = "Custom>";

/// What says nothing about the course of training.
const OPTIMIZER_WITHOUT_MEANING: &[&str] = &["is_legacy_optimizer", "jit_compile"];

/// Arguments of layers that say nothing here: class and name.
const LAYER_WITHOUT_MEANING: &[(&str, &str)] = &[("Embedding", "input_length")];

/// Arguments of layers that Keras 3 calls otherwise: class, the name then, the name now.
const LAYER_RENAMED: &[(&str, &str, &str)] = &[("LeakyReLU", "alpha", "negative_slope")];

/// Layers that Keras 3 has as an activation alone: the layer and its argument, the activation and that of it.
const LAYERS_AS_ACTIVATIONS: &[(&str, &str, &str, &str)] = &[("ThresholdedReLU", "theta", "threshold", "threshold")];

/// Activations that are another function in Keras 3: the name, and the arguments that make it Keras 2's.
const ACTIVATIONS: &[(&str, &str, f64)] = &[("hard_sigmoid", "slope", 0.2)];

/// Losses that Keras 3 calls otherwise.
const LOSSES: &[(&str, &str)] =
    &[("huber_loss", "Huber"), ("kullback_leibler_divergence", "KLDivergence"), ("logcosh", "LogCosh")];

/// Losses that take the logits of the last layer for those of another activation in TF-Keras, whichever it has: the loss,
/// the activation it is behind, the one it is made for.
const LOGITS_OF_ANOTHER: &[(&str, &str, &str)] = &[
    ("BinaryCrossentropy", "softmax", "sigmoid"),
    ("BinaryFocalCrossentropy", "softmax", "sigmoid"),
    ("CategoricalCrossentropy", "sigmoid", "softmax"),
    ("CategoricalFocalCrossentropy", "sigmoid", "softmax"),
    ("SparseCategoricalCrossentropy", "sigmoid", "softmax"),
];

/// Optimizers whose legacy rule adds ε to the root of the mean square, rather than under it.
const EPSILON_OUTSIDE: &[&str] = &["Adagrad", "RMSprop"];

/// Optimizers whose `decay` is not that of the learning rate but of the momentum's schedule, and its default.
const SCHEDULE_DECAY: (&str, f64) = ("Nadam", 0.004);

/// Optimizers of TF-Keras that multiply the product of the momentums once for every variable.
const PRODUCT_PER_VARIABLE: &str = "Nadam";

/// Legacy optimizers that keep the slots of a variable side by side; the others keep a slot of all variables.
const SLOTS_BY_VARIABLE: &[&str] = &["Ftrl"];

/// Whether the state of a legacy optimizer goes from variable to variable.
pub(super) fn slots_by_variable(class: &str) -> bool {
    SLOTS_BY_VARIABLE.contains(&class)
}

/// The class without the prefix, if it is one of Keras's own optimizers.
pub(super) fn plain_class<T: Scalar>(class: &str) -> Option<&str> {
    let plain = class.strip_prefix(REGISTERED)?;
    T::optimizers().iter().any(|entry| entry.name == plain).then_some(plain)
}

/// An optimizer of this crate from one of any era.
pub(super) fn optimizer<T: Scalar>(value: &Value, era: Era) -> Result<Value> {
    let (class, mut config) = match value {
        Value::String(name) => {
            let class = T::optimizers().into_iter().map(|entry| entry.name).find(|class| class.to_lowercase() == *name);
            (class.unwrap_or_else(|| name.clone()), Map::new())
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
    config.retain(|name, _| !OPTIMIZER_WITHOUT_MEANING.contains(&name.as_str()));
    match era {
        Era::Keras3 => return Ok(value.clone()),
        Era::TfKeras if class == PRODUCT_PER_VARIABLE => {
            config.insert("product_per_variable".into(), true.into());
        }
        Era::TfKeras => {}
        Era::Legacy | Era::Backends => legacy(&class, &mut config, era)?,
    }
    Ok(json!({ "class_name": class, "config": config }))
}

/// What to say of a state that the same optimizer in Keras 2 would go on from in another way.
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

/// What to say of a loss that is another function in TF-Keras behind the last layer of a model.
pub(super) fn another_loss(loss: &str, class: &str, config: &Map<String, Value>, era: Era) -> Option<String> {
    let activation = match class {
        "Softmax" => "softmax",
        _ => config.get("activation").and_then(Value::as_str).unwrap_or_default(),
    };
    let pair = LOGITS_OF_ANOTHER.iter().find(|(known, behind, _)| *known == loss && *behind == activation);
    let (_, _, made_for) = pair.filter(|_| matches!(era, Era::Legacy | Era::TfKeras))?;
    Some(format!(
        "{loss} behind {activation} is that of the model's outputs here; TF-Keras takes what comes into {activation} for the \
         logits of {made_for}, so training goes on otherwise"
    ))
}

/// The arguments of an optimizer up to TensorFlow 2.10.
fn legacy(class: &str, config: &mut Map<String, Value>, era: Era) -> Result<()> {
    if let Some(rate) = config.remove("lr") {
        config.insert("learning_rate".into(), rate);
    }
    // There it is the default, whatever it says.
    if config.get("epsilon").is_some_and(|epsilon| epsilon.is_null() || epsilon.as_f64() == Some(0.0)) {
        config.remove("epsilon");
    }
    let decay = config.remove("decay");
    if class == SCHEDULE_DECAY.0 {
        let decay = decay.or(config.get("schedule_decay").cloned()).unwrap_or(SCHEDULE_DECAY.1.into());
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
    if EPSILON_OUTSIDE.contains(&class) && !has_momentum {
        config.insert("epsilon_in_root".into(), false.into());
    }
    if era == Era::Backends {
        // The norm there is that of all gradients together.
        if let Some(norm) = config.remove("clipnorm") {
            config.insert("global_clipnorm".into(), norm);
        }
        // The sums of Adagrad began at zero.
        if class == "Adagrad" {
            config.entry("initial_accumulator_value").or_insert_with(|| 0.0.into());
        }
    }
    Ok(())
}

/// The class of a layer as Keras 3 has it.
pub(super) fn layer_class(class: String, config: &mut Map<String, Value>) -> String {
    let Some((_, then, activation, now)) = LAYERS_AS_ACTIVATIONS.iter().find(|(known, ..)| *known == class) else {
        return class;
    };
    let arguments = config.remove(*then).map(|value| json!({ *now: value }));
    config.insert("activation".into(), json!({ "class_name": activation, "config": arguments }));
    "Activation".into()
}

/// The arguments of a layer as Keras 3 has them.
pub(super) fn layer_arguments(class: &str, arguments: &mut Map<String, Value>) {
    arguments.retain(|name, _| !LAYER_WITHOUT_MEANING.contains(&(class, name)));
    for (_, then, now) in LAYER_RENAMED.iter().filter(|(known, ..)| *known == class) {
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
            if let Some((name, argument, then)) = ACTIVATIONS.iter().find(|(known, ..)| name == Some(*known)) {
                *value = json!({ "class_name": name, "config": { *argument: then } });
            }
        } else if let ("layer" | "config", Value::Object(inner)) = (argument.as_str(), value) {
            functions(inner);
        }
    }
}

/// A loss as Keras 3 has it.
pub(super) fn loss(mut value: Value) -> Value {
    let renamed = |name: &str| LOSSES.iter().find(|(then, _)| *then == name).map(|(_, now)| Value::from(*now));
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
    class == "Dense" && config.contains_key("output_dim") && !config.contains_key("units")
}

/// What to do with a file of Keras 1.
pub(super) const KERAS_1: &str = "it was written by Keras 1, whose layers are described otherwise; open it with Keras 2, which converts it, and save it again";
