//! The loop of a fit.

use super::block_reader::BlockReader;
use super::callback::{Callback, Divergence};
use super::context::{Context, LogKey};
use super::dataset::Dataset;
use super::epoch_iterator::EpochIterator;
use super::evaluate_loop::EvaluateLoop;
use super::fit_settings::FitSettings;
use super::fit_state::{BackupRequest, Called, Kept, Resumed, RunningPart, Start};
use super::history::History;
use super::logs::Logs;
use super::measures::Measures;
use super::network::Network;
use super::progress::Progress;
use super::ranks::Ranks;
use super::resumable_fit::ResumableFit;
use super::row_stream::{RowInput, RowStream, seed_of_pass};
use super::running_metrics::RunningMetrics;
use super::train_step::TrainStep;
use crate::optimizers::OptimizerState;
use crate::random::{Purpose, seed_of_rank};
use crate::{Error, Result, Scalar};
use std::thread;
use std::time::Instant;

/// The state of a running fit: the model, its data, the callbacks and the logs.
pub(crate) struct FitLoop<'a, 'f, 'r, T: Scalar> {
    pub(super) network: &'a mut Network<T>,
    pub(super) optimizer_state: &'a mut OptimizerState<T>,
    pub(super) history: &'a mut History,
    pub(super) data: Dataset<'f, T>,
    pub(super) source: Option<FitSource<'r, T>>,
    pub(super) validation: Option<EvaluateLoop<T>>,
    pub(super) step: TrainStep<T>,
    pub(super) metrics: RunningMetrics<T>,
    pub(super) options: FitSettings,
    pub(super) callbacks: Vec<Box<dyn Callback<T> + 'f>>,
    /// The names of all values in the logs.
    pub(super) keys: Vec<LogKey>,
    /// For each callback, the number of leading keys that it can see.
    pub(super) known: Vec<usize>,
    pub(super) measures: Measures<'a, T>,
    pub(super) batches: EpochIterator,
    /// The number of epochs that were trained before the current pass over the data; the order of the pass is derived from it.
    pub(super) order: u64,
    pub(super) logs: Logs,
    pub(super) stop: bool,
    /// The state from which a callback asks the fit to resume.
    pub(super) resume: Option<Resumed<T>>,
    /// The backups that callbacks have requested in this round of calls.
    pub(super) backups: Vec<BackupRequest<T>>,
    /// The epoch whose weights a callback restored last.
    pub(super) restored: Option<usize>,
    /// The state of a fit in several parts and the end of this part.
    pub(super) resumable: Option<&'f mut ResumableFit<T>>,
    /// The ranks of a distributed fit.
    pub(super) ranks: Option<Ranks<'f>>,
}

/// The block source of a fit's samples, if they are not given as matrices.
pub(super) struct FitSource<'r, T: Scalar> {
    pub(super) stream: RowStream<T>,
    pub(super) reader: BlockReader<'r, T>,
    /// The reader of the validation samples, if they come from a separate source.
    pub(super) validation: Option<BlockReader<'r, T>>,
}

/// Why an epoch ended early.
pub(super) enum Interruption {
    /// The fit ends without an error.
    Quiet,
    Failure(Error),
}

impl From<Error> for Interruption {
    fn from(error: Error) -> Self {
        Interruption::Failure(error)
    }
}

impl<'f, T: Scalar> FitLoop<'_, 'f, '_, T> {
    /// Runs the whole fit.
    ///
    /// After an error, callbacks are called once more, for example to restore the best weights, before the error is returned.
    pub(crate) fn run(self) -> Result<()> {
        thread::scope(|scope| {
            // Moved into the scope, so that dropping the fit ends the thread that fills windows before the scope waits for it.
            let mut fit = self;
            fit.data.fill_ahead(scope);
            let mut called = Called::default();
            fit.fit(&mut called).map_err(|error| fit.fail(error, &called))
        })
    }

    /// Runs all epochs.
    fn fit(&mut self, called: &mut Called) -> Result<()> {
        self.call_each(0, &mut called.begun, |callback, context| callback.on_train_begin(context))?;
        self.restore_paused()?;
        self.broadcast_start()?;
        let (start, resumed) = match self.resume.take() {
            Some(resumed) => {
                let start = self.continue_with(resumed);
                let start = self.agreed(start)?;
                self.broadcast_state()?;
                (start, true)
            }
            None => (Start { epoch: self.options.initial_epoch, ..Start::default() }, false),
        };
        let begins = start.epoch < self.options.epochs;
        let result = self.epochs(start);
        // Also after an error, as in Keras: the averages up to the error are what the user asked for.
        if resumed || begins {
            self.optimizer_state.apply_averages(&mut self.network.weights);
            // The weights are averaged before they are projected, so an average may violate the constraints.
            if self.optimizer_state.averages() {
                self.network.constrain();
            }
        }
        result?;
        let last = self.last_epoch();
        self.call_each(last, &mut called.ended, |callback, context| callback.on_train_end(context))
    }

    /// The number of epochs of all parts together.
    pub(super) fn epochs_of_the_whole(&self) -> usize {
        self.options.epochs
    }

    /// The last epoch that was finished.
    pub(super) fn last_epoch(&self) -> usize {
        self.history.epochs().last().copied().unwrap_or(0)
    }

    /// Runs the epochs until the last one or until a callback stops the fit.
    fn epochs(&mut self, start: Start) -> Result<()> {
        let Start { epoch: first, step, mut running, finished } = start;
        if finished {
            return Ok(());
        }
        let steps = self.batches.shown();
        let mut progress = Progress::new(self.options.verbosity, self.options.epochs, steps);
        let mut kept = Kept::default();
        for epoch in first..self.options.epochs {
            let begin = Instant::now();
            self.logs.clear();
            self.call(epoch, |callback, context| callback.on_epoch_begin(context))?;
            kept.remember(self.network, self.optimizer_state);
            progress.set_steps(self.batches.shown());
            progress.begin(epoch);
            let step = if epoch == first { step } else { 0 };
            let result = match self.ranks.clone() {
                Some(ranks) => self.epoch_of_ranks((&ranks, epoch, step), running.take(), &mut progress),
                None => self.epoch(epoch, step, running.take(), &mut progress),
            };
            let done = match result {
                Ok(done) => done,
                Err(interruption) => {
                    // Return to the weights from before this epoch, in which the loss diverged.
                    kept.restore(self.network, self.optimizer_state);
                    progress.abandon();
                    return match interruption {
                        Interruption::Quiet => Ok(()),
                        Interruption::Failure(error) => Err(error),
                    };
                }
            };
            self.optimizer_state.epochs += 1;
            let trained = begin.elapsed().as_secs_f64();
            self.logs.clear();
            self.metrics.write("", &mut self.logs);
            let result = self.validate(epoch);
            let validated = result.is_ok();
            let result = result.and_then(|()| self.call(epoch, |callback, context| callback.on_epoch_end(context)));
            if validated {
                // Recorded even if a callback failed, since the epoch is complete.
                self.history.push(epoch, &self.logs, begin.elapsed().as_secs_f64(), done);
                progress.set_steps(self.batches.shown());
                progress.end(&self.logs, trained);
            } else {
                progress.abandon();
            }
            result?;
            let written = self.back_up(epoch);
            self.agreed(written)?;
            if self.stop || self.pauses_after(epoch)? {
                break;
            }
        }
        Ok(())
    }

    /// Runs the validation of an epoch, if there is one.
    fn validate(&mut self, epoch: usize) -> Result<()> {
        if self.validation.is_none() || !(epoch + 1).is_multiple_of(self.options.validation_freq) {
            return Ok(());
        }
        self.call(epoch, |callback, context| callback.on_test_begin(context))?;
        if let Some(validation) = &mut self.validation {
            let source = self.source.as_mut();
            let reader = source.map(|source| source.validation.as_mut().unwrap_or(&mut source.reader));
            let result = validation.run(self.network, ("val_", &mut self.callbacks), reader, &mut self.logs);
            if let Some(FitSource { stream, validation: None, .. }) = &mut self.source
                && validation.is_stream()
            {
                // Training and validation read the same source, so the validation has moved its position.
                stream.lose_position();
            }
            self.agreed(result)?;
        }
        self.merge_validation()?;
        self.call(epoch, |callback, context| callback.on_test_end(context))
    }

    /// Merges the results of a validation over all ranks.
    fn merge_validation(&mut self) -> Result<()> {
        if let (Some(ranks), Some(validation)) = (&self.ranks, &mut self.validation) {
            validation.merge(ranks.communicator(), "val_", &mut self.logs)?;
        }
        Ok(())
    }

    /// Runs one epoch from step `first` on; returns the number of steps done in the epoch.
    fn epoch(
        &mut self,
        epoch: usize,
        first: usize,
        running: Option<(RunningPart, usize)>,
        progress: &mut Progress,
    ) -> std::result::Result<usize, Interruption> {
        let batch_size = self.options.batch_size;
        let observed = !self.callbacks.is_empty();
        // Only reading ahead shows whether the pass has another batch.
        if self.batches.is_open() && !self.batches.at_start() && self.position(self.batches.next())?.is_none() {
            self.batches.end_pass(self.batches.next());
        }
        if self.batches.at_start() {
            self.draw_order(self.optimizer_state.epochs);
        }
        self.metrics.reset();
        let mut done = 0;
        if let Some((running, steps)) = running {
            self.metrics.continue_with(&running);
            done = steps.min(self.batches.in_next_epoch());
        }
        for (step, batch) in self.batches.next_epoch().enumerate().skip(first) {
            let Some(start) = self.position(batch)? else {
                self.batches.end_pass(batch);
                break;
            };
            if observed {
                self.call(epoch, |callback, context| callback.on_train_batch_begin(step, context))?;
            }
            self.step.set_rows((self.data.rows() - start).min(batch_size));
            self.step.load_and_forward(&mut self.data, start, self.network, self.optimizer_state);
            let loss = self.step.compute_loss(self.network);
            if !loss.is_finite() {
                return Err(self.diverged(epoch, step, loss)?);
            }
            self.step.backward_loaded(self.network, self.optimizer_state);
            self.step.update_weights(self.network, self.optimizer_state);
            self.step.update(&mut self.metrics, loss);
            done += 1;
            if observed {
                self.logs.clear();
                self.metrics.write("", &mut self.logs);
                self.call(epoch, |callback, context| callback.on_train_batch_end(step, context))?;
                self.back_up(epoch)?;
            }
            if progress.is_due(step) {
                self.logs.clear();
                self.metrics.write("", &mut self.logs);
                progress.draw(step + 1, &self.logs);
            }
            if self.stop {
                break;
            }
        }
        Ok(done)
    }

    /// The position in the dataset where a batch of the pass begins; `None` if a source's pass ends before this batch.
    #[inline]
    pub(super) fn position(&mut self, batch: usize) -> Result<Option<usize>> {
        let Some(FitSource { stream, reader, .. }) = &mut self.source else {
            return Ok(Some(batch * self.options.batch_size));
        };
        let input = RowInput { reader, network: self.network, loss: self.step.loss.loss() };
        let position = stream.at(batch.saturating_mul(self.options.batch_size), &mut self.data, input)?;
        if position.is_none() {
            stream.check_not_empty(batch)?;
        }
        Ok(position)
    }

    /// Shuffles the samples for a pass.
    pub(super) fn draw_order(&mut self, order: u64) {
        self.order = order;
        let seed = self.options.seed.unwrap_or(self.network.seed());
        let seed = self.ranks.as_ref().map_or(seed, |ranks| seed_of_rank(seed, ranks.rank()));
        if let Some(source) = &mut self.source {
            source.stream.begin_pass(self.options.shuffle.then(|| seed_of_pass(seed, order)));
        } else if self.options.shuffle {
            self.data.shuffle(seed, Purpose::Shuffle, order);
        }
    }

    /// Calls the callbacks after a loss that is NaN or infinite; the fit fails unless one of them returns [`Divergence::Stop`].
    pub(super) fn diverged(&mut self, epoch: usize, step: usize, loss: f64) -> Result<Interruption> {
        let mut quiet = false;
        self.call(epoch, |callback, context| {
            quiet |= callback.on_divergence(step, loss, context)? == Divergence::Stop;
            Ok(())
        })?;
        Ok(match self.decided(quiet)? {
            true => Interruption::Quiet,
            false => {
                Interruption::Failure(Error::Diverged { epoch: epoch + 1, step: step + 1, loss, restored_epoch: None })
            }
        })
    }

    /// Calls one hook of every callback.
    pub(super) fn call(
        &mut self,
        epoch: usize,
        occasion: impl FnMut(&mut (dyn Callback<T> + 'f), &mut Context<'_, T>) -> Result<()>,
    ) -> Result<()> {
        self.call_each(epoch, &mut 0, occasion)
    }

    /// Calls one hook of every callback, and counts the calls that succeed.
    fn call_each(
        &mut self,
        epoch: usize,
        succeeded: &mut usize,
        mut occasion: impl FnMut(&mut (dyn Callback<T> + 'f), &mut Context<'_, T>) -> Result<()>,
    ) -> Result<()> {
        let before = self.before_callbacks();
        let mut result = Ok(());
        for index in 0..self.callbacks.len() {
            result = self.call_one(index, epoch, &mut occasion);
            if result.is_err() {
                break;
            }
            *succeeded += 1;
        }
        self.broadcast_decisions(before, result)
    }

    /// Calls one hook of one callback.
    pub(super) fn call_one(
        &mut self,
        index: usize,
        epoch: usize,
        occasion: impl FnOnce(&mut (dyn Callback<T> + 'f), &mut Context<'_, T>) -> Result<()>,
    ) -> Result<()> {
        let mut context = Context {
            epoch,
            epochs: self.options.epochs,
            steps: self.batches.shown(),
            logs: &mut self.logs,
            network: self.network,
            optimizer_state: self.optimizer_state,
            keys: &self.keys[..self.known[index]],
            validated: self.validation.is_some(),
            measures: self.measures,
            stop: &mut self.stop,
            resume: &mut self.resume,
            backups: &mut self.backups,
            restored: &mut self.restored,
        };
        occasion(&mut *self.callbacks[index], &mut context)
    }
}
