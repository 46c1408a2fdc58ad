//! Computes loss and metrics on given samples, without training.

use super::argument_names::ArgumentNames;
use super::block_reader::{BlockReader, OpenSource};
use super::callback::Callback;
use super::checks::{same_rows, sample_weights, targets};
use super::dataset::Dataset;
use super::epoch_iterator::EpochIterator;
use super::logs::Logs;
use super::loss::BatchLoss;
use super::measures::Measures;
use super::network::Network;
use super::pass::{self, Infer};
use super::penalties::Penalties;
use super::progress::{Progress, Verbosity};
use super::ranks::gather;
use super::row_stream::{HashPart, RowInput, RowStream, window};
use super::running_metrics::RunningMetrics;
use super::samples::Samples;
use super::workspace::Workspace;
use crate::distributed::Communicator;
use crate::kernels::strided_view::StridedView;
use crate::metrics::Width;
use crate::{Error, Result, Scalar};
use std::sync::Arc;

/// The callbacks of an evaluation.
pub(crate) type Callbacks<'a, T> = Vec<Box<dyn Callback<T> + 'a>>;

/// Samples and buffers that are prepared once and evaluated any number of times.
pub(crate) struct EvaluateLoop<T: Scalar> {
    data: Dataset<'static, T>,
    /// Reads the samples of a source of blocks; `None` for samples in memory.
    stream: Option<RowStream<T>>,
    workspace: Workspace<T>,
    loss: BatchLoss<T>,
    penalties: Penalties<T>,
    metrics: RunningMetrics<T>,
    batch_size: usize,
    /// The batches that are evaluated, the same ones in every evaluation.
    batches: EpochIterator,
}

impl<T: Scalar> EvaluateLoop<T> {
    /// Prepares an evaluation of matrices; checks the samples against the model.
    pub(crate) fn new(
        network: &Network<T>,
        measures: &Measures<'_, T>,
        (x, y): (StridedView<'_, T>, StridedView<'_, T>),
        shared: Option<&Arc<Samples<T>>>,
        weights: Option<&[T]>,
        (batch_size, steps): (usize, Option<usize>),
        names: &ArgumentNames,
    ) -> Result<Self> {
        same_rows((names.x, x.rows), (names.y, y.rows))?;
        network.check_input(names.x, &x)?;
        if x.rows == 0 {
            return Err(Error::Empty { what: names.x.into(), advice: "pass at least one sample".into() });
        }
        let weights = sample_weights(names.weights, weights, (names.x, x.rows))?;
        let batch_size = batch_size.min(x.rows).max(1);
        let loss = BatchLoss::new(network, measures.loss, y.columns, batch_size, weights.is_some())?;
        targets(names.y, &y, loss.loss(), network.outputs())?;
        let batches = EpochIterator::new(x.rows, batch_size, steps);
        let data = Dataset::new(&x, &y, weights.as_deref(), shared)?;
        Self::assemble(network, measures, (data, None, y.columns), loss, (batch_size, batches))
    }

    /// Prepares an evaluation of a source of samples and targets.
    pub(crate) fn of_source(
        network: &Network<T>,
        measures: &Measures<'_, T>,
        source: &OpenSource<'_, T>,
        size: (usize, Option<usize>),
    ) -> Result<Self> {
        let capacity = window::<T>(source.shape, size.0, None);
        let stream = RowStream::new((source.shape, source.rows), capacity, HashPart::All, ArgumentNames::SOURCE);
        Self::of_stream(network, measures, stream, size)
    }

    /// Prepares an evaluation of a stream; checks the shape of its rows against the model. The rows are checked when they are read.
    pub(super) fn of_stream(
        network: &Network<T>,
        measures: &Measures<'_, T>,
        stream: RowStream<T>,
        (batch_size, steps): (usize, Option<usize>),
    ) -> Result<Self> {
        let batch_size = stream.batch_size(batch_size);
        let outputs = stream.outputs();
        let loss = BatchLoss::new(network, measures.loss, outputs, batch_size, stream.weighted())?;
        stream.check_shape(network, loss.loss())?;
        let batches = EpochIterator::of_source(stream.rows(), batch_size, steps);
        Self::assemble(network, measures, (stream.dataset()?, Some(stream), outputs), loss, (batch_size, batches))
    }

    fn assemble(
        network: &Network<T>,
        measures: &Measures<'_, T>,
        (data, stream, targets): (Dataset<'static, T>, Option<RowStream<T>>, usize),
        loss: BatchLoss<T>,
        (batch_size, batches): (usize, EpochIterator),
    ) -> Result<Self> {
        let width = Width { targets, outputs: network.outputs() };
        let metrics = RunningMetrics::new(measures.metrics, measures.weighted_metrics, width)?;
        Ok(EvaluateLoop {
            data,
            stream,
            workspace: Workspace::for_inference(network, batch_size)?,
            loss,
            penalties: Penalties::of_evaluation(network, batch_size)?,
            metrics,
            batch_size,
            batches,
        })
    }

    /// Whether the samples come from a block source.
    pub(super) fn is_stream(&self) -> bool {
        self.stream.is_some()
    }

    /// Computes loss and metrics, with a progress display for this evaluation.
    pub(crate) fn run_shown(
        &mut self,
        network: &Network<T>,
        (verbosity, callbacks): (Verbosity, &mut Callbacks<'_, T>),
        reader: Option<&mut BlockReader<'_, T>>,
        logs: &mut Logs,
    ) -> Result<()> {
        let steps = self.batches.shown();
        let mut progress = Progress::of_pass(verbosity, steps);
        let mut result = callbacks.iter_mut().try_for_each(|callback| callback.on_evaluate_begin(steps));
        result = result.and_then(|()| self.run(network, ("", callbacks), reader, logs));
        progress.set_steps(self.batches.shown());
        result = result.and_then(|()| callbacks.iter_mut().try_for_each(|callback| callback.on_evaluate_end(logs)));
        match &result {
            Ok(()) => progress.end_pass(logs),
            Err(_) => progress.abandon(),
        }
        result
    }

    /// Computes loss and metrics, and writes them to the logs under names with this prefix.
    ///
    /// # Errors
    ///
    /// The errors of a callback or of the source of the samples.
    pub(crate) fn run(
        &mut self,
        network: &Network<T>,
        (prefix, callbacks): (&str, &mut Callbacks<'_, T>),
        mut reader: Option<&mut BlockReader<'_, T>>,
        logs: &mut Logs,
    ) -> Result<()> {
        let mut so_far = Logs::default();
        self.metrics.reset();
        if let Some(stream) = &mut self.stream {
            stream.begin_pass(None);
        }
        // Every evaluation begins with the first batch.
        for batch in 0..self.batches.per_epoch() {
            let mut start = batch * self.batch_size;
            if let (Some(stream), Some(reader)) = (&mut self.stream, &mut reader) {
                let input = RowInput { reader, network, loss: self.loss.loss() };
                match stream.at(start, &mut self.data, input)? {
                    Some(position) => start = position,
                    None => {
                        stream.check_not_empty(batch)?;
                        self.batches.end_pass(batch);
                        break;
                    }
                }
            }
            callbacks.iter_mut().try_for_each(|callback| callback.on_test_batch_begin(batch))?;
            let loss = self.batch(network, start);
            let output = self.workspace.output();
            self.metrics.update(self.loss.targets(), self.loss.predictions(output), self.loss.weights(), loss);
            if !callbacks.is_empty() {
                so_far.clear();
                self.metrics.write("", &mut so_far);
                callbacks.iter_mut().try_for_each(|callback| callback.on_test_batch_end(batch, &so_far))?;
            }
        }
        self.metrics.write(prefix, logs);
        Ok(())
    }

    /// Merges the results of the last evaluation over all ranks, and writes them to the logs under names with this prefix.
    pub(super) fn merge(&mut self, communicator: &dyn Communicator, prefix: &str, logs: &mut Logs) -> Result<()> {
        let mine = self.metrics.numbers();
        self.metrics.set_merged(&gather(communicator, &mine)?);
        self.metrics.write(prefix, logs);
        Ok(())
    }

    /// Evaluates the batch that starts at a position; returns its loss with all penalties.
    fn batch(&mut self, network: &Network<T>, start: usize) -> f64 {
        let rows = (self.data.rows() - start).min(self.batch_size);
        self.workspace.set_rows(rows);
        self.loss.set_rows(rows);
        self.loss.load(&mut self.data, start, self.workspace.input_mut());
        let (mut values, scratch) = self.workspace.split();
        let mut infer = Infer { weights: &network.weights, state: &network.state, scratch: scratch.common() };
        pass::forward(&network.nodes, &mut values, self.loss.takes_activation(), &mut infer);
        let loss = self.loss.value(self.workspace.output());
        loss + self.penalties.of_weights(&network.weights) + self.penalties.of_outputs(&self.workspace)
    }
}

#[cfg(test)]
mod tests {
    use crate::items::Spec;
    use crate::losses::Loss;
    use crate::prelude::*;
    use crate::{Batch, BatchMut};
    use nalgebra::DMatrix;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    /// A loss that counts how often its gradient is computed.
    #[derive(Debug)]
    struct CountedLoss(Arc<AtomicUsize>);

    impl Spec for CountedLoss {}

    impl Loss<f32> for CountedLoss {
        fn forward(&self, _: Batch<'_, f32>, p: Batch<'_, f32>, losses: &mut [f32]) {
            losses.copy_from_slice(p.column(0));
        }

        fn backward(&self, _: Batch<'_, f32>, _: Batch<'_, f32>, scale: &[f32], mut dp: BatchMut<'_, f32>) {
            self.0.fetch_add(1, Ordering::Relaxed);
            dp.column_mut(0).copy_from_slice(scale);
        }
    }

    #[test]
    fn evaluation_and_validation_compute_no_gradient() -> crate::Result<()> {
        let x = DMatrix::from_fn(20, 1, |i, _| i as f32);
        let count = Arc::new(AtomicUsize::new(0));
        let mut model = Sequential::new().add(Dense::new(1, Linear)).compile("sgd", CountedLoss(count.clone()), ());
        let fit = Fit::new().epochs(2).batch_size(5).validation_split(0.5).verbose(0);
        model.fit(&x, &x, fit)?;
        model.evaluate(&x, &x)?;
        // Two steps in each of two epochs.
        assert_eq!(count.load(Ordering::Relaxed), 4);
        Ok(())
    }

    #[test]
    fn every_validation_takes_the_same_first_batches() -> crate::Result<()> {
        let x = DMatrix::from_fn(20, 1, |i, _| i as f32);
        let mut model = Sequential::new().add(Dense::new(1, Linear)).compile(SGD.learning_rate(0.0), "mse", ());
        let fit = Fit::new().epochs(3).validation_split(0.5).validation_batch_size(4).validation_steps(2).verbose(0);
        let history = model.fit(&x, &x, fit)?;
        let first = x.rows(10, 8);
        let expected = model.evaluate(&first, &first)?.get("loss").unwrap();
        assert!(expected > 0.0);
        for loss in history.get("val_loss").unwrap() {
            approx::assert_relative_eq!(*loss, expected, max_relative = 1e-6);
        }
        Ok(())
    }
}
