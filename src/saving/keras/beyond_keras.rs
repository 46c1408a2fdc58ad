//! Arguments of optimizers that Keras 3 does not have.

use serde_json::{Value, json};

/// Each with the value that makes Keras's rule.
fn beyond_keras() -> [(&'static str, Value); 4] {
    [
        ("epsilon_in_root", json!(true)),
        ("exclude_from_weight_decay", json!([])),
        ("product_per_variable", json!(false)),
        ("schedule_decay", json!(1.0)),
    ]
}

/// Takes those that make Keras's rule out of the configuration of an optimizer; returns the others, for which a Keras file
/// has no place.
pub(super) fn take(config: &mut Value) -> Vec<&'static str> {
    let Some(arguments) = config.as_object_mut() else { return Vec::new() };
    let all = beyond_keras();
    arguments.retain(|name, value| !all.iter().any(|(known, of_keras)| known == name && of_keras == value));
    all.into_iter().map(|(name, _)| name).filter(|name| arguments.contains_key(*name)).collect()
}
