use super::plan::Plan;
use super::row_plan::RowPlan;
use crate::activations::Fusion;
use crate::constraints::Constraint;
use crate::items::Item;
use crate::kernels::aligned::Aligned;
use crate::layers::{BuiltLayer, Domain, Layer, Parameter};
use crate::memory::OutOfMemory;
use crate::regularizers::Regularizer;
use crate::variables::Variable;
use crate::{Error, Result, Scalar};
use nalgebra::DMatrix;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

/// A built model: the layers with their weights and state.
///
/// All weights are in one flat vector, layer by layer, with kernels row by row. A second vector holds the state: values that
/// training updates without a gradient, for example moving averages.
///
/// ```
/// use perceptra::prelude::*;
///
/// let mut network = Sequential::new().add(Dense::new(1, Linear)).build(2)?;
/// network.set_weights("dense", &[dmatrix![2.0; 3.0], dmatrix![1.0]])?;
/// assert_eq!(network.predict(&dmatrix![10.0, 100.0])?, dmatrix![321.0]);
/// # Ok::<(), perceptra::Error>(())
/// ```
#[derive(Clone)]
pub struct Network<T: Scalar = f32> {
    /// The nodes in topological order: every node comes after those whose values it reads.
    pub(crate) nodes: Vec<Node<T>>,
    /// The number of columns of each input; a sample contains the inputs' columns one after another.
    pub(super) inputs: Vec<usize>,
    /// The values that are outputs; predictions contain their columns one after another.
    pub(super) outputs: Vec<usize>,
    pub(crate) seed: u64,
    /// The seed of the description, if it has one.
    pub(crate) given_seed: Option<u64>,
    pub(crate) weights: Aligned<T>,
    pub(crate) state: Aligned<T>,
    pub(crate) variables: Vec<Variable>,
    /// The regularizer and the constraint of each variable.
    pub(super) rules: Vec<Rules<T>>,
    pub(crate) state_variables: Vec<Variable>,
    /// The memory plans of the nodes' values: for passes that are followed by a backward pass, and for others.
    pub(super) kept: Plan,
    pub(super) rolling: Plan,
    /// The layers whose domains the inputs are checked against.
    pub(super) readers: Vec<InputReader>,
    /// The length of the scratch for a single contiguous sample, if every layer accepts one.
    pub(super) packed: Option<usize>,
    /// The plan for predicting a single sample; `None` if a single sample is predicted like any batch.
    pub(super) row_plan: Option<RowPlan<T>>,
}

/// A layer that reads an input of the network directly and does not accept every finite number.
#[derive(Clone)]
pub(super) struct InputReader {
    pub(super) node: usize,
    pub(super) domain: Domain,
    /// The columns of `x` that the layer reads.
    pub(super) columns: Range<usize>,
}

/// The penalty and the constraint of one variable.
#[derive(Clone)]
pub(crate) struct Rules<T: Scalar> {
    pub(super) regularizer: Option<Arc<dyn Regularizer<T>>>,
    pub(super) constraint: Option<Arc<dyn Constraint<T>>>,
}

impl<T: Scalar> Rules<T> {
    /// Resolves names and checks the items against the variable's shape.
    pub(super) fn for_parameter(parameter: &Parameter<T>) -> Result<Self> {
        let regularizer = Item::optional(&parameter.regularizer)?;
        let constraint = Item::optional(&parameter.constraint)?;
        regularizer.iter().try_for_each(|regularizer| regularizer.check_shape(parameter.shape))?;
        constraint.iter().try_for_each(|constraint| constraint.check_shape(parameter.shape))?;
        Ok(Rules { regularizer, constraint })
    }
}

/// One built layer.
#[derive(Clone)]
pub(crate) struct Node<T: Scalar> {
    pub(crate) name: String,
    pub(crate) class_name: String,
    /// The description that the layer was built from.
    pub(crate) layer: Arc<dyn Layer<T>>,
    pub(crate) built: Arc<dyn BuiltLayer<T>>,
    /// The number of the value that the node writes: inputs of the network come first, then the nodes in order.
    pub(super) value: usize,
    /// The values that the node reads.
    pub(crate) inputs: Vec<usize>,
    /// Whether each of these values is also read by a later node or is an output; this node's gradient is then added to the
    /// existing one.
    pub(super) adds: Vec<bool>,
    pub(crate) outputs: usize,
    /// The node's range of the flat weights.
    pub(crate) weights: Range<usize>,
    /// The node's range of the flat state.
    pub(crate) state: Range<usize>,
    pub(crate) trainable: bool,
}

impl<T: Scalar> Network<T> {
    /// The error if memory is exhausted for the values of this many samples; it names the layer with the most values.
    #[cold]
    pub(super) fn lacks(&self, lack: OutOfMemory, rows: usize) -> Error {
        let widest = self.nodes.iter().max_by_key(|node| node.outputs);
        let (layer, columns) = widest.map_or(("the model", 0), |node| (&*node.name, node.outputs));
        let purpose = format!("the values of {rows} samples in its {columns} columns, and those of the other layers");
        lack.error(layer, purpose, "give it fewer columns, or pass fewer samples at a time")
    }

    /// The number of features of a sample.
    pub fn inputs(&self) -> usize {
        self.inputs.iter().sum()
    }

    /// The number of values predicted for a sample.
    pub fn outputs(&self) -> usize {
        self.outputs.iter().map(|&output| self.columns_of(output)).sum()
    }

    /// The columns of a value.
    pub(super) fn columns_of(&self, value: usize) -> usize {
        self.kept.places[value].columns
    }

    /// The seed of the initial weights, of dropout and of shuffling.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// The names of the layers, in order.
    pub fn layer_names(&self) -> impl Iterator<Item = &str> {
        self.nodes.iter().map(|node| node.name.as_str())
    }

    /// The variables in the flat vector of weights.
    pub fn variables(&self) -> &[Variable] {
        &self.variables
    }

    /// The variables in the flat vector of state.
    pub fn state_variables(&self) -> &[Variable] {
        &self.state_variables
    }

    /// All weights in one vector, as [`variables`](Network::variables) divides it.
    pub fn flat_weights(&self) -> &[T] {
        &self.weights
    }

    /// All state in one vector, as [`state_variables`](Network::state_variables) divides it.
    pub fn flat_state(&self) -> &[T] {
        &self.state
    }

    /// Replaces all weights and state.
    ///
    /// # Errors
    ///
    /// [`Error::Weights`] for vectors of other lengths.
    pub fn set_flat(&mut self, weights: &[T], state: &[T]) -> Result<()> {
        if weights.len() != self.weights.len() || state.len() != self.state.len() {
            return Err(Error::Weights {
                layer: "the model".into(),
                expected: format!("{} weights and {} values of state", self.weights.len(), self.state.len()),
                found: format!("{} and {}", weights.len(), state.len()),
            });
        }
        self.weights.copy_from_slice(weights);
        self.state.copy_from_slice(state);
        Ok(())
    }

    /// The number of all parameters: weights and state.
    pub fn count_params(&self) -> usize {
        self.weights.len() + self.state.len()
    }

    /// The weights and state of a layer, in Keras's order: kernel (inputs × units), bias (1 × units), ….
    ///
    /// # Errors
    ///
    /// [`Error::Unknown`] lists the names of the layers.
    pub fn weights(&self, layer: &str) -> Result<Vec<DMatrix<T>>> {
        let index = self.index(layer)?;
        let read = |values: &[T], variable: &Variable| {
            DMatrix::from_row_slice(variable.shape.rows, variable.shape.columns, &values[variable.range()])
        };
        let weights = self.variables.iter().filter(|variable| variable.layer == index);
        let state = self.state_variables.iter().filter(|variable| variable.layer == index);
        Ok(weights.map(|variable| read(&self.weights, variable)).chain(state.map(|v| read(&self.state, v))).collect())
    }

    /// Replaces the weights and state of a layer, in the order of [`weights`](Network::weights).
    ///
    /// A vector may be given as a row or as a column.
    ///
    /// # Errors
    ///
    /// [`Error::Unknown`] lists the names of the layers; [`Error::Weights`] states the expected shapes;
    /// [`Error::NotFinite`] names a NaN or infinity. After an error the model is unchanged.
    pub fn set_weights(&mut self, layer: &str, values: &[DMatrix<T>]) -> Result<()> {
        T::set_weights(self, layer, values)
    }

    pub(crate) fn copy_weights(&mut self, layer: &str, values: &[DMatrix<T>]) -> Result<()> {
        let index = self.index(layer)?;
        let of = |variables: &[Variable]| -> Vec<Variable> {
            variables.iter().filter(|variable| variable.layer == index).cloned().collect()
        };
        let (weights, state) = (of(&self.variables), of(&self.state_variables));
        let fits = |(variable, matrix): (&Variable, &DMatrix<T>)| {
            let (rows, columns) = (variable.shape.rows, variable.shape.columns);
            matrix.shape() == (rows, columns) || variable.shape.vector && matrix.shape() == (columns, rows)
        };
        let wanted: Vec<&Variable> = weights.iter().chain(&state).collect();
        if wanted.len() != values.len() || !wanted.iter().copied().zip(values).all(fits) {
            let shapes = |list: Vec<String>| if list.is_empty() { "none".into() } else { list.join(", ") };
            return Err(Error::Weights {
                layer: layer.into(),
                expected: shapes(
                    wanted.iter().map(|variable| format!("{} {}", variable.name(), variable.shape)).collect(),
                ),
                found: shapes(values.iter().map(|matrix| format!("{:?}", matrix.shape())).collect()),
            });
        }
        for matrix in values {
            super::checks::finite("weights", matrix)?;
        }
        for (variable, matrix) in wanted.into_iter().zip(values) {
            let of_weights = variable.offset < self.weights.len() && weights.contains(variable);
            let to = if of_weights { &mut self.weights } else { &mut self.state };
            let to = &mut to[variable.range()];
            let (rows, columns) = matrix.shape();
            for i in 0..rows {
                for j in 0..columns {
                    to[i * columns + j] = matrix[(i, j)];
                }
            }
        }
        Ok(())
    }

    /// Sets whether training updates a layer's weights.
    ///
    /// # Errors
    ///
    /// [`Error::Unknown`] lists the names of the layers.
    pub fn set_trainable(&mut self, layer: &str, trainable: bool) -> Result<()> {
        let index = self.index(layer)?;
        self.set_trainable_at(index, trainable);
        Ok(())
    }

    /// Sets whether training updates the weights of the layer at a position.
    pub(crate) fn set_trainable_at(&mut self, index: usize, trainable: bool) {
        self.nodes[index].trainable = trainable;
        for variable in self.variables.iter_mut().filter(|variable| variable.layer == index) {
            variable.trainable = trainable;
        }
    }

    /// The columns of a layer's output.
    #[cfg(feature = "keras")]
    pub(crate) fn outputs_of(&self, index: usize) -> usize {
        self.nodes.get(index).map_or_else(|| self.inputs(), |node| node.outputs)
    }

    /// The variables of weights and of state, each with the flat vector that holds them.
    pub(crate) fn tables(&self) -> [(&[Variable], &[T]); 2] {
        [(&self.variables, &self.weights), (&self.state_variables, &self.state)]
    }

    /// The name of every layer, and whether it is trainable.
    pub(crate) fn layer_states(&self) -> impl Iterator<Item = (String, bool)> {
        self.nodes.iter().map(|node| (node.name.clone(), node.trainable))
    }

    /// The variables of the flat weights, each with its rules.
    pub(crate) fn ruled_variables(&self) -> impl Iterator<Item = (&Variable, &Rules<T>)> {
        self.variables.iter().zip(&self.rules)
    }

    /// Projects the trained weights onto their constraints.
    pub(crate) fn constrain(&mut self) {
        for (variable, rules) in self.variables.iter().zip(&self.rules) {
            if let Some(constraint) = rules.constraint.as_ref().filter(|_| variable.trainable) {
                constraint.apply(&mut self.weights[variable.range()], variable.shape);
            }
        }
    }

    /// The activation that can be fused with the loss; [`Fusion::None`] if its values are penalized and therefore needed. No node reads
    /// the value of the last node.
    pub(super) fn last_activation(&self) -> Fusion {
        let last = self.nodes.last().filter(|node| node.built.activity_regularizer().is_none());
        last.map_or(Fusion::None, |node| node.built.last_activation())
    }

    /// For each value, whether training needs its gradient: this is so for nodes with trainable weights and all nodes that depend on
    /// one.
    pub(super) fn wanted(&self) -> Vec<bool> {
        let mut wanted = vec![false; self.values()];
        for node in &self.nodes {
            let learns = node.trainable && !node.weights.is_empty();
            wanted[node.value] = learns || node.inputs.iter().any(|&value| wanted[value]);
        }
        wanted
    }

    /// The number of values: one for each input and one for each node.
    pub(super) fn values(&self) -> usize {
        self.kept.places.len()
    }

    pub(crate) fn index(&self, layer: &str) -> Result<usize> {
        self.nodes
            .iter()
            .position(|node| node.name == layer)
            .ok_or_else(|| Error::unknown("layer", layer, self.layer_names()))
    }
}

impl<T: Scalar> fmt::Debug for Network<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Network")
            .field("inputs", &self.inputs())
            .field("layers", &self.layer_names().collect::<Vec<_>>())
            .field("parameters", &self.count_params())
            .finish()
    }
}
