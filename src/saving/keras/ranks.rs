//! Layers whose output has three dimensions in Keras and two here.
//!
//! An `Embedding` gives samples × columns × vector in Keras; here the vectors of a sample stand side by side, as a `Flatten`
//! after it makes them. The same holds for a preprocessing layer that makes indicators of more than one column.

use serde_json::Value;

/// Layers that treat every number alike, whatever the dimensions.
const ELEMENTWISE: &[&str] = &[
    "ActivityRegularization",
    "AlphaDropout",
    "Dropout",
    "ELU",
    "GaussianDropout",
    "GaussianNoise",
    "Identity",
    "LeakyReLU",
    "ReLU",
];

/// Whether Keras gives a layer's output three dimensions, when `columns` come in.
pub(super) fn is_deep(class: &str, config: &Value, columns: usize) -> bool {
    match class {
        "Embedding" => true,
        "SpectralNormalization" => {
            let inner = config.get("layer").unwrap_or(&Value::Null);
            let class = inner.get("class_name").and_then(Value::as_str).unwrap_or_default();
            is_deep(class, inner.get("config").unwrap_or(&Value::Null), columns)
        }
        "CategoryEncoding" | "Discretization" | "Hashing" | "IntegerLookup" => {
            columns > 1 && config.get("output_mode").is_some_and(|mode| mode == "one_hot")
        }
        _ => false,
    }
}

/// The position of the first layer of Keras that would take three dimensions for something else than here, and of the
/// layer they come from.
pub(super) fn mismatch<'a>(layers: impl Iterator<Item = (&'a str, &'a Value, usize)>) -> Option<(usize, usize)> {
    let mut deep: Option<usize> = None;
    let mut end = 0;
    for (place, (class, config, columns)) in layers.enumerate() {
        end = place;
        match deep {
            Some(from) if class != "Flatten" => {
                let decides_by_shape = config.get("noise_shape").is_some_and(|shape| !shape.is_null());
                if !ELEMENTWISE.contains(&class) || decides_by_shape {
                    return Some((place, from));
                }
            }
            Some(_) => deep = None,
            None if is_deep(class, config, columns) => deep = Some(place),
            None => {}
        }
    }
    deep.map(|from| (end, from))
}
