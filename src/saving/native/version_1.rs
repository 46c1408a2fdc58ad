//! The configuration of version 1, converted to that of version 2.
//!
//! Every release reads version 1; only this file and [`version_1_features`] know its form.
//!
//! | | version 1 | version 2 |
//! |---|---|---|
//! | layers | a list in an object of Keras's class `Sequential` | [nodes](super::graph) with the names of what they take |
//! | `network.inputs` | a number of columns | a list of them, one for each input |
//! | loss and metrics | next to the optimizer | a list of them, one for each output |
//! | a fitted transformer | its state under its class name; later as in version 2 | class, configuration and state |
//! | `TextToNumber` | `"LeadingNumber"`, or an object with `LeadingNumber` or `Pairs` | its configuration |
//! | `MinMaxScaler` | also `scale`, which follows from the others | |
//! | `FeatureSpace` | what each kind of feature knew | a transformer for each feature |
//! | `Hashing` | does not state what its columns were hashed as | an empty list, which means that |
//! | with preprocessing | a probability of 1 and a threshold | a pipeline with a binary target, whose table is not known |

use super::version_1_features;
use crate::items::json::from_str;
use serde_json::{Map, Value, json};

/// The name of the first layer's input; layers are named by their positions if the file does not name them.
const INPUT: &str = "input";

/// The text of version 2; the error is the reason why the text is none of version 1.
pub(super) fn upgrade(text: &str) -> Result<String, String> {
    let mut document: Map<String, Value> =
        from_str(text).map_err(|error| format!("its configuration cannot be read: {error}"))?;
    let names = names(document.get("network"));
    if let Some(architecture) = document.get_mut("architecture") {
        *architecture = graph(architecture.take(), &names)?;
    }
    if let Some(inputs) = document.get_mut("network").and_then(|network| network.get_mut("inputs")) {
        *inputs = json!([inputs.take()]);
    }
    if let Some(compile) = document.get_mut("compile").and_then(Value::as_object_mut) {
        let measures =
            ["loss", "metrics", "weighted_metrics"].into_iter().filter_map(|name| compile.remove_entry(name));
        let measures: Map<String, Value> = measures.collect();
        compile.insert("outputs".into(), json!([measures]));
    }
    if document.contains_key("pipeline") {
        return Err("it has \"pipeline\", which files of version 1 do not have".into());
    }
    if document.contains_key("preprocessing") {
        document.insert("pipeline".into(), pipeline());
    }
    let mut preprocessing = document.get_mut("preprocessing");
    let mut parts = |name: &str, upgrade: fn(&mut Value) -> Result<(), String>| {
        let parts = preprocessing.as_mut().and_then(|columns| columns.get_mut(name)?.as_array_mut());
        parts.into_iter().flatten().try_for_each(upgrade)
    };
    parts("steps", |step| {
        *step = transformer(step.take())?;
        Ok(())
    })?;
    parts("conversions", |conversion| {
        if let Some(to_number) = conversion.get_mut("to_number") {
            *to_number = text_to_number(to_number.take());
        }
        Ok(())
    })?;
    Ok(Value::Object(document).to_string())
}

/// The pipeline of a file with preprocessing: it predicts the probability of the number 1. It does not state the columns of the table of the fit, nor
/// the name of the target.
fn pipeline() -> Value {
    let target = json!({ "target": { "task": "binary", "columns": ["target"] }, "labels": [0.0, 1.0] });
    json!({ "target": target, "seed": 0, "table": [] })
}

/// The names of the layers of a built network.
fn names(network: Option<&Value>) -> Vec<String> {
    let layers = network.and_then(|network| network.get("layers")).and_then(Value::as_array);
    let name = |layer: &Value| Some(layer.get("name")?.as_str()?.to_string());
    layers.into_iter().flatten().filter_map(name).collect()
}

/// The chain of the layers of a `Sequential`.
fn graph(architecture: Value, names: &[String]) -> Result<Value, String> {
    let class_name = architecture.get("class_name").and_then(Value::as_str).unwrap_or("nothing");
    if class_name != "Sequential" {
        return Err(format!("its model is of class {class_name}; only Sequential models are read"));
    }
    let Value::Object(mut architecture) = architecture else { return Err("it has no layers".into()) };
    let mut config = architecture.remove("config").unwrap_or_default();
    let Some(Value::Array(layers)) = config.get_mut("layers").map(Value::take) else {
        return Err("its model has no list of layers".into());
    };
    let mut input = INPUT.to_string();
    while names.contains(&input) {
        input.push('_');
    }
    let mut before = input.clone();
    let mut nodes = Vec::with_capacity(layers.len());
    for (position, mut layer) in layers.into_iter().enumerate() {
        let name = names.get(position).cloned().unwrap_or_else(|| position.to_string());
        let mut part = |key: &str| layer.get_mut(key).map(Value::take).unwrap_or_default();
        let (class_name, config) = (part("class_name"), part("config"));
        nodes.push(json!({ "name": name, "class_name": class_name, "config": config, "inputs": [before] }));
        before = name;
    }
    let mut graph = json!({ "inputs": [input], "nodes": nodes, "outputs": [before] });
    if let (Some(seed), Value::Object(graph)) = (config.get_mut("seed"), &mut graph) {
        graph.insert("seed".into(), seed.take());
    }
    Ok(graph)
}

/// A fitted transformer with its class, its configuration and its state.
fn transformer(step: Value) -> Result<Value, String> {
    let mut fields = match step {
        Value::Object(fields) if fields.len() == 1 => fields.into_iter(),
        mut other => {
            described(&mut other);
            if other.get("class_name").is_some_and(|class| class == "FeatureSpace")
                && let Some(state) = other.get_mut("state")
            {
                *state = version_1_features::upgrade(state.take())?;
            }
            return Ok(other);
        }
    };
    let Some((class_name, mut state)) = fields.next() else { return Ok(Value::Null) };
    // Two states hold the arguments; what those of the others decided is in their states, so nothing asks for them.
    let config = match class_name.as_str() {
        "Hashing" => {
            state.as_object_mut().map(|state| state.entry("hashed_as").or_insert_with(|| json!([])));
            state.get("hashing").cloned()
        }
        "StringLookup" => state.get("lookup").cloned(),
        "MinMaxScaler" => {
            let columns = state.pointer_mut("/scaler/columns").and_then(Value::as_array_mut);
            columns
                .into_iter()
                .flatten()
                .filter_map(Value::as_object_mut)
                .for_each(|column| drop(column.remove("scale")));
            None
        }
        _ => None,
    };
    if class_name == "Features" {
        let state = version_1_features::upgrade(state)?;
        return Ok(json!({ "class_name": "FeatureSpace", "config": config, "state": state }));
    }
    Ok(json!({ "class_name": class_name, "config": config, "state": state }))
}

/// A transformer that has class and configuration already, fitted or not: what turns strings into numbers, also in a chain.
fn described(step: &mut Value) {
    let upgrade = |value: Option<&mut Value>| {
        if let Some(to_number) = value {
            *to_number = text_to_number(to_number.take());
        }
    };
    match step.get("class_name").and_then(Value::as_str) {
        Some("TextToNumber") => {
            upgrade(step.get_mut("config"));
            upgrade(step.pointer_mut("/state/to_number"));
        }
        Some("Chain") => {
            let stages = step.pointer_mut("/config/stages").and_then(Value::as_array_mut);
            stages.into_iter().flatten().for_each(described);
            let states = step.get_mut("state").and_then(Value::as_array_mut);
            states.into_iter().flatten().for_each(|state| upgrade(state.get_mut("to_number")));
        }
        _ => {}
    }
}

/// The arguments of what turns strings into numbers.
fn text_to_number(stored: Value) -> Value {
    match stored {
        Value::String(name) if name == "LeadingNumber" => json!({}),
        Value::Object(mut options) if options.len() == 1 => match options.remove("LeadingNumber") {
            Some(notation) => notation,
            None => json!({ "pairs": options.remove("Pairs") }),
        },
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn upgraded(document: Value) -> Value {
        serde_json::from_str(&upgrade(&document.to_string()).unwrap()).unwrap()
    }

    fn sequential(seed: Value) -> Value {
        let layers = json!([{ "class_name": "Dense", "config": { "units": 2 } }, { "class_name": "Dropout" }]);
        json!({ "class_name": "Sequential", "config": { "layers": layers, "seed": seed } })
    }

    #[test]
    fn layers_become_a_chain_of_named_nodes() {
        let layers = json!([{ "name": "input", "trainable": true }, { "name": "b", "trainable": false }]);
        let network = json!({ "inputs": 3, "seed": 5, "layers": layers });
        let found = upgraded(json!({ "architecture": sequential(json!(7)), "network": network }));
        let nodes = json!([
            { "name": "input", "class_name": "Dense", "config": { "units": 2 }, "inputs": ["input_"] },
            { "name": "b", "class_name": "Dropout", "config": null, "inputs": ["input"] },
        ]);
        let graph = json!({ "inputs": ["input_"], "nodes": nodes, "outputs": ["b"], "seed": 7 });
        assert_eq!(found["architecture"], graph);
        assert_eq!(found["network"], json!({ "inputs": [3], "seed": 5, "layers": layers }));
    }

    #[test]
    fn layers_that_were_never_built_are_called_by_their_positions() {
        let graph = &upgraded(json!({ "architecture": sequential(Value::Null) }))["architecture"];
        assert_eq!([&graph["nodes"][1]["name"], &graph["nodes"][1]["inputs"][0]], ["1", "0"]);
        let functional = json!({ "architecture": { "class_name": "Functional" } }).to_string();
        assert!(upgrade(&functional).unwrap_err().contains("Functional"));
        for text in ["[]", "7", "{\"architecture\":[]}", "{\"architecture\":{\"class_name\":\"Sequential\"}}", "{"] {
            assert!(upgrade(text).is_err(), "{text}");
        }
    }

    #[test]
    fn transformers_get_a_class_a_configuration_and_a_state() {
        let columns = |columns: Value| json!({ "columns": ["a"], "scaler": { "columns": columns } });
        let hashing = json!({ "num_bins": 3, "output_mode": "int" });
        let known = json!({ "class_name": "Passthrough", "config": {}, "state": { "columns": ["a"] } });
        let old = json!([
            { "MinMaxScaler": columns(json!([{ "min": 0.0, "max": 2.0, "scale": 0.5, "clip": true }])) },
            { "StandardScaler": columns(json!([{ "mean": 1.0, "scale": 0.5 }])) },
            { "StringLookup": { "columns": ["a"], "lookup": { "vocabulary": ["x"] } } },
            { "Hashing": { "columns": ["a"], "hashing": hashing } },
            { "Features": { "features": [], "crosses": [] } },
            known,
        ]);
        let step =
            |class: &str, config: Value, state: Value| json!({ "class_name": class, "config": config, "state": state });
        let lookup = json!({ "vocabulary": ["x"] });
        let new = json!([
            step("MinMaxScaler", Value::Null, columns(json!([{ "min": 0.0, "max": 2.0, "clip": true }]))),
            step("StandardScaler", Value::Null, columns(json!([{ "mean": 1.0, "scale": 0.5 }]))),
            step("StringLookup", lookup.clone(), json!({ "columns": ["a"], "lookup": lookup })),
            step("Hashing", hashing.clone(), json!({ "columns": ["a"], "hashing": hashing, "hashed_as": [] })),
            step("FeatureSpace", Value::Null, json!({ "features": [], "crosses": [] })),
            known,
        ]);
        assert_eq!(upgraded(json!({ "preprocessing": { "steps": old } }))["preprocessing"]["steps"], new);
    }

    #[test]
    fn strings_become_numbers_by_a_configuration() {
        let stored =
            [json!("LeadingNumber"), json!({ "LeadingNumber": { "decimal": "," } }), json!({ "Pairs": [["A", 1.0]] })];
        let old = stored.map(|to_number| json!({ "to_number": to_number, "columns": ["a"] }));
        let found = upgraded(json!({ "preprocessing": { "conversions": old } }));
        let new = [json!({}), json!({ "decimal": "," }), json!({ "pairs": [["A", 1.0]] })];
        let new = new.map(|to_number| json!({ "to_number": to_number, "columns": ["a"] }));
        assert_eq!(found["preprocessing"]["conversions"], json!(new));
        let step = |to_number: Value| {
            let state = json!({ "to_number": to_number, "columns": ["a"] });
            json!({ "class_name": "TextToNumber", "config": to_number, "state": state })
        };
        let chain = |to_number: Value| {
            let stages = json!([{ "class_name": "TextToNumber", "config": to_number }]);
            json!({ "class_name": "Chain", "config": { "stages": stages }, "state": [{ "to_number": to_number }] })
        };
        let old = json!("LeadingNumber");
        let found = upgraded(json!({ "preprocessing": { "steps": [step(old.clone()), chain(old)] } }));
        assert_eq!(found["preprocessing"]["steps"], json!([step(json!({})), chain(json!({}))]));
    }

    #[test]
    fn preprocessing_is_that_of_a_pipeline_for_zero_and_one() {
        let found = upgraded(json!({ "preprocessing": { "steps": [] }, "threshold": 0.25 }));
        assert_eq!(found["pipeline"]["target"]["labels"], json!([0.0, 1.0]));
        assert_eq!((&found["pipeline"]["table"], &found["threshold"]), (&json!([]), &json!(0.25)));
        assert!(upgrade("{\"pipeline\":{}}").unwrap_err().contains("version 1"));
    }

    #[test]
    fn loss_and_metrics_are_those_of_one_output() {
        let loss = json!({ "class_name": "Huber" });
        let found = upgraded(json!({ "compile": { "optimizer": 1, "loss": loss, "metrics": [] } }));
        assert_eq!(found, json!({ "compile": { "optimizer": 1, "outputs": [{ "loss": loss, "metrics": [] }] } }));
    }
}
