//! The loop of a fit.

use super::callback::{Callback, Divergence};
use super::checks::{self, same_rows};
use super::context::{Context, LogKey};
use super::dataset::Dataset;
use super::epoch_iterator::EpochIterator;
use super::evaluate_loop::EvaluateLoop;
use super::fit_inputs::{FitInputs, ValidationSet};
use super::fit_settings::FitSettings;
use super::fit_state::{BackupRequest, Called, Kept, Resumed, RunningPart, Start};
use super::history::History;
use super::logs::Logs;
use super::measures::Measures;
use super::network::Network;
use super::progress::Progress;
use super::resumable_fit::ResumableFit;
use super::running_metrics::RunningMetrics;
use super::train_step::TrainStep;
use crate::metrics::Width;
use crate::optimizers::OptimizerState;
use crate::random::{Purpose, stream};
use crate::{Error, Result, Scalar};
use std::time::Instant;

/// Everything a fit works on.
pub(crate) struct FitLoop<'a, 'f, T: Scalar> {
    pub(super) network: &'a mut Network<T>,
    pub(super) optimizer_state: &'a mut OptimizerState<T>,
    pub(super) history: &'a mut History,
    data: Dataset<T>,
    validation: Option<EvaluateLoop<T>>,
    step: TrainStep<T>,
    pub(super) metrics: RunningMetrics<T>,
    options: FitSettings,
    pub(super) callbacks: Vec<Box<dyn Callback<T> + 'f>>,
    /// The names of all values in the logs.
    keys: Vec<LogKey>,
    /// How many of them each callback knows of.
    known: Vec<usize>,
    measures: Measures<'a, T>,
    pub(super) batches: EpochIterator,
    /// The epochs that were trained before the present pass over the data, by which its order was drawn.
    pub(super) order: u64,
    logs: Logs,
    pub(super) stop: bool,
    /// Where a callback wants the fit to go on.
    pub(super) resume: Option<Resumed<T>>,
    /// The backups that callbacks have asked for on this occasion.
    pub(super) backups: Vec<BackupRequest<T>>,
    /// The epoch whose weights a callback has restored last.
    pub(super) restored: Option<usize>,
    /// Where this part of the fit ends, of a fit in parts.
    pub(super) resumable: Option<&'f mut ResumableFit<T>>,
}

/// Why an epoch ended early.
enum Interruption {
    /// The fit is to end as if it were finished.
    Quiet,
    Failure(Error),
}

impl From<Error> for Interruption {
    fn from(error: Error) -> Self {
        Interruption::Failure(error)
    }
}

impl<'a, 'f, T: Scalar> FitLoop<'a, 'f, T> {
    /// Checks the data and options and makes all buffers.
    pub(crate) fn prepare(
        network: &'a mut Network<T>,
        optimizer_state: &'a mut OptimizerState<T>,
        history: &'a mut History,
        measures: Measures<'a, T>,
        options: FitSettings,
        inputs: FitInputs<'f, T>,
    ) -> Result<Self> {
        same_rows(("x", inputs.x.rows), ("y", inputs.y.rows))?;
        // Before a validation split takes its part of them: the message counts what the caller passed.
        if let Some(weights) = inputs.sample_weight {
            same_rows(("x", inputs.x.rows), ("sample_weight", weights.len()))?;
        }
        let (kept, validation) = inputs.split(&options)?;
        let (x, y) = (inputs.x.skip_rows(0, kept), inputs.y.skip_rows(0, kept));
        network.check_input("x", &x)?;
        network.check_differentiable()?;
        network.check_gradients_arrive()?;
        network.check_softmax()?;
        let outputs = network.outputs();
        let batch_size = options.batch_size.min(kept).max(1);
        let weighted = inputs.sample_weight.is_some() || !options.class_weight.0.is_empty();
        let step = TrainStep::new(network, measures.loss, y.columns, batch_size, weighted)?;
        checks::targets("y", &y, step.loss.loss(), outputs)?;
        checks::check_classes(&options.class_weight.0, step.loss.loss(), y.columns, outputs)?;
        let weights = inputs.weights(&options, kept)?;
        let width = Width { targets: y.columns, outputs };
        let metrics = RunningMetrics::new(measures.metrics, measures.weighted_metrics, width)?;
        let validation = match validation {
            Some(ValidationSet { x, y, weights, shared, first, names }) => {
                let size = (options.validation_batch_size.unwrap_or(options.batch_size), options.validation_steps);
                let evaluation = EvaluateLoop::new(network, &measures, (x, y), shared, weights, size, &names);
                Some(evaluation.map_err(|error| error.moved_down(first))?)
            }
            None => None,
        };
        let (keys, known) = keys(metrics.keys(), validation.is_some(), &inputs.callbacks);
        optimizer_state.set_trainable_variables(network.variables());
        // A file may have been saved while the averages were in place of the weights; training moves the weights.
        if optimizer_state.swapped {
            optimizer_state.swap_averages(&mut network.weights);
        }
        *history = History::default();
        // Weights of classes are not in the records.
        let shared = inputs.shared.train.filter(|_| options.class_weight.0.is_empty());
        Ok(FitLoop {
            network,
            optimizer_state,
            history,
            data: Dataset::new(&x, &y, weights.as_deref(), shared)?,
            validation,
            step,
            metrics,
            batches: EpochIterator::new(kept, batch_size, options.steps_per_epoch),
            order: 0,
            options,
            callbacks: inputs.callbacks,
            keys,
            known,
            measures,
            logs: Logs::default(),
            stop: false,
            resume: None,
            backups: Vec::new(),
            restored: None,
            resumable: inputs.resumable,
        })
    }

    /// The whole fit.
    ///
    /// After an error every callback can restore what it holds before the error is returned.
    pub(crate) fn run(mut self) -> Result<()> {
        let mut called = Called::default();
        self.fit(&mut called).map_err(|error| self.fail(error, &called))
    }

    /// All epochs.
    fn fit(&mut self, called: &mut Called) -> Result<()> {
        self.call_each(0, &mut called.begun, |callback, context| callback.on_train_begin(context))?;
        self.restore_paused()?;
        let (start, resumed) = match self.resume.take() {
            Some(resumed) => (self.continue_with(resumed)?, true),
            None => (Start { epoch: self.options.initial_epoch, ..Start::default() }, false),
        };
        let begins = start.epoch < self.options.epochs;
        let result = self.epochs(start);
        // Also after an error, as in Keras: an average of good weights is what was asked for.
        if resumed || begins {
            self.optimizer_state.apply_averages(&mut self.network.weights);
        }
        result?;
        let last = self.last_epoch();
        self.call_each(last, &mut called.ended, |callback, context| callback.on_train_end(context))
    }

    /// The number of the last epoch of all parts.
    pub(super) fn epochs_of_the_whole(&self) -> usize {
        self.options.epochs
    }

    /// The last epoch that was finished.
    pub(super) fn last_epoch(&self) -> usize {
        self.history.epochs().last().copied().unwrap_or(0)
    }

    /// From the first epoch to the last, or to the one that a callback makes the last.
    fn epochs(&mut self, start: Start) -> Result<()> {
        let Start { epoch: first, step, mut running, finished } = start;
        if finished {
            return Ok(());
        }
        let steps = self.batches.per_epoch();
        let mut progress = Progress::new(self.options.verbosity, self.options.epochs, steps);
        let mut kept = Kept::default();
        for epoch in first..self.options.epochs {
            let begin = Instant::now();
            self.logs.clear();
            self.call(epoch, |callback, context| callback.on_epoch_begin(context))?;
            kept.remember(self.network, self.optimizer_state);
            progress.begin(epoch);
            let done = match self.epoch(epoch, if epoch == first { step } else { 0 }, running.take(), &mut progress) {
                Ok(done) => done,
                Err(interruption) => {
                    // What was learned before this epoch is worth keeping; what diverged in it is not.
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
                // The epoch is done, whatever becomes of what the callbacks make of it.
                self.history.push(epoch, &self.logs, begin.elapsed().as_secs_f64(), done);
                progress.end(&self.logs, trained);
            } else {
                progress.abandon();
            }
            result?;
            self.back_up(epoch)?;
            if self.stop || self.pauses_after(epoch)? {
                break;
            }
        }
        Ok(())
    }

    /// The validation of an epoch, where there is one.
    fn validate(&mut self, epoch: usize) -> Result<()> {
        if self.validation.is_none() || !(epoch + 1).is_multiple_of(self.options.validation_freq) {
            return Ok(());
        }
        self.call(epoch, |callback, context| callback.on_test_begin(context))?;
        if let Some(validation) = &mut self.validation {
            validation.run(self.network, ("val_", &mut self.callbacks), &mut self.logs)?;
        }
        self.call(epoch, |callback, context| callback.on_test_end(context))
    }

    /// One epoch from its step `first` on; how many steps of it are done.
    fn epoch(
        &mut self,
        epoch: usize,
        first: usize,
        running: Option<(RunningPart, usize)>,
        progress: &mut Progress,
    ) -> std::result::Result<usize, Interruption> {
        let batch_size = self.options.batch_size;
        let observed = !self.callbacks.is_empty();
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
            if observed {
                self.call(epoch, |callback, context| callback.on_train_batch_begin(step, context))?;
            }
            let start = batch * batch_size;
            self.step.set_rows((self.data.rows() - start).min(batch_size));
            self.step.load(&self.data, start);
            self.step.forward(self.network, self.optimizer_state);
            let loss = self.step.compute_loss(self.network);
            if !loss.is_finite() {
                return Err(self.diverged(epoch, step, loss)?);
            }
            self.step.backward(self.network, self.optimizer_state);
            self.optimizer_state.step(self.network);
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

    /// Puts the samples into the order of a pass.
    pub(super) fn draw_order(&mut self, order: u64) {
        self.order = order;
        if self.options.shuffle {
            let seed = self.options.seed.unwrap_or(self.network.seed());
            self.data.shuffle(&mut stream(seed, Purpose::Shuffle, order));
        }
    }

    /// What the callbacks make of a loss that is no number: the fit fails unless one of them ends it.
    fn diverged(&mut self, epoch: usize, step: usize, loss: f64) -> Result<Interruption> {
        let mut quiet = false;
        self.call(epoch, |callback, context| {
            quiet |= callback.on_divergence(step, loss, context)? == Divergence::Stop;
            Ok(())
        })?;
        Ok(match quiet {
            true => Interruption::Quiet,
            false => {
                Interruption::Failure(Error::Diverged { epoch: epoch + 1, step: step + 1, loss, restored_epoch: None })
            }
        })
    }

    /// Calls every callback at one of its occasions.
    fn call(
        &mut self,
        epoch: usize,
        occasion: impl FnMut(&mut (dyn Callback<T> + 'f), &mut Context<'_, T>) -> Result<()>,
    ) -> Result<()> {
        self.call_each(epoch, &mut 0, occasion)
    }

    /// Calls every callback, and counts those that have succeeded.
    fn call_each(
        &mut self,
        epoch: usize,
        succeeded: &mut usize,
        mut occasion: impl FnMut(&mut (dyn Callback<T> + 'f), &mut Context<'_, T>) -> Result<()>,
    ) -> Result<()> {
        for index in 0..self.callbacks.len() {
            self.call_one(index, epoch, &mut occasion)?;
            *succeeded += 1;
        }
        Ok(())
    }

    /// Calls one callback.
    pub(super) fn call_one(
        &mut self,
        index: usize,
        epoch: usize,
        occasion: impl FnOnce(&mut (dyn Callback<T> + 'f), &mut Context<'_, T>) -> Result<()>,
    ) -> Result<()> {
        let mut context = Context {
            epoch,
            epochs: self.options.epochs,
            steps: self.batches.per_epoch(),
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

/// The names of all values in the logs, and how many of them each callback knows of: what it and later ones add it does
/// not see at the end of an epoch.
fn keys<T: Scalar>(
    mut keys: Vec<LogKey>,
    validated: bool,
    callbacks: &[Box<dyn Callback<T> + '_>],
) -> (Vec<LogKey>, Vec<usize>) {
    if validated {
        let of_validation = |key: &LogKey| LogKey { name: format!("val_{}", key.name), by_batch: false, ..key.clone() };
        let validation: Vec<_> = keys.iter().map(of_validation).collect();
        keys.extend(validation);
    }
    let mut known = Vec::with_capacity(callbacks.len());
    for callback in callbacks {
        for name in callback.added_logs() {
            if !keys.iter().any(|key| key.name == name) {
                keys.push(LogKey { name, direction: None, by_batch: false });
            }
        }
        known.push(keys.len());
    }
    (keys, known)
}
