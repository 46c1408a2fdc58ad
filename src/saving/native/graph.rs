//! The layers of a network as nodes of a graph.
//!
//! The file holds any graph: networks with several inputs and outputs, and layers that take several values. This release
//! has only chains, in which each layer takes what the one before it returns; another graph is refused, not misread.

use super::architecture;
use crate::engine::Architecture;
use crate::items::ItemConfig;
use crate::{Result, Scalar};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::HashSet;

/// The name of the input of a chain, unless a layer has it.
const INPUT: &str = "input";

/// The nodes, each after those that it takes its values from.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GraphConfig {
    /// The names of what comes into the network; no node has one of them.
    inputs: Vec<String>,
    nodes: Vec<NodeConfig>,
    /// The names of the values that the network returns.
    outputs: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    seed: Option<u64>,
}

/// A layer, and the names of the values that it takes.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct NodeConfig {
    name: String,
    class_name: String,
    config: Value,
    /// The name under which a user-defined layer is registered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    registered_name: Option<String>,
    inputs: Vec<String>,
}

impl GraphConfig {
    pub(super) fn from_architecture<T: Scalar>(architecture: &Architecture<T>) -> Result<Self> {
        // What cannot be described is reported before a name that is missing.
        let items = architecture::items(architecture)?;
        let names = architecture.layer_names()?;
        let mut before = INPUT.to_string();
        while names.contains(&before) {
            before.push('_');
        }
        let inputs = vec![before.clone()];
        let node = |(ItemConfig { class_name, config, registered_name }, name): (ItemConfig, String)| {
            let inputs = vec![std::mem::replace(&mut before, name.clone())];
            NodeConfig { name, class_name, config, registered_name, inputs }
        };
        let nodes = items.into_iter().zip(names).map(node).collect();
        Ok(GraphConfig { inputs, nodes, outputs: vec![before], seed: architecture.seed })
    }

    /// The names of the layers.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.nodes.iter().map(|node| node.name.as_str())
    }

    /// Whether it is a chain; the error is what it is otherwise.
    pub(super) fn check_chain(&self) -> std::result::Result<(), String> {
        let [input] = &self.inputs[..] else {
            return Err(only("one input", format!("it has {} inputs", self.inputs.len())));
        };
        let mut before = input;
        let mut names = HashSet::from([input]);
        for NodeConfig { name, inputs, .. } in &self.nodes {
            if !names.insert(name) {
                return Err(format!("two of its values are called {name}"));
            }
            if *inputs != [before.as_str()] {
                let takes = format!("its layer {name} takes {}", list(inputs));
                return Err(only("layers of which each takes what the one before it returns", takes));
            }
            before = name;
        }
        match self.outputs == [before.as_str()] {
            true => Ok(()),
            false => Err(only("one output, that of the last layer", format!("it returns {}", list(&self.outputs)))),
        }
    }

    /// The layers of a chain; called in the scope of the user-defined items.
    pub(super) fn read<T: Scalar>(self) -> Result<Architecture<T>> {
        let layers = self.nodes.into_iter().enumerate().map(|(position, node)| {
            let NodeConfig { class_name, config, registered_name, .. } = node;
            architecture::read(ItemConfig { class_name, config, registered_name }, position)
        });
        Ok(Architecture { layers: layers.collect::<Result<_>>()?, seed: self.seed })
    }
}

fn list(names: &[String]) -> String {
    if names.is_empty() { "nothing".into() } else { names.join(", ") }
}

fn only(expected: &str, found: String) -> String {
    format!("{found}; expected {expected}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prelude::*;
    use serde_json::json;

    fn written() -> Value {
        let layers = Sequential::new().add(Dense::new(2, Relu).name("input")).add(Dense::new(1, Linear)).seed(3);
        serde_json::to_value(GraphConfig::from_architecture(layers.as_architecture()).unwrap()).unwrap()
    }

    #[test]
    fn a_sequential_is_a_chain_whose_input_has_a_name_of_its_own() {
        let mut written = written();
        let nodes = written["nodes"].as_array_mut().unwrap();
        nodes.iter_mut().for_each(|node| node["config"] = json!({}));
        let node = |name, takes| json!({ "name": name, "class_name": "Dense", "config": {}, "inputs": [takes] });
        let nodes = [node("input", "input_"), node("dense", "input")];
        assert_eq!(written, json!({ "inputs": ["input_"], "nodes": nodes, "outputs": ["dense"], "seed": 3 }));
        let empty =
            serde_json::to_value(GraphConfig::from_architecture(Sequential::new().as_architecture()).unwrap()).unwrap();
        assert_eq!(empty, json!({ "inputs": ["input"], "nodes": [], "outputs": ["input"] }));
        for graph in [written, empty] {
            serde_json::from_value::<GraphConfig>(graph).unwrap().check_chain().unwrap();
        }
    }

    #[test]
    fn graphs_that_are_no_chain_are_rejected_by_name() {
        let cases: [(&str, Value, &str); 10] = [
            ("/inputs", json!(["a", "b"]), "it has 2 inputs; expected one input"),
            ("/inputs", json!([]), "it has 0 inputs"),
            ("/inputs", json!(["dense"]), "its layer input takes input_"),
            ("/outputs", json!(["dense", "input"]), "it returns dense, input; expected one output"),
            ("/outputs", json!(["input"]), "it returns input"),
            ("/outputs", json!([]), "it returns nothing"),
            ("/nodes/1/inputs", json!(["input", "input_"]), "its layer dense takes input, input_"),
            ("/nodes/1/inputs", json!(["input_"]), "its layer dense takes input_"),
            ("/nodes/1/inputs", json!([]), "its layer dense takes nothing"),
            ("/nodes/1/name", json!("input"), "two of its values are called input"),
        ];
        for (place, value, reason) in cases {
            let mut graph = written();
            *graph.pointer_mut(place).unwrap() = value;
            let error = serde_json::from_value::<GraphConfig>(graph).unwrap().check_chain().unwrap_err();
            assert!(error.starts_with(reason), "{error}");
        }
    }
}
