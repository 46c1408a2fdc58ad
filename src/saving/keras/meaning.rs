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
