//! What Keras writes in a configuration and what has no meaning here.

use super::family::unreadable;
use crate::Result;
use serde_json::{Map, Value};

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

/// Refuses what an item was given and does not know, unless it means nothing.
pub(super) fn check(class: &str, given: &Map<String, Value>, known: &Value) -> Result<()> {
    for (name, value) in given {
        if name == "dtype" {
            dtype(class, value)?;
        }
        if known.get(name).is_some() || value.is_null() || value == false {
            continue;
        }
        let text = value.to_string();
        let allowed = WITHOUT_MEANING.iter().find(|(argument, _)| argument == name);
        if !allowed.is_some_and(|(_, values)| values.is_empty() || values.contains(&text.as_str())) {
            return Err(unreadable(class, format!("\"{name}\": {text} has no counterpart here")));
        }
    }
    Ok(())
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
