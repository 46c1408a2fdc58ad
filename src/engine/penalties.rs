//! Regularization: the penalties on weights and outputs, and their gradients.

use super::network::Network;
use super::workspace::Workspace;
use crate::initializers::Shape;
use crate::regularizers::Regularizer;
use crate::{Batch, BatchMut, Result, Scalar, memory};
use std::ops::Range;
use std::sync::Arc;

/// The penalties of a network; frozen weights have none, as in Keras.
pub(super) struct Penalties<T: Scalar> {
    weights: Vec<OnWeights<T>>,
    /// The penalties on the outputs of layers, by the layer's position.
    outputs: Vec<Option<Arc<dyn Regularizer<T>>>>,
    /// The index of the first layer's output among the values.
    first_value: usize,
    /// Whether any layer has a penalty on its outputs.
    any_outputs: bool,
    /// The factor of the penalties on outputs: the fraction of a step's rows that this process has.
    part: f64,
    /// The outputs of a layer, row by row, and, in training, the gradient of their penalty.
    rows: Vec<T>,
    gradient: Vec<T>,
}

/// A buffer of zeros for the outputs of a layer.
fn zeros<T: Scalar>(network: &Network<T>, columns: usize, rows: usize) -> Result<Vec<T>> {
    memory::filled(T::zero(), &[columns, rows]).map_err(|lack| network.lacks(lack, rows))
}

struct OnWeights<T: Scalar> {
    regularizer: Arc<dyn Regularizer<T>>,
    range: Range<usize>,
    shape: Shape,
}

impl<T: Scalar> Penalties<T> {
    /// The penalties on the weights that are trained now and on all outputs, for batches of at most `rows` samples.
    pub(super) fn of_training(network: &Network<T>, rows: usize) -> Result<Self> {
        let penalties = Self::of_evaluation(network, rows)?;
        Ok(Penalties { gradient: Self::of_evaluation(network, rows)?.rows, ..penalties })
    }

    /// The penalties of [`of_training`](Self::of_training) without the memory for gradients.
    pub(super) fn of_evaluation(network: &Network<T>, rows: usize) -> Result<Self> {
        let trained = network.ruled_variables().filter(|(variable, _)| variable.trainable);
        let weights = trained.filter_map(|(variable, rules)| {
            let (regularizer, range) = (rules.regularizer.clone()?, variable.range());
            Some(OnWeights { regularizer, range, shape: variable.shape })
        });
        let outputs = network.nodes.iter().map(|node| node.built.activity_regularizer().cloned());
        let widths = network.nodes.iter().filter(|node| node.built.activity_regularizer().is_some());
        let widest = widths.map(|node| node.outputs).max().unwrap_or(0);
        Ok(Penalties {
            weights: weights.collect(),
            any_outputs: network.nodes.iter().any(|node| node.built.activity_regularizer().is_some()),
            outputs: outputs.collect(),
            first_value: network.values() - network.nodes.len(),
            part: 1.0,
            rows: zeros(network, widest, rows)?,
            gradient: Vec::new(),
        })
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

    /// Sets the fraction of a step's rows that this process has; the penalties on outputs are means over all rows of the step.
    pub(super) fn set_part(&mut self, part: f64) {
        self.part = part;
    }

    /// Whether there are penalties on the outputs of layers.
    pub(super) fn on_outputs(&self) -> bool {
        self.any_outputs
    }

    /// The penalties on the outputs of all layers.
    pub(super) fn of_outputs(&mut self, workspace: &Workspace<T>) -> f64 {
        if !self.any_outputs {
            return 0.0;
        }
        let first = self.first_value;
        (0..self.outputs.len()).map(|layer| self.of_output(layer, workspace.value(first + layer))).sum()
    }

    /// The penalty on the outputs of a layer, divided by the batch size.
    fn of_output(&mut self, layer: usize, y: Batch<'_, T>) -> f64 {
        let Some(regularizer) = &self.outputs[layer] else { return 0.0 };
        let rows = gather(y, &mut self.rows);
        self.part * regularizer.penalty(rows, Shape::matrix(y.rows(), y.columns())) / y.rows().max(1) as f64
    }

    /// Adds the gradient of the penalty on the outputs of a layer.
    pub(super) fn add_output_gradient(&mut self, layer: usize, y: Batch<'_, T>, mut dy: BatchMut<'_, T>) {
        let Some(regularizer) = &self.outputs[layer] else { return };
        let (columns, scale) = (y.columns(), self.part / y.rows().max(1) as f64);
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

#[cfg(test)]
mod tests {
    use crate::dmatrix;
    use crate::layers::ActivityRegularization;
    use crate::prelude::*;
    use nalgebra::DMatrix;

    fn data() -> (DMatrix<f32>, DMatrix<f32>) {
        let x = DMatrix::from_fn(40, 3, |i, j| ((i * (j + 2)) % 7) as f32 / 7.0 - 0.4);
        let y = DMatrix::from_fn(40, 1, |i, _| x[(i, 0)] - x[(i, 1)]);
        (x, y)
    }

    #[test]
    fn losses_of_training_and_evaluation_hold_them() -> crate::Result<()> {
        let layers = Sequential::new()
            .add(Dense::new(2, Linear).kernel_regularizer(L2.l2(0.5)))
            .add(ActivityRegularization::new().l1(0.25));
        let mut model = layers.compile(SGD.learning_rate(0.0), MeanSquaredError, ());
        model.build(1)?;
        model.set_weights("dense", &[dmatrix![1.0, -2.0], dmatrix![0.0, 0.0]])?;
        let (x, y) = (dmatrix![1.0; 3.0], dmatrix![1.0, -2.0; 3.0, -6.0]);
        // 0.5·(1 + 4) for the kernel, 0.25·(1 + 2 + 3 + 6)/2 for the outputs; the loss without penalties is 0.
        let history = model.fit(&x, &y, Fit::new().verbose(0))?;
        approx::assert_relative_eq!(history.get("loss").unwrap()[0], 4.0, max_relative = 1e-6);
        approx::assert_relative_eq!(model.evaluate(&x, &y)?.get("loss").unwrap(), 4.0, max_relative = 1e-6);
        model.set_trainable("dense", false)?;
        approx::assert_relative_eq!(model.evaluate(&x, &y)?.get("loss").unwrap(), 1.5, max_relative = 1e-6);
        Ok(())
    }

    #[test]
    fn a_penalized_last_layer_trains_like_any_other() -> crate::Result<()> {
        // A penalty, however small, prevents fusing the loss with the sigmoid; the result is the same.
        let (x, y) = data();
        let y = y.map(|value| f32::from(u8::from(value > 0.0)));
        let train = |last: Dense| -> crate::Result<DMatrix<f32>> {
            let layers = Sequential::new().seed(1).add(Dense::new(4, Tanh)).add(last);
            let mut model = layers.compile(SGD.learning_rate(0.5), BinaryCrossentropy, ());
            model.fit(&x, &y, Fit::new().epochs(5).verbose(0))?;
            model.predict(&x)
        };
        let joined = train(Dense::new(1, Sigmoid))?;
        let separate = train(Dense::new(1, Sigmoid).activity_regularizer(L2.l2(1e-12)))?;
        approx::assert_relative_eq!(joined, separate, epsilon = 1e-5);
        Ok(())
    }

    #[test]
    fn constraints_hold_after_every_step() -> crate::Result<()> {
        let (x, y) = data();
        let train = |layer: Dense| -> crate::Result<Vec<DMatrix<f32>>> {
            let layers = Sequential::new().seed(1).add(layer);
            let mut model = layers.compile(SGD.learning_rate(0.3), MeanSquaredError, ());
            model.fit(&x, &y, Fit::new().epochs(20).verbose(0))?;
            model.weights("dense")
        };
        assert!(train(Dense::new(1, Linear))?[0].iter().any(|weight| *weight < 0.0));
        let constrained = train(Dense::new(1, Linear).kernel_constraint(NonNeg).bias_constraint("non_neg"))?;
        assert!(constrained.iter().flat_map(|variable| variable.iter()).all(|weight| *weight >= 0.0));
        assert!(constrained[0].iter().any(|weight| *weight > 0.1), "it learns all the same");
        Ok(())
    }

    #[test]
    fn unknown_names_are_reported_when_the_model_is_built() {
        let build = |layer: Dense| Sequential::new().add(layer).build(2).unwrap_err().to_string();
        assert!(build(Dense::new(1, Linear).kernel_regularizer("l3")).contains("there is no regularizer \"l3\""));
        assert!(build(Dense::new(1, Linear).bias_constraint("max")).contains("there is no constraint \"max\""));
        assert!(build(Dense::new(1, Linear).activity_regularizer("l0")).contains("there is no regularizer \"l0\""));
        let factor = L2.l2(-1.0);
        assert!(build(Dense::new(1, Linear).kernel_regularizer(factor)).contains("L2: l2 is -1"));
    }
}
