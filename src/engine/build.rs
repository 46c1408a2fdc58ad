//! Builds a network's variables from the description of a model.

use super::checks;
use super::network::{Network, Node, Rules};
use super::plan::Plan;
use super::row_plan::RowPlan;
use crate::initializers::Initializer;
use crate::items::snake_case;
use crate::kernels::aligned::Aligned;
use crate::layers::Layer;
use crate::memory::{self, OutOfMemory};
use crate::random::{Purpose, fresh_seed, stream};
use crate::variables::Variable;
use crate::{Error, Random, Result, Scalar};
use rand::SeedableRng;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// The connections of a network. Values are numbered: first the network's inputs, then the layers' outputs in the order of the
/// layers.
pub(crate) struct Topology<'a> {
    /// The number of columns of each input; a sample contains the inputs' columns one after another.
    pub(crate) inputs: &'a [usize],
    /// The values that each layer reads.
    pub(crate) takes: &'a [Vec<usize>],
    /// The values that are the network's outputs, in the order in which they are concatenated; layers may read them too.
    pub(crate) outputs: &'a [usize],
}

/// A network whose variables have offsets but no values yet; no memory is allocated for them.
pub(crate) struct Blueprint<T: Scalar> {
    nodes: Vec<Node<T>>,
    /// The columns of each input.
    inputs: Vec<usize>,
    /// The values that are outputs.
    outputs: Vec<usize>,
    /// The seed of the description, if it has one.
    seed: Option<u64>,
    pub(crate) variables: Vec<Variable>,
    rules: Vec<Rules<T>>,
    pub(crate) state_variables: Vec<Variable>,
    /// The initializer of each variable: weights and state in the order of their layers.
    initial: Vec<Initial<T>>,
}

struct Initial<T: Scalar> {
    initializer: Arc<dyn Initializer<T>>,
    variable: Variable,
    is_weight: bool,
    /// The index of the variable in its layer.
    number: usize,
}

impl<T: Scalar> Blueprint<T> {
    /// Builds a chain: every layer reads the output of the previous one.
    pub(crate) fn of_chain(
        layers: &[Arc<dyn Layer<T>>],
        seed: Option<u64>,
        inputs: usize,
        most: usize,
    ) -> Result<Self> {
        let before: Vec<Vec<usize>> = (0..layers.len()).map(|value| vec![value]).collect();
        let chain = Topology { inputs: &[inputs], takes: &before, outputs: &[layers.len()] };
        Self::of_graph(layers, &chain, seed, most)
    }

    /// Builds every layer for the columns of the values that it reads; an error if all layers together would read more than `most`
    /// columns.
    ///
    /// A built layer may keep a few numbers per column, so without the limit a small file could describe layers that need far more
    /// memory than the file's size.
    pub(crate) fn of_graph(
        layers: &[Arc<dyn Layer<T>>],
        graph: &Topology<'_>,
        seed: Option<u64>,
        most: usize,
    ) -> Result<Self> {
        let first = layers.first().ok_or(Error::NoLayers)?;
        if first.declared_inputs() == Some(0) {
            // Checked first, since the layer's message names the argument.
            first.check()?;
        }
        if graph.inputs.is_empty() || graph.inputs.contains(&0) {
            return Err(Error::Empty { what: "x".into(), advice: "a model needs at least one feature".into() });
        }
        if let Some(expected) = first.declared_inputs().filter(|declared| *declared != graph.inputs[0]) {
            return Err(Error::Features { what: "x", expected, found: graph.inputs[0] });
        }
        let names = names(layers)?;
        let mut blueprint = Blueprint {
            nodes: Vec::with_capacity(names.len()),
            inputs: graph.inputs.to_vec(),
            outputs: graph.outputs.to_vec(),
            seed,
            variables: Vec::new(),
            rules: Vec::new(),
            state_variables: Vec::new(),
            initial: Vec::new(),
        };
        narrow("the model", graph.inputs.iter().fold(0, |sum, columns| sum.saturating_add(*columns)))?;
        let mut columns = graph.inputs.to_vec();
        let mut budget = most;
        for ((layer, name), values) in layers.iter().zip(names).zip(graph.takes) {
            let taken = values.iter().map(|&value| columns.get(value).copied()).collect::<Option<Vec<usize>>>();
            let Some(taken) = taken.filter(|taken| !taken.is_empty()) else {
                let reason = "it has to take what goes into the model, or what comes out of layers before it".into();
                return Err(Error::Layer { layer: name, reason });
            };
            let reason = || format!("with it the layers have more than {most} columns, too many for so short a file");
            let too_many = || Error::Layer { layer: name.clone(), reason: reason() };
            for columns in &taken {
                budget = budget.checked_sub(*columns).ok_or_else(too_many)?;
            }
            columns.push(blueprint.add(layer, name, values, &taken)?);
        }
        blueprint.check_outputs()?;
        mark_later_readers(&mut blueprint.nodes, &blueprint.outputs, columns.len());
        Ok(blueprint)
    }

    /// Builds one layer and assigns offsets to its variables; returns its outputs.
    fn add(
        &mut self,
        description: &Arc<dyn Layer<T>>,
        name: String,
        values: &[usize],
        columns: &[usize],
    ) -> Result<usize> {
        let layer = description;
        let index = self.nodes.len();
        let built = layer.build_from(columns)?;
        let trainable = layer.options().trainable;
        let (first_weight, first_state) = (end(&self.variables), end(&self.state_variables));
        for (number, parameter) in built.parameters().into_iter().enumerate() {
            let is_weight = parameter.is_weight;
            let table = if is_weight { &mut self.variables } else { &mut self.state_variables };
            let (offset, shape) = (end(table), parameter.shape);
            // A larger size could not be addressed, and sums of these sizes would overflow an integer.
            let count = memory::product::<T>(&[shape.rows, shape.columns]);
            count.and_then(|count| memory::product::<T>(&[offset.saturating_add(count)])).map_err(|lack| {
                let item = format!("{name}/{}", parameter.name);
                lack.error(item, format!("its values of shape {shape}"), "give the layers fewer units")
            })?;
            let initializer = parameter.initializer.checked()?;
            initializer.check_shape(shape)?;
            let trainable = is_weight && trainable;
            let variable =
                Variable { path: format!("{name}/{}", parameter.name), shape, offset, layer: index, trainable };
            table.push(variable.clone());
            self.initial.push(Initial { initializer, variable, is_weight, number });
            if is_weight {
                self.rules.push(Rules::for_parameter(&parameter)?);
            }
        }
        let outputs = narrow(&name, built.outputs())?;
        self.nodes.push(Node {
            name,
            class_name: layer.class_name(),
            layer: description.clone(),
            built: Arc::from(built),
            value: self.inputs.len() + index,
            inputs: values.to_vec(),
            adds: vec![false; values.len()],
            outputs,
            weights: first_weight..end(&self.variables),
            state: first_state..end(&self.state_variables),
            trainable,
        });
        Ok(outputs)
    }

    /// Checks that the outputs are distinct values of the graph, and that every layer contributes to one of them.
    fn check_outputs(&self) -> Result<()> {
        let refuse = |layer: &str, reason: String| Err(Error::Layer { layer: layer.into(), reason });
        let values = self.inputs.len() + self.nodes.len();
        if self.outputs.is_empty() {
            return refuse("the model", "it has no output; name a layer whose values come out".into());
        }
        for (i, output) in self.outputs.iter().enumerate() {
            if *output >= values || self.outputs[..i].contains(output) {
                let reason = format!("its outputs have to be different ones of its {values} values; {output} is not");
                return refuse("the model", reason);
            }
        }
        let is_used =
            |value: &usize| self.outputs.contains(value) || self.nodes.iter().any(|node| node.inputs.contains(value));
        match self.nodes.iter().find(|node| !is_used(&node.value)) {
            Some(node) => refuse(
                &node.name,
                "nothing takes its values; connect it with another layer, or make it an output".into(),
            ),
            None => Ok(()),
        }
    }

    /// The names of the layers.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.nodes.iter().map(|node| node.name.as_str())
    }

    /// The lengths of the flat weights and of the flat state.
    pub(crate) fn lengths(&self) -> [usize; 2] {
        [end(&self.variables), end(&self.state_variables)]
    }

    /// The flat weights and the flat state, all zeros; if memory is exhausted, the error names the largest variable.
    pub(crate) fn zeros(&self) -> Result<[Aligned<T>; 2]> {
        let lack = |lack: OutOfMemory| {
            let largest = self.variables.iter().chain(&self.state_variables).max_by_key(|one| one.range().len());
            let (path, here) = largest.map_or(("the model", String::new()), |one| {
                (&*one.path, format!(" ({} of them here, in shape {})", one.range().len(), one.shape))
            });
            let count = self.lengths().into_iter().fold(0, usize::saturating_add);
            lack.error(path, format!("the model's {count} values{here}"), "give the layers fewer units")
        };
        let [weights, state] = self.lengths().map(|length| Aligned::try_zeros(&[length]).map_err(lack));
        Ok([weights?, state?])
    }

    /// The network with initial values drawn from the model's seed, or from a fresh one.
    pub(crate) fn initialized(self) -> Result<Network<T>> {
        let seed = self.seed.unwrap_or_else(fresh_seed);
        let [mut weights, mut state] = self.zeros()?;
        for Initial { initializer, variable, is_weight, number } in &self.initial {
            let values = if *is_weight { &mut weights } else { &mut state };
            // Each variable has a separate random stream, so changing one layer does not change the weights of the others.
            let mut random = match initializer.seed() {
                Some(seed) => Random::seed_from_u64(seed),
                None => stream(seed, Purpose::Initialize, (variable.layer as u64) << 32 | *number as u64),
            };
            initializer.fill(&mut values[variable.range()], variable.shape, &mut random);
        }
        for (variable, rules) in self.variables.iter().zip(&self.rules) {
            if let Some(constraint) = &rules.constraint {
                constraint.initialize(&mut weights[variable.range()], variable.shape);
            }
        }
        Ok(self.with_values(seed, weights, state))
    }

    /// The network with these values; their lengths are those that [`lengths`](Blueprint::lengths) returns.
    pub(crate) fn with_values(self, seed: u64, weights: Aligned<T>, state: Aligned<T>) -> Network<T> {
        let Blueprint { nodes, inputs, outputs, seed: given_seed, variables, rules, state_variables, .. } = self;
        let columns: Vec<usize> = inputs.iter().copied().chain(nodes.iter().map(|node| node.outputs)).collect();
        let packed = nodes.iter().all(|node| node.built.takes_packed_sample());
        let readers = checks::readers(&nodes, &inputs);
        Network {
            row_plan: RowPlan::of_chain(&nodes, &inputs, &outputs).filter(|_| readers.is_empty()),
            kept: Plan::keeping(&columns),
            rolling: Plan::rolling(&columns, nodes.iter().map(|node| &*node.inputs), &outputs),
            readers,
            packed: packed.then(|| nodes.iter().map(|node| node.built.scratch(1)).max().unwrap_or(0)),
            nodes,
            inputs,
            outputs,
            seed,
            given_seed,
            weights,
            state,
            variables,
            rules,
            state_variables,
        }
    }
}

/// Marks the inputs of each node whose gradient is not empty when the backward pass reaches the node, because a later node reads
/// the same value or because the value is an output of the network.
fn mark_later_readers<T: Scalar>(nodes: &mut [Node<T>], outputs: &[usize], values: usize) {
    let mut read = vec![false; values];
    outputs.iter().for_each(|&output| read[output] = true);
    for node in nodes.iter_mut().rev() {
        for (&value, adds) in node.inputs.iter().zip(&mut node.adds) {
            *adds = std::mem::replace(&mut read[value], true);
        }
    }
}

/// The position after the last variable of a table.
fn end(variables: &[Variable]) -> usize {
    variables.last().map_or(0, |variable| variable.range().end)
}

/// Rejects more columns than any batch can have, so that products of two numbers of columns fit in an integer.
fn narrow(layer: &str, columns: usize) -> Result<usize> {
    match u32::try_from(columns) {
        Ok(_) => Ok(columns),
        Err(_) => Err(Error::Layer {
            layer: layer.into(),
            reason: format!("it would have {columns} columns; at most {} are possible", u32::MAX),
        }),
    }
}

/// The names of the layers: the given ones, or else the class in snake case with a counter.
pub(super) fn names<T: Scalar>(layers: &[Arc<dyn Layer<T>>]) -> Result<Vec<String>> {
    let given: Vec<Option<String>> = layers.iter().map(|layer| layer.options().name).collect();
    let mut taken = HashSet::new();
    if let Some(name) = given.iter().flatten().find(|name| !taken.insert(name.as_str())) {
        return Err(Error::DuplicateName { kind: "layer", name: name.clone() });
    }
    for name in given.iter().flatten() {
        let expected = match name.as_str() {
            "" => "a name of at least one character",
            "optimizer" => "another name; files keep the optimizer's state under this one",
            name if name.contains('/') => "a name without \"/\", which parts layer and variable in files",
            _ => continue,
        };
        return Err(Error::argument("layer", "name", format!("\"{name}\""), expected));
    }
    taken.insert("optimizer");
    let mut counts: HashMap<String, usize> = HashMap::new();
    let mut names = Vec::with_capacity(given.len());
    for (layer, name) in layers.iter().zip(&given) {
        names.push(name.clone().unwrap_or_else(|| {
            let base = snake_case(&layer.class_name());
            loop {
                let count = counts.entry(base.clone()).and_modify(|count| *count += 1).or_insert(0);
                let name = if *count == 0 { base.clone() } else { format!("{base}_{count}") };
                if !taken.contains(name.as_str()) {
                    break name;
                }
            }
        }));
    }
    Ok(names)
}

#[cfg(test)]
mod tests {
    use crate::Error;
    use crate::prelude::*;

    #[test]
    fn names_that_files_could_not_distinguish_are_refused() {
        for name in ["", "optimizer", "a/b"] {
            let error = Sequential::new().add(Dense::new(2, Relu).name(name)).build(2).unwrap_err();
            assert!(matches!(error, Error::Argument { argument: "name", .. }), "{error}");
        }
        let twice = Sequential::new().add(Dense::new(2, Relu).name("a")).add(Dense::new(1, Relu).name("a")).build(2);
        assert!(matches!(twice, Err(Error::DuplicateName { .. })));
    }
}
