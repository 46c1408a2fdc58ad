//! Regularization: what weights and outputs add to the loss, and to the gradients.

use super::Network;
use crate::initializers::Shape;
use crate::regularizers::Regularizer;
use crate::{Batch, BatchMut, Scalar};
use std::ops::Range;
use std::sync::Arc;

/// The penalties of a network; frozen weights have none, as in Keras.
pub(super) struct Penalties<T: Scalar> {
    weights: Vec<OnWeights<T>>,
    /// Those on the outputs of layers, by the layer's position.
    outputs: Vec<Option<Arc<dyn Regularizer<T>>>>,
    /// The outputs of a layer, row by row, and the gradient of their penalty.
    rows: Vec<T>,
    gradient: Vec<T>,
}

struct OnWeights<T: Scalar> {
    regularizer: Arc<dyn Regularizer<T>>,
    range: Range<usize>,
    shape: Shape,
}

impl<T: Scalar> Penalties<T> {
    /// Those of the weights that are trained now and of all outputs, for batches of at most `rows` samples.
    pub(super) fn new(network: &Network<T>, rows: usize) -> Self {
        let trained = network.ruled_variables().filter(|(variable, _)| variable.trainable);
        let weights = trained.filter_map(|(variable, rules)| {
            let (regularizer, range) = (rules.regularizer.clone()?, variable.range());
            Some(OnWeights { regularizer, range, shape: variable.shape })
        });
        let outputs = network.nodes.iter().map(|node| node.cell.activity_regularizer().cloned());
        let widths = network.nodes.iter().filter(|node| node.cell.activity_regularizer().is_some());
        let length = widths.map(|node| node.outputs).max().unwrap_or(0) * rows;
        Penalties {
            weights: weights.collect(),
            outputs: outputs.collect(),
            rows: vec![T::zero(); length],
            gradient: vec![T::zero(); length],
        }
    }

    /// The penalty on the weights.
    pub(super) fn of_weights(&self, weights: &[T]) -> f64 {
        self.weights.iter().map(|one| one.regularizer.penalty(&weights[one.range.clone()], one.shape)).sum()
    }

    /// Adds the gradient of the penalty on the weights.
    pub(super) fn add_weight_gradients(&self, weights: &[T], gradients: &mut [T]) {
        for OnWeights { regularizer, range, shape } in &self.weights {
            regularizer.add_gradient(&weights[range.clone()], *shape, 1.0, &mut gradients[range.clone()]);
        }
    }

    /// The penalty on the outputs of a layer, divided by the batch size.
    pub(super) fn of_output(&mut self, layer: usize, y: Batch<'_, T>) -> f64 {
        let Some(regularizer) = &self.outputs[layer] else { return 0.0 };
        let rows = gather(y, &mut self.rows);
        regularizer.penalty(rows, Shape::matrix(y.rows(), y.columns())) / y.rows().max(1) as f64
    }

    /// Adds the gradient of the penalty on the outputs of a layer.
    pub(super) fn add_output_gradient(&mut self, layer: usize, y: Batch<'_, T>, mut dy: BatchMut<'_, T>) {
        let Some(regularizer) = &self.outputs[layer] else { return };
        let (columns, scale) = (y.columns(), 1.0 / y.rows().max(1) as f64);
        let rows = gather(y, &mut self.rows);
        let gradient = &mut self.gradient[..rows.len()];
        gradient.fill(T::zero());
        regularizer.add_gradient(rows, Shape::matrix(y.rows(), columns), scale, gradient);
        for j in 0..columns {
            for (dy, &penalty) in dy.column_mut(j).iter_mut().zip(gradient[j..].iter().step_by(columns)) {
                *dy += penalty;
            }
        }
    }
}

/// Copies a batch row by row, as regularizers read it.
fn gather<'a, T: Scalar>(y: Batch<'_, T>, rows: &'a mut [T]) -> &'a [T] {
    let rows = &mut rows[..y.rows() * y.columns()];
    for j in 0..y.columns() {
        for (to, &from) in rows[j..].iter_mut().step_by(y.columns()).zip(y.column(j)) {
            *to = from;
        }
    }
    rows
}
