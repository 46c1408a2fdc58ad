//! A training step over the rows of all ranks; this rank computes its part of them.

use super::network::{Network, Node};
use super::pass::{self, Train, Visit, VisitBackward};
use super::running_metrics::RunningMetrics;
use super::train_step::{TrainStep, train};
use super::workspace::Scratch;
use crate::layers::{Inputs, RankRows, TrainPass};
use crate::optimizers::OptimizerState;
use crate::{Batch, BatchMut, Result, Scalar};

/// The number of samples that the loss's reduction counts, and the sum of their weights.
#[derive(Clone, Copy)]
pub(super) struct CountedRows {
    pub(super) samples: usize,
    pub(super) weight: f64,
}

/// Computes nodes as in training, on this rank's part of the rows.
struct ForwardPart<'a, 't, 'p, T: Scalar> {
    train: &'a mut Train<'t, T>,
    scratch: &'a mut Scratch<T>,
    part: &'a RankRows<'p>,
    result: Result<()>,
}

impl<T: Scalar> Visit<T> for ForwardPart<'_, '_, '_, T> {
    fn visit(&mut self, i: usize, node: &Node<T>, skip_activation: bool, x: Batch<'_, T>, mut y: BatchMut<'_, T>) {
        if self.result.is_ok() {
            let pass = self.train.pass(i, node, self.scratch.node(i), (skip_activation, false));
            self.result = node.built.forward_part(self.part, pass, x, y.reborrow());
            y.clear_padding();
        }
    }

    fn visit_join(
        &mut self,
        i: usize,
        node: &Node<T>,
        skip_activation: bool,
        x: Inputs<'_, T>,
        mut y: BatchMut<'_, T>,
    ) {
        if self.result.is_ok() {
            let pass = self.train.pass(i, node, self.scratch.node(i), (skip_activation, false));
            node.built.forward_from(pass, x, y.reborrow());
            y.clear_padding();
        }
    }
}

/// Computes gradients on this rank's part of the rows.
struct BackwardPart<'a, 'p> {
    part: &'a RankRows<'p>,
    result: Result<()>,
}

impl<T: Scalar> VisitBackward<T> for BackwardPart<'_, '_> {
    fn visit(
        &mut self,
        node: &Node<T>,
        pass: TrainPass<'_, T>,
        x: Batch<'_, T>,
        y: Batch<'_, T>,
        dy: Batch<'_, T>,
        dx: Option<BatchMut<'_, T>>,
    ) {
        if self.result.is_ok() {
            self.result = node.built.backward_part(self.part, pass, x, y, dy, dx);
        }
    }
}

impl<T: Scalar> TrainStep<T> {
    /// The counted samples of the batch, and the sum of their weights.
    pub(super) fn totals(&mut self) -> CountedRows {
        let (samples, weight) = self.loss.totals();
        CountedRows { samples, weight }
    }

    /// Computes the gradients of the loss over the rows of all ranks; returns this rank's terms of that loss.
    ///
    /// All ranks must call it. Penalties on weights are part of rank 0's terms; their gradients are added once, to the sum.
    pub(super) fn part(
        &mut self,
        network: &mut Network<T>,
        optimizer_state: &mut OptimizerState<T>,
        part: &RankRows<'_>,
        totals: CountedRows,
        sums: &mut Vec<T>,
    ) -> Result<(f64, f64)> {
        let TrainStep { workspace, gradients, loss, penalties, fused, .. } = self;
        if part.rows > 0 {
            loss.set_part(totals.samples, totals.weight);
        }
        penalties.set_part(part.rows as f64 / part.total.max(1) as f64);
        let (mut values, scratch) = workspace.split();
        let weights = &network.weights;
        let mut passed = train((weights, &mut network.state), network.seed, optimizer_state);
        let mut visitor = ForwardPart { train: &mut passed, scratch, part, result: Ok(()) };
        pass::forward(&network.nodes, &mut values, loss.takes_activation(), &mut visitor);
        visitor.result?;
        let mut mine = 0.0;
        if part.rows > 0 {
            mine = loss.value_and_gradient(workspace.output(), gradients.output_mut());
            mine += penalties.of_outputs(workspace);
        }
        if part.communicator.rank() == 0 {
            mine += penalties.of_weights(weights);
        }
        let mut passed = train((weights, &mut network.state), network.seed, optimizer_state);
        let of_outputs = (part.rows > 0 && penalties.on_outputs()).then_some(&mut *penalties);
        let mut visitor = BackwardPart { part, result: Ok(()) };
        pass::backward(&network.nodes, workspace, gradients, &mut passed, fused, of_outputs, &mut visitor);
        visitor.result?;
        sums.clear();
        sums.extend_from_slice(&optimizer_state.gradients);
        if part.rows == 0 {
            sums.fill(T::zero());
        }
        sums.push(T::of(mine));
        T::sum_over(part.communicator, sums)?;
        let all = sums.pop().unwrap_or_default().to_f64();
        optimizer_state.gradients.copy_from_slice(sums);
        penalties.add_weight_gradients(weights, &mut optimizer_state.gradients);
        Ok((mine, all))
    }

    /// Updates the metrics with the rows of this rank; `mine` is their part of the loss.
    pub(super) fn update_part(&self, metrics: &mut RunningMetrics<T>, part: &RankRows<'_>, mine: f64) {
        let loss = mine * part.total as f64;
        if part.rows == 0 {
            return metrics.add_loss(loss);
        }
        let predictions = self.loss.predictions(self.workspace.output());
        metrics.update_part(self.loss.targets(), predictions, self.loss.weights(), loss);
    }
}
