//! Prediction of a single sample through a chain of layers.
//!
//! Such a call spends most of its time on other work than arithmetic. So a plan is made once, when the network is built: the steps,
//! the positions of their weights, and which layers one kernel computes together. The weights are read in each call.

use super::network::{Network, Node};
use super::pass::{Infer, Visit};
use super::predict_loop::load;
use super::row_plan::{RowPlan, RowStep};
use crate::activations::Fusion;
use crate::kernels::aligned::Aligned;
use crate::kernels::matmul::{RowLayer, SingleRow};
use crate::kernels::strided_view::StridedView;
use crate::kernels::{padded, run, sums};
use crate::layers::RowForm;
use crate::{Batch, BatchMut, Result, Scalar};

impl<T: Scalar> RowPlan<T> {
    /// The plan for a chain of layers that accept a sample with contiguous values; `None` for other networks.
    pub(super) fn of_chain(nodes: &[Node<T>], inputs: &[usize], outputs: &[usize]) -> Option<Self> {
        let &[inputs] = inputs else { return None };
        // Value 0 is the input of the network, value `i` the output of node `i − 1`.
        if *outputs != [nodes.len()] || nodes.iter().enumerate().any(|(i, node)| node.inputs != [i]) {
            return None;
        }
        let (mut steps, mut columns, mut widest, mut scratch) = (Vec::new(), inputs, inputs, 0);
        for (i, node) in nodes.iter().enumerate() {
            match node.built.row_form() {
                Some(RowForm::Unchanged) => {}
                Some(RowForm::Dense { units, activation }) => {
                    let layer = RowLayer::new(columns, units, node.weights.clone(), activation);
                    match steps.last_mut() {
                        Some(RowStep::Dense(layers)) => layers.push(layer),
                        _ => steps.push(RowStep::Dense(vec![layer])),
                    }
                    if !matches!(activation, Fusion::Linear | Fusion::Relu | Fusion::Sigmoid) {
                        steps.push(RowStep::Activation(node.built.activation()?, units));
                    }
                }
                None if node.built.takes_packed_sample() => {
                    steps.push(RowStep::Layer(i, columns));
                    scratch = scratch.max(node.built.scratch(1));
                }
                None => return None,
            }
            columns = node.outputs;
            widest = widest.max(columns);
        }
        Some(RowPlan { inputs, steps, width: padded(widest), scratch: padded(scratch) })
    }

    /// Writes the prediction for a sample. Returns false if the sample does not fit the network or is not finite.
    pub(super) fn run(&self, network: &Network<T>, x: &StridedView<'_, T>, prediction: &mut [T]) -> Result<bool> {
        if x.columns != self.inputs {
            return Ok(false);
        }
        T::with_workspace(|memory| {
            let length = (3 * self.width).saturating_add(self.scratch);
            if memory.len() < length {
                *memory = Aligned::try_zeros(&[length]).map_err(|lack| network.lacks(lack, 1))?;
            }
            // The current values, and the memory for those of the next step.
            let (mut values, rest) = memory.split_at_mut(self.width);
            let (mut next, rest) = rest.split_at_mut(self.width);
            let (mut other, scratch) = rest.split_at_mut(self.width);
            load(x, BatchMut::new(values, 1, self.inputs, 1));
            if !sums::all_finite(&values[..self.inputs]) {
                return Ok(false);
            }
            for step in &self.steps {
                match step {
                    RowStep::Dense(layers) => {
                        let kernel = SingleRow {
                            x: values,
                            stride: 1,
                            layers,
                            parameters: &network.weights,
                            values: [&mut *next, &mut *other],
                        };
                        run(kernel);
                        if layers.len().is_multiple_of(2) {
                            std::mem::swap(&mut next, &mut other);
                        }
                    }
                    RowStep::Activation(activation, columns) => {
                        activation.forward(Batch::new(values, 1, *columns, 1), BatchMut::new(next, 1, *columns, 1));
                    }
                    RowStep::Layer(i, columns) => {
                        let node = &network.nodes[*i];
                        let (x, y) = (Batch::new(values, 1, *columns, 1), BatchMut::new(next, 1, node.outputs, 1));
                        let scratch = &mut scratch[..self.scratch];
                        Infer { weights: &network.weights, state: &network.state, scratch }
                            .visit(*i, node, false, x, y);
                    }
                }
                std::mem::swap(&mut values, &mut next);
            }
            prediction.copy_from_slice(&values[..prediction.len()]);
            Ok(true)
        })
    }
}
