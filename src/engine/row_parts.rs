//! A training step whose rows are computed in parts, each through all layers, by as many threads as there are.
//!
//! A part has its own values and its own gradients of the weights, so a thread finds what it computed for the layer before in its
//! own cache, and threads meet twice a step: at the loss, which is that of the whole batch, and at the sum of the gradients. How
//! many parts there are depends on the network and the batch size, not on the number of threads, and their gradients are added in
//! the order of the rows: the result is the same, bit for bit, for any number of threads.

use super::dataset::Dataset;
use super::loss::BatchLoss;
use super::network::{Network, Node};
use super::pass::{self, Fused, Train, TrainBackward, TrainForward};
use super::workspace::{GradientBuffers, Workspace};
use crate::kernels::aligned::Aligned;
use crate::kernels::{LANES, padded, prefetch_all};
use crate::optimizers::add_gradients;
use crate::{BatchBuffer, Result, Scalar, threads};

/// The rows of a part, at least: with fewer the kernels reach less of their speed.
const ROWS: usize = 128;

/// The rows of a part times the weights of the network, at least: a third of its multiply-adds. As many take some microseconds, and to
/// give a part to another thread takes half of one.
const GRAIN: usize = 1 << 16;

/// The largest number of parts.
const MOST: usize = 8;

/// Networks of more weights divide the products of each layer instead: those are long enough, and to add the gradients of the parts
/// would take as long as a part of them.
const WEIGHTS: usize = 1 << 16;

/// The parts of the batches of a fit.
pub(super) struct RowParts<T: Scalar> {
    parts: Vec<RowPart<T>>,
    /// The rows of each part but the last.
    size: usize,
    /// The parts that the present batch fills.
    filled: usize,
}

/// The buffers of some rows of a batch.
struct RowPart<T: Scalar> {
    workspace: Workspace<T>,
    gradients: GradientBuffers<T>,
    of_weights: Aligned<T>,
    targets: BatchBuffer<T>,
    /// Empty where no weights are given.
    sample_weights: Aligned<T>,
    /// The first row of the part in the batch.
    first: usize,
    rows: usize,
}

/// The network and settings of a step that all threads read.
#[derive(Clone, Copy)]
pub(super) struct StepLayers<'a, T: Scalar> {
    nodes: &'a [Node<T>],
    weights: &'a [T],
    seed: u64,
    step: u64,
    fused: &'a Fused,
    /// Whether the loss takes the last activation.
    skip_activation: bool,
}

impl<'a, T: Scalar> StepLayers<'a, T> {
    pub(super) fn new(network: &'a Network<T>, fused: &'a Fused, skip_activation: bool, step: u64) -> Self {
        let Network { nodes, weights, .. } = network;
        StepLayers { nodes, weights, seed: network.seed(), step, fused, skip_activation }
    }

    /// A training pass that writes these gradients; no layer here has a state.
    fn train<'p>(&self, gradients: &'p mut [T]) -> Train<'p, T>
    where
        'a: 'p,
    {
        Train { weights: self.weights, state: &mut [], gradients, seed: self.seed, step: self.step, inference: false }
    }
}

/// Into how many parts batches of this size are divided.
fn count(rows: usize, weights: usize) -> usize {
    if weights > WEIGHTS {
        return 1;
    }
    let most = (rows / ROWS).min(rows.saturating_mul(weights) / GRAIN).clamp(1, MOST);
    // A power of two, so that two, four or eight threads have equally much to do.
    1 << most.ilog2()
}

impl<T: Scalar> RowParts<T> {
    /// The parts of batches of at most `batch_size` samples; none where a step is too small for them, or where a layer does not compute
    /// each row by itself.
    pub(super) fn new(
        network: &Network<T>,
        wanted: &[bool],
        (batch_size, targets, weighted): (usize, usize, bool),
    ) -> Result<Option<Self>> {
        let count = count(batch_size, network.weights.len());
        let by_rows = |node: &Node<T>| {
            node.built.computes_by_rows() && node.built.activity_regularizer().is_none() && node.state.is_empty()
        };
        if count == 1 || !network.nodes.iter().all(by_rows) {
            return Ok(None);
        }
        let size = batch_size.div_ceil(count).next_multiple_of(LANES);
        let lack = |lack| network.lacks(lack, batch_size);
        let part = |first: usize| {
            Ok(RowPart {
                workspace: Workspace::for_training(network, size)?,
                gradients: GradientBuffers::new(network, wanted.to_vec(), size)?,
                of_weights: Aligned::try_zeros(&[network.weights.len()]).map_err(lack)?,
                targets: BatchBuffer::try_zeros(size, targets).map_err(lack)?,
                sample_weights: Aligned::try_zeros(&[if weighted { padded(size) } else { 0 }]).map_err(lack)?,
                first,
                rows: size,
            })
        };
        let parts = (0..batch_size).step_by(size).map(part).collect::<Result<Vec<_>>>()?;
        Ok(Some(RowParts { filled: parts.len(), parts, size }))
    }

    /// Sets the number of rows of the batch, at most that of construction.
    pub(super) fn set_rows(&mut self, rows: usize) {
        self.filled = rows.div_ceil(self.size);
        for part in &mut self.parts[..self.filled] {
            part.rows = (rows - part.first).min(self.size);
            part.workspace.set_rows(part.rows);
            part.gradients.set_rows(part.rows);
            part.targets.set_rows(part.rows);
        }
    }

    /// Loads the batch that starts at a position of the order, and computes the outputs of the network.
    pub(super) fn forward(
        &mut self,
        data: &mut Dataset<'_, T>,
        (start, rows): (usize, usize),
        layers: StepLayers<'_, T>,
        loss: &mut BatchLoss<T>,
        output: &mut Workspace<T>,
    ) {
        data.hold(start, rows);
        let data = &*data;
        // Each thread has updated some of the weights.
        let among_threads = threads::num_threads() > 1;
        self.each(&|part, again| {
            let RowPart { workspace, of_weights, targets, sample_weights, first, rows: in_part, .. } = part;
            // Where this thread goes on: with its next part, or with the first of its parts of the next batch.
            let next = again.map_or(*first + *in_part, |again| rows + again);
            if among_threads {
                prefetch_all(layers.weights);
            }
            data.load_part((start + *first, start + next), workspace.input_mut(), targets.batch_mut(), sample_weights);
            let (mut values, scratch) = workspace.split();
            let mut train = layers.train(of_weights);
            let mut visitor = TrainForward { train: &mut train, scratch };
            pass::forward(layers.nodes, &mut values, layers.skip_activation, &mut visitor);
        });
        for RowPart { workspace, targets, sample_weights, first, .. } in &self.parts[..self.filled] {
            loss.place(*first, targets.batch(), sample_weights);
            let from = workspace.output();
            let mut output = output.output_mut();
            for column in 0..from.columns() {
                output.column_mut(column)[*first..][..from.rows()].copy_from_slice(from.column(column));
            }
        }
        output.output_mut().clear_padding();
        loss.placed();
    }

    /// Computes the gradients of the weights from that of the network's output.
    pub(super) fn backward(
        &mut self,
        layers: StepLayers<'_, T>,
        of_output: &mut GradientBuffers<T>,
        of_weights: &mut Aligned<T>,
    ) {
        let of_output = of_output.output_mut();
        let from = of_output.as_batch();
        // The first part writes where the sum will be.
        std::mem::swap(&mut self.parts[0].of_weights, of_weights);
        self.each(&|part, _| {
            let RowPart { workspace, gradients, of_weights, first, rows, .. } = part;
            let mut to = gradients.output_mut();
            for column in 0..from.columns() {
                to.column_mut(column).copy_from_slice(&from.column(column)[*first..][..*rows]);
            }
            to.clear_padding();
            let mut train = layers.train(of_weights);
            pass::backward(layers.nodes, workspace, gradients, &mut train, layers.fused, None, &mut TrainBackward);
        });
        std::mem::swap(&mut self.parts[0].of_weights, of_weights);
        threads::with_shared_values(|| {
            for part in &self.parts[1..self.filled] {
                add_gradients(&part.of_weights, of_weights);
            }
        });
    }

    /// Computes something for each part; with the last one of a thread it is told the first row of that thread's first part.
    fn each(&mut self, run: &(impl Fn(&mut RowPart<T>, Option<usize>) + Sync)) {
        let parts = &mut self.parts[..self.filled];
        let count = parts.len().min(threads::num_threads());
        threads::divide(parts, count, &split, &|parts| {
            let again = parts.first().map(|part| part.first);
            let last = parts.len().saturating_sub(1);
            for (i, part) in parts.iter_mut().enumerate() {
                run(part, again.filter(|_| i == last));
            }
        });
    }
}

/// The first `left` of `of` groups of parts, and the others.
fn split<T: Scalar>(parts: &mut [RowPart<T>], left: usize, of: usize) -> (&mut [RowPart<T>], &mut [RowPart<T>]) {
    parts.split_at_mut(threads::boundary(parts.len(), left, of))
}

#[cfg(test)]
mod tests {
    use super::super::build::Blueprint;
    use super::super::train_step::TrainStep;
    use super::*;
    use crate::items::{IntoItem, Item};
    use crate::kernels::strided_view::StridedView;
    use crate::layers::{Dense, Dropout, Layer};
    use crate::losses::{Loss, MeanSquaredError, SparseCategoricalCrossentropy};
    use crate::optimizers::{OptimizerState, SGD};
    use crate::prelude::{Relu, Softmax, Tanh};
    use nalgebra::DMatrix;
    use std::sync::Arc;

    #[test]
    fn parts_are_worth_a_thread_and_a_power_of_two() {
        // The networks 12-12-12-1 and 30-64-64-1.
        let (small, medium) = (325, 6209);
        assert_eq!([32, 256, 512, 1024, 4096].map(|rows| count(rows, small)), [1, 1, 2, 4, 8]);
        assert_eq!([32, 128, 255, 256, 500, 1024].map(|rows| count(rows, medium)), [1, 1, 1, 2, 2, 8]);
        assert_eq!(count(4096, 535_818), 1);
        assert_eq!(count(usize::MAX, 60_000), 8);
    }

    fn network(layers: &[Arc<dyn Layer<f64>>]) -> Result<Network<f64>> {
        Blueprint::of_chain(layers, Some(3), 20, usize::MAX)?.initialized()
    }

    #[test]
    fn the_gradients_of_parts_add_up_to_those_of_the_batch() -> Result<()> {
        let rows = 600;
        let x = DMatrix::from_fn(rows, 20, |i, j| ((i * (2 * j + 3)) % 101) as f64 / 50.0 - 1.0);
        let y = DMatrix::from_fn(rows, 1, |i, _| (i * 7 % 3) as f64);
        let weights: Vec<f64> = (0..rows).map(|i| (i % 5) as f64 / 2.0).collect();
        let classes: Item<dyn Loss<f64>> = SparseCategoricalCrossentropy.into_item();
        let numbers: Item<dyn Loss<f64>> = MeanSquaredError.into_item();
        for (last, loss, weighted) in [(Dense::new(3, Softmax), classes, true), (Dense::new(1, Tanh), numbers, false)] {
            let mut network =
                network(&[Arc::new(Dense::new(40, Tanh)), Arc::new(Dense::new(30, Relu)), Arc::new(last)])?;
            let weights = weighted.then_some(weights.as_slice());
            let (x, y) = (StridedView::new(x.as_view()), StridedView::new(y.as_view()));
            let mut step = TrainStep::new(&network, &loss, 1, rows, weighted)?;
            assert_eq!(step.row_parts.as_ref().map(|parts| parts.parts.len()), Some(4));
            // All rows, and those of a last batch, which fill one part and some of another.
            for (copied, count) in [(true, rows), (true, 190), (false, 500)] {
                let mut data = match copied {
                    true => Dataset::new(&x, &y, weights, None)?,
                    false => Dataset::windowed(x, y, weights.map(<[f64]>::to_vec), count)?,
                };
                let mut state = OptimizerState::new(SGD, network.variables(), network.flat_weights())?;
                step.set_rows(count);
                step.load_and_forward(&mut data, rows - count, &mut network, &mut state);
                let of_parts = step.compute_loss(&network);
                step.backward_loaded(&mut network, &mut state);
                let gradients = state.gradients.to_vec();
                step.load(&mut data, rows - count);
                step.forward(&mut network, &mut state);
                approx::assert_relative_eq!(of_parts, step.compute_loss(&network), max_relative = 1e-13);
                step.backward(&mut network, &mut state);
                assert!(gradients.iter().any(|gradient| *gradient != 0.0));
                for (found, wanted) in gradients.iter().zip(state.gradients.iter()) {
                    approx::assert_abs_diff_eq!(*found, *wanted, epsilon = 1e-14);
                }
            }
        }
        Ok(())
    }

    #[test]
    fn layers_that_need_the_whole_batch_are_not_divided() -> Result<()> {
        let of = |layer: Arc<dyn Layer<f64>>| -> Result<bool> {
            let network = network(&[Arc::new(Dense::new(40, Tanh)), layer, Arc::new(Dense::new(30, Relu))])?;
            Ok(RowParts::new(&network, &network.wanted(), (600, 1, false))?.is_some())
        };
        assert!(of(Arc::new(Dense::new(40, Softmax)))?);
        assert!(!of(Arc::new(Dropout::new(0.1)))?);
        assert!(!of(Arc::new(Dense::new(40, Tanh).activity_regularizer("l2")))?);
        Ok(())
    }
}
