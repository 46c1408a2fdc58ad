//! Layers with an output of three dimensions in Keras and of two here.
//!
//! An `Embedding` returns samples × columns × vector in Keras; here the vectors of a sample are side by side, as a `Flatten`
//! after it makes them. The same holds for a preprocessing layer that makes indicators of more than one column.

use super::items::{self, Rank};
use serde_json::Value;

/// Whether a layer's output has three dimensions in Keras, when `columns` come in.
pub(super) fn is_deep(class: &str, config: &Value, columns: usize) -> bool {
    match items::layer(class).rank {
        Rank::Vectors => true,
        Rank::Wrapped => {
            let inner = config.get("layer").unwrap_or(&Value::Null);
            let class = inner.get("class_name").and_then(Value::as_str).unwrap_or_default();
            is_deep(class, inner.get("config").unwrap_or(&Value::Null), columns)
        }
        Rank::Indicators => columns > 1 && config.get("output_mode").is_some_and(|mode| mode == "one_hot"),
        Rank::Two | Rank::Elementwise | Rank::Flattens => false,
    }
}

/// The position of the first layer of Keras that would take three dimensions for something else than here, and of the
/// layer they come from.
pub(super) fn mismatch<'a>(layers: impl Iterator<Item = (&'a str, &'a Value, usize)>) -> Option<(usize, usize)> {
    let mut deep: Option<usize> = None;
    let mut end = 0;
    for (place, (class, config, columns)) in layers.enumerate() {
        end = place;
        match (deep, items::layer(class).rank) {
            (Some(_), Rank::Flattens) => deep = None,
            (Some(from), rank) => {
                let decides_by_shape = config.get("noise_shape").is_some_and(|shape| !shape.is_null());
                if rank != Rank::Elementwise || decides_by_shape {
                    return Some((place, from));
                }
            }
            (None, _) if is_deep(class, config, columns) => deep = Some(place),
            (None, _) => {}
        }
    }
    deep.map(|from| (end, from))
}
