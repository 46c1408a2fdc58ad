//! Items that describe themselves: their arguments as their configuration holds them.

use perceptra::optimizers::schedules;
use perceptra::{activations, constraints, initializers, layers, losses, metrics, optimizers, regularizers};
use serde_json::{Map, Value, json};

/// The arguments that Keras requires, for the items that have some.
fn required(item: &str) -> Value {
    match item {
        "Activation" => json!({ "activation": "relu" }),
        "AlphaDropout" | "Dropout" | "GaussianDropout" => json!({ "rate": 0.5 }),
        "CategoryEncoding" => json!({ "num_tokens": 4 }),
        "Dense" => json!({ "units": 3 }),
        "Embedding" => json!({ "input_dim": 3, "output_dim": 2 }),
        "GaussianNoise" => json!({ "stddev": 0.5 }),
        "Hashing" => json!({ "num_bins": 3 }),
        "Input" | "InputLayer" => json!({ "batch_shape": [null, 3] }),
        "Rescaling" => json!({ "scale": 0.5 }),
        "SpectralNormalization" => json!({ "layer": { "class_name": "Dense", "config": { "units": 2 } } }),
        "PrecisionAtRecall" => json!({ "recall": 0.5 }),
        "RecallAtPrecision" => json!({ "precision": 0.5 }),
        "SensitivityAtSpecificity" => json!({ "specificity": 0.5 }),
        "SpecificityAtSensitivity" => json!({ "sensitivity": 0.5 }),
        "CosineDecay" | "PolynomialDecay" => json!({ "initial_learning_rate": 0.1, "decay_steps": 10 }),
        "CosineDecayRestarts" => json!({ "initial_learning_rate": 0.1, "first_decay_steps": 10 }),
        "ExponentialDecay" | "InverseTimeDecay" => {
            json!({ "initial_learning_rate": 0.1, "decay_steps": 10, "decay_rate": 0.5 })
        }
        "PiecewiseConstantDecay" => json!({ "boundaries": [3], "values": [0.1, 0.01] }),
        _ => Value::Null,
    }
}

/// Class name and configuration of an item of a family that has names.
fn described(family: &str, name: &str, config: Value) -> Option<perceptra::Result<(String, Value)>> {
    macro_rules! describe {
        ($made:expr) => {
            $made.and_then(|item| Ok((item.class_name(), item.config()?)))
        };
    }
    Some(match family {
        "activations" => describe!(activations::get::<f64>(name, config)),
        "losses" => describe!(losses::get::<f64>(name, config)),
        "metrics" => describe!(metrics::get::<f64>(name, config)),
        "optimizers" => describe!(optimizers::get::<f64>(name, config)),
        "schedules" => describe!(schedules::get(name, config)),
        "initializers" => describe!(initializers::get::<f64>(name, config)),
        "regularizers" => describe!(regularizers::get::<f64>(name, config)),
        "constraints" => describe!(constraints::get::<f64>(name, config)),
        "layers" if name == "Input" => describe!(layers::get::<f64>("InputLayer", config)),
        "layers" if name == "StringLookup" => describe!(perceptra::preprocessing::get(name, config)),
        "layers" if name != "Lambda" => describe!(layers::get::<f64>(name, config)),
        _ => return None,
    })
}

/// The arguments of an item with their defaults.
pub(crate) fn arguments(family: &str, item: &str) -> Option<Map<String, Value>> {
    let (_, config) = described(family, item, required(item))?.unwrap_or_else(|error| panic!("{family}: {error}"));
    let mut arguments = config.as_object().cloned().unwrap_or_default();
    if family == "metrics" {
        // Keras's default is the key itself.
        let metric = metrics::get::<f64>(item, required(item)).expect("it was made before");
        arguments.insert("name".into(), json!(metric.key()));
    }
    if family == "layers" {
        // The configuration contains a name only if one was given.
        let mut named = required(item).as_object().cloned().unwrap_or_default();
        named.insert("name".into(), json!("mine"));
        if let Some(Ok((_, config))) = described(family, item, named.into()) {
            assert!(item == "StringLookup" || config["name"] == "mine", "{item} forgets its name");
            arguments.entry("name").or_insert(Value::Null);
        }
    }
    Some(arguments)
}

/// The class with this name.
pub(crate) fn class_name(family: &str, string: &str) -> Result<String, String> {
    match described(family, string, required(string)) {
        Some(made) => made.map(|(class, _)| class).map_err(|error| error.to_string()),
        None => Err(format!("{family} have no names")),
    }
}

/// Whether a default here is that of Keras. An item may be written as a name or as a class with its configuration, and
/// `null` represents the linear activation and for a name that is formed from the class.
pub(crate) fn same(family: &str, argument: &str, found: &Value, keras: &Value) -> bool {
    if found == keras || found.as_f64().is_some() && found.as_f64() == keras.as_f64() {
        return true;
    }
    if (family, argument) == ("metrics", "name") {
        return keras.is_null() && found.is_string();
    }
    if let (Some(class), Some(name)) = (found["class_name"].as_str(), keras.as_str()) {
        return initializers::get::<f64>(name, Value::Null).is_ok_and(|item| item.class_name() == class);
    }
    family == "layers" && keras.is_null() && found["class_name"] == "linear"
}
