//! Arguments that Keras writes in a configuration and that have no meaning here: the one list of them.

use super::error::unreadable;
use super::provenance::Provenance;
use crate::{Error, Result};
use serde_json::Value;

/// An argument that is ignored.
struct Ignored {
    argument: &'static str,
    /// The values that have no meaning; none given means any. `null` and `false` are always ignored.
    values: &'static [&'static str],
}

const fn any(argument: &'static str) -> Ignored {
    Ignored { argument, values: &[] }
}

const fn only(argument: &'static str, values: &'static [&'static str]) -> Ignored {
    Ignored { argument, values }
}

/// The list, for items that have no argument of that name.
const IGNORED: &[Ignored] = &[
    any("autocast"),
    only("axis", &["-1", "1", "[-1]", "[1]"]),
    any("batch_input_shape"),
    only("curve", &["\"ROC\""]),
    any("data_format"),
    // The model's type takes its place; see `dtype`.
    any("dtype"),
    only("encoding", &["\"utf-8\""]),
    any("input_length"),
    any("is_legacy_optimizer"),
    any("jit_compile"),
    // Of an adapter that `lora_rank` would have to turn on.
    any("lora_alpha"),
    any("name"),
    only("reduction", &["\"sum_over_batch_size\""]),
    // Of a renormalization that `renorm` would have to turn on.
    any("renorm_clipping"),
    any("renorm_momentum"),
    only("trainable", &["true"]),
    only("vocabulary_dtype", &["\"int64\""]),
    any("vocabulary_size"),
];

/// The types of numbers a layer may be asked to compute with: the model's type takes their place.
const NUMBERS: &[&str] =
    &["float32", "float64", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"];

/// Makes an item from a configuration that Keras has written, and removes from the configuration what the item does not know
/// and what has no meaning; another unknown argument is an error.
pub(super) fn remove<I>(
    class: &str,
    config: &mut Value,
    from: Provenance<'_>,
    make: impl Fn(Value) -> Result<I>,
) -> Result<I> {
    dtype(class, config.get("dtype").unwrap_or(&Value::Null))?;
    loop {
        let made = make(config.clone());
        let Err(Error::UnknownArgument { name, .. }) = &made else { return made };
        let Some((name, value)) = config.as_object_mut().and_then(|given| given.remove_entry(name)) else {
            return made;
        };
        if !is_ignored(&name, &value) {
            let reason = format!("\"{name}\": {value}{} has no counterpart here", from.written_by());
            return Err(unreadable(class, reason));
        }
    }
}

fn is_ignored(name: &str, value: &Value) -> bool {
    let listed = || IGNORED.iter().find(|ignored| ignored.argument == name);
    let has_no_meaning =
        |ignored: &Ignored| ignored.values.is_empty() || ignored.values.contains(&value.to_string().as_str());
    value.is_null() || *value == false || listed().is_some_and(has_no_meaning)
}

/// Returns an error for a policy that computes in other numbers than the variables are stored in, such as `mixed_float16`.
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
    use crate::items::ItemConfig;
    use crate::items::registry::UserDefined;
    use crate::saving::keras::family::KerasFamily;
    use serde_json::json;

    fn read(family: KerasFamily, class: &str, config: Value) -> Result<ItemConfig> {
        let custom = UserDefined::default();
        let from = Provenance::new(Some("3.15.1"), &custom);
        family.read::<f32>(json!({ "class_name": class, "config": config }), from)
    }

    #[test]
    fn ignored_arguments_are_removed() -> Result<()> {
        let keras = json!({ "learning_rate": 0.5, "name": "adam", "loss_scale_factor": null, "later": false, "dtype": "float32" });
        let ItemConfig { config, .. } = read(KerasFamily::Optimizer, "Adam", keras)?;
        assert_eq!(config, json!({ "learning_rate": 0.5, "name": "adam" }));
        let keras = json!({ "from_logits": true, "axis": -1, "fn": null, "reduction": "sum", "name": "x" });
        let ItemConfig { config, .. } = read(KerasFamily::Loss, "BinaryCrossentropy", keras)?;
        assert_eq!(config["reduction"], "sum");
        assert!(config.get("axis").is_none() && config.get("fn").is_none());
        let schedule = json!({ "initial_learning_rate": 0.1, "decay_steps": 4, "decay_rate": 0.5, "name": "Decay" });
        let schedule = json!({ "class_name": "ExponentialDecay", "config": schedule });
        let ItemConfig { config, .. } = read(KerasFamily::Optimizer, "SGD", json!({ "learning_rate": schedule }))?;
        assert!(config["learning_rate"]["config"].get("name").is_none());
        let ItemConfig { config, .. } = read(KerasFamily::Layer, "Dense", json!({ "units": 2, "later": null }))?;
        assert!(config.get("later").is_none());
        Ok(())
    }

    #[test]
    fn another_key_is_an_error_with_key_class_and_version() {
        let cases = [
            (KerasFamily::Optimizer, "Adam", json!({ "learning_rat": 0.5 }), "\"learning_rat\": 0.5"),
            (KerasFamily::Metric, "AUC", json!({ "curves": "PR" }), "\"curves\": \"PR\""),
            (KerasFamily::Regularizer, "L2", json!({ "l3": 1.0 }), "\"l3\": 1.0"),
            (KerasFamily::Layer, "Dense", json!({ "units": 2, "unit": 3 }), "\"unit\": 3"),
            (KerasFamily::Loss, "BinaryCrossentropy", json!({ "axis": 0 }), "\"axis\": 0"),
        ];
        for (family, class, config, key) in cases {
            let error = read(family, class, config).unwrap_err().to_string();
            assert!(error.contains(&format!("{key} in a file of Keras 3.15.1 has no counterpart here")), "{error}");
            assert!(error.contains(class), "{error}");
        }
        // A key that is misspelled within an item of a layer.
        let initializer = json!({ "class_name": "RandomNormal", "config": { "stdev": 0.1 } });
        let error =
            read(KerasFamily::Layer, "Dense", json!({ "units": 2, "kernel_initializer": initializer })).unwrap_err();
        assert!(error.to_string().contains("RandomNormal") && error.to_string().contains("\"stdev\""), "{error}");
    }
}
