//! One training step up to the gradients: forward, loss, backward. Nothing is allocated in it.

use super::dataset::Dataset;
use super::loss::BatchLoss;
use super::network::Network;
use super::pass::{self, Fused, Train, TrainBackward, TrainForward};
use super::penalties::Penalties;
use super::row_parts::{RowParts, StepLayers};
use super::running_metrics::RunningMetrics;
use super::workspace::{GradientBuffers, Workspace};
use crate::items::Item;
use crate::losses::Loss;
use crate::optimizers::OptimizerState;
use crate::{Result, Scalar, threads};

/// The buffers of a training step, and the loss that it minimizes.
pub(super) struct TrainStep<T: Scalar> {
    pub(super) workspace: Workspace<T>,
    pub(super) gradients: GradientBuffers<T>,
    pub(super) loss: BatchLoss<T>,
    pub(super) penalties: Penalties<T>,
    pub(super) fused: Fused,
    /// The parts of the rows, if they are divided among threads.
    pub(super) row_parts: Option<RowParts<T>>,
    rows: usize,
}

/// The parts of the network that a training pass borrows.
#[inline]
pub(super) fn train<'a, T: Scalar>(
    (weights, state): (&'a [T], &'a mut [T]),
    seed: u64,
    optimizer_state: &'a mut OptimizerState<T>,
) -> Train<'a, T> {
    Train {
        weights,
        state,
        gradients: &mut optimizer_state.gradients,
        seed,
        step: optimizer_state.iterations,
        inference: false,
    }
}

impl<T: Scalar> TrainStep<T> {
    pub(super) fn new(
        network: &Network<T>,
        loss: &Item<dyn Loss<T>>,
        targets: usize,
        batch_size: usize,
        weighted: bool,
    ) -> Result<Self> {
        let loss = BatchLoss::new(network, loss, targets, batch_size, weighted)?;
        let mut wanted = network.wanted();
        let fused = Fused::for_network(network, loss.takes_activation()).through_kernels(network, &mut wanted);
        Ok(TrainStep {
            row_parts: RowParts::new(network, &wanted, (batch_size, targets, weighted))?,
            workspace: Workspace::for_training(network, batch_size)?,
            gradients: GradientBuffers::new(network, wanted, batch_size)?,
            penalties: Penalties::of_training(network, batch_size)?,
            fused,
            loss,
            rows: 0,
        })
    }

    /// Sets the number of rows, at most that of construction.
    pub(super) fn set_rows(&mut self, rows: usize) {
        if rows == self.rows {
            return;
        }
        self.rows = rows;
        self.workspace.set_rows(rows);
        self.gradients.set_rows(rows);
        self.loss.set_rows(rows);
        if let Some(parts) = &mut self.row_parts {
            parts.set_rows(rows);
        }
    }

    /// Loads the batch that starts at a position of the order, and computes the outputs of the network.
    #[inline]
    pub(super) fn load_and_forward(
        &mut self,
        data: &mut Dataset<'_, T>,
        start: usize,
        network: &mut Network<T>,
        optimizer_state: &mut OptimizerState<T>,
    ) {
        let TrainStep { row_parts: Some(parts), fused, loss, workspace, rows, .. } = self else {
            self.load(data, start);
            return self.forward(network, optimizer_state);
        };
        let layers = StepLayers::new(network, fused, loss.takes_activation(), optimizer_state.iterations);
        parts.forward(data, (start, *rows), layers, loss, workspace);
    }

    /// The gradients of all weights, after [`load_and_forward`](Self::load_and_forward) and the loss.
    #[inline]
    pub(super) fn backward_loaded(&mut self, network: &mut Network<T>, optimizer_state: &mut OptimizerState<T>) {
        let TrainStep { row_parts: Some(parts), fused, loss, gradients, penalties, .. } = self else {
            return self.backward(network, optimizer_state);
        };
        let layers = StepLayers::new(network, fused, loss.takes_activation(), optimizer_state.iterations);
        parts.backward(layers, gradients, &mut optimizer_state.gradients);
        penalties.add_weight_gradients(&network.weights, &mut optimizer_state.gradients);
    }

    /// Moves the weights along their gradients.
    #[inline]
    pub(super) fn update_weights(&self, network: &mut Network<T>, optimizer_state: &mut OptimizerState<T>) {
        match self.row_parts {
            // All threads have read the weights, and some of them computed the gradients.
            Some(_) => threads::with_shared_values(|| optimizer_state.step(network)),
            None => optimizer_state.step(network),
        }
    }

    /// Loads the samples, targets and weights of the batch that starts at a position of the order.
    pub(super) fn load(&mut self, data: &mut Dataset<'_, T>, start: usize) {
        self.loss.load(data, start, self.workspace.input_mut());
    }

    /// Updates the metrics with the batch, after its loss has been computed.
    pub(super) fn update(&self, metrics: &mut RunningMetrics<T>, loss: f64) {
        let predictions = self.loss.predictions(self.workspace.output());
        metrics.update(self.loss.targets(), predictions, self.loss.weights(), loss);
    }

    /// The forward pass.
    pub(super) fn forward(&mut self, network: &mut Network<T>, optimizer_state: &mut OptimizerState<T>) {
        let (mut values, scratch) = self.workspace.split();
        let mut train = train((&network.weights, &mut network.state), network.seed, optimizer_state);
        let mut visitor = TrainForward { train: &mut train, scratch };
        pass::forward(&network.nodes, &mut values, self.loss.takes_activation(), &mut visitor);
    }

    /// The loss of the batch with all penalties; writes its gradient for the backward pass.
    pub(super) fn compute_loss(&mut self, network: &Network<T>) -> f64 {
        let loss = self.loss.value_and_gradient(self.workspace.output(), self.gradients.output_mut());
        loss + self.penalties.of_weights(&network.weights) + self.penalties.of_outputs(&self.workspace)
    }

    /// The backward pass: the gradients of all weights, from the loss down to the first trainable layer.
    pub(super) fn backward(&mut self, network: &mut Network<T>, optimizer_state: &mut OptimizerState<T>) {
        let TrainStep { workspace, gradients, penalties, fused, .. } = self;
        let mut train = train((&network.weights, &mut network.state), network.seed, optimizer_state);
        let of_outputs = penalties.on_outputs().then_some(&mut *penalties);
        pass::backward(&network.nodes, workspace, gradients, &mut train, fused, of_outputs, &mut TrainBackward);
        penalties.add_weight_gradients(&network.weights, &mut optimizer_state.gradients);
    }
}
