//! What Keras writes in a configuration and what has no meaning here.

use super::family::{Family, unreadable};
use crate::{Error, Result};
use serde_json::Value;

/// Arguments of Keras that this crate has no room for, with the values that may stand; none given means any.
///
/// `null` and `false` stand for "not used" everywhere.
const WITHOUT_MEANING: &[(&str, &[&str])] = &[
    ("name", &[]),
    ("dtype", &[]),
    ("trainable", &["true"]),
    ("axis", &["-1", "1", "[-1]", "[1]"]),
    ("reduction", &["\"sum_over_batch_size\""]),
    ("curve", &["\"ROC\""]),
    ("from_sorted_ids", &["false"]),
];

/// The types of numbers a layer may be asked to compute with: the model's own takes their place.
const NUMBERS: &[&str] =
    &["float32", "float64", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"];

/// Makes an item from a configuration that Keras has written, and takes out of the configuration what has no meaning here.
///
/// An argument that the item does not have is an error unless it is unused or stands in the list; layers have a list of
/// their own.
pub(super) fn make<I>(family: Family, class: &str, config: &mut Value, make: impl Fn(Value) -> Result<I>) -> Result<I> {
    loop {
        let made = make(config.clone());
        let Err(Error::UnknownArgument { name, .. }) = &made else { return made };
        let Some((name, value)) = config.as_object_mut().and_then(|given| given.remove_entry(name)) else {
            return made;
        };
        if value.is_null() || value == false {
            continue;
        }
        let text = value.to_string();
        match WITHOUT_MEANING.iter().find(|(argument, _)| family != Family::Layer && *argument == name) {
            Some((_, values)) if values.is_empty() || values.contains(&text.as_str()) => {}
            Some(_) => return Err(unreadable(class, format!("\"{name}\": {text} has no counterpart here"))),
            None => return made,
        }
    }
}

/// Refuses a policy that computes in other numbers than the variables are stored in, such as `mixed_float16`.
pub(super) fn dtype(class: &str, value: &Value) -> Result<()> {
    let name = match value {
        Value::Null => return Ok(()),
        Value::String(name) => Some(name.as_str()),
        policy => policy.get("config").and_then(|config| config.get("name")).and_then(Value::as_str),
    };
    match name.filter(|name| NUMBERS.contains(name)) {
        Some(_) => Ok(()),
        None => Err(unreadable(
            class,
            format!("\"dtype\": {value} has no counterpart here; expected one kind of numbers, float32 or float64"),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registry::OwnItems;
    use serde_json::json;

    fn read(family: Family, class: &str, config: Value) -> Result<(String, Value)> {
        family.read::<f32>(json!({ "class_name": class, "config": config }), &OwnItems::default())
    }

    #[test]
    fn what_means_nothing_is_taken_out() -> Result<()> {
        let keras = json!({ "learning_rate": 0.5, "name": "adam", "loss_scale_factor": null, "later": false, "dtype": "float32" });
        let (_, config) = read(Family::Optimizer, "Adam", keras)?;
        assert_eq!(config, json!({ "learning_rate": 0.5, "name": "adam" }));
        let keras = json!({ "from_logits": true, "axis": -1, "fn": null, "reduction": "sum", "name": "x" });
        let (_, config) = read(Family::Loss, "BinaryCrossentropy", keras)?;
        assert_eq!(config["reduction"], "sum");
        assert!(config.get("axis").is_none() && config.get("fn").is_none());
        let schedule = json!({ "initial_learning_rate": 0.1, "decay_steps": 4, "decay_rate": 0.5, "name": "Decay" });
        let schedule = json!({ "class_name": "ExponentialDecay", "config": schedule });
        let (_, config) = read(Family::Optimizer, "SGD", json!({ "learning_rate": schedule }))?;
        assert!(config["learning_rate"]["config"].get("name").is_none());
        let (_, config) = read(Family::Layer, "Dense", json!({ "units": 2, "later": null }))?;
        assert!(config.get("later").is_none());
        Ok(())
    }

    #[test]
    fn another_key_is_an_error_with_key_and_class() {
        let cases = [
            (
                Family::Optimizer,
                "Adam",
                json!({ "learning_rat": 0.5 }),
                "Adam has no argument \"learning_rat\"; did you mean",
            ),
            (
                Family::Metric,
                "AUC",
                json!({ "curves": "PR" }),
                "AUC has no argument \"curves\"; did you mean \"curve\"?",
            ),
            (Family::Regularizer, "L2", json!({ "l3": 1.0 }), "L2 has no argument \"l3\""),
            (
                Family::Layer,
                "Dense",
                json!({ "units": 2, "unit": 3 }),
                "Dense has no argument \"unit\"; did you mean \"units\"?",
            ),
            (
                Family::Loss,
                "BinaryCrossentropy",
                json!({ "axis": 0 }),
                "BinaryCrossentropy cannot be read: \"axis\": 0 has no",
            ),
        ];
        for (family, class, config, part) in cases {
            let error = read(family, class, config).unwrap_err().to_string();
            assert!(error.contains(part), "{error} should say {part}");
        }
        // A key that is misspelled within an item of a layer.
        let initializer = json!({ "class_name": "RandomNormal", "config": { "stdev": 0.1 } });
        let error = read(Family::Layer, "Dense", json!({ "units": 2, "kernel_initializer": initializer })).unwrap_err();
        assert!(
            matches!(&error, Error::UnknownArgument { item, name, .. } if item == "RandomNormal" && name == "stdev")
        );
    }
}
