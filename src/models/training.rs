//! The loop of a fit.

mod recovery;

use super::batches::Batches;
use super::data::Data;
use super::evaluation::{Evaluator, Measures, Names};
use super::fit::Fit;
use super::progress::Progress;
use super::step::Trainer;
use super::tracker::Tracker;
use super::{History, Logs, Network, Optimization};
use crate::callbacks::{Callback, Context, Divergence, Key};
use crate::kernels::source::Source;
use crate::losses::{Loss, Targets};
use crate::metrics::Width;
use crate::random::{Purpose, stream};
use crate::saving::native::RunningPart;
use crate::saving::native::backup::{self, Resumed};
use crate::{Error, Result, Scalar};
use recovery::{Called, Kept, Start};
use std::time::Instant;

/// Everything a fit works on.
pub(super) struct Training<'a, 'f, T: Scalar> {
    network: &'a mut Network<T>,
    optimization: &'a mut Optimization<T>,
    history: &'a mut History,
    data: Data<T>,
    validation: Option<Evaluator<T>>,
    trainer: Trainer<T>,
    tracker: Tracker<T>,
    options: Fit<'f, T>,
    /// The names of all values in the logs.
    keys: Vec<Key>,
    /// How many of them each callback knows of.
    known: Vec<usize>,
    measures: Measures<'a, T>,
    batches: Batches,
    /// The epochs that were trained before the present pass over the data, by which its order was drawn.
    order: u64,
    logs: Logs,
    stop: bool,
    /// Where a callback wants the fit to go on.
    resume: Option<Resumed<T>>,
    /// The backups that callbacks have asked for on this occasion.
    backups: Vec<backup::Request>,
    /// The epoch whose weights a callback has restored last.
    restored: Option<usize>,
}

/// Why an epoch did not reach its end.
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

impl<'a, 'f, T: Scalar> Training<'a, 'f, T> {
    /// Looks over the data and options and makes all buffers.
    pub(super) fn prepare(
        network: &'a mut Network<T>,
        optimization: &'a mut Optimization<T>,
        history: &'a mut History,
        measures: Measures<'a, T>,
        (x, y): (Source<'f, T>, Source<'f, T>),
        options: Fit<'f, T>,
    ) -> Result<Self> {
        super::validation::same_rows(("x", x.rows), ("y", y.rows))?;
        // Before a validation split takes its part of them: the message counts what the caller passed.
        if let Some(weights) = options.sample_weight {
            super::validation::same_rows(("x", x.rows), ("sample_weight", weights.len()))?;
        }
        let (kept, validation) = split(&x, &y, &options)?;
        let (x, y) = (x.skip_rows(0, kept), y.skip_rows(0, kept));
        network.check_input("x", &x)?;
        network.check_differentiable()?;
        network.check_gradients_arrive()?;
        network.check_softmax()?;
        let outputs = network.outputs();
        let batch_size = options.batch_size.min(kept).max(1);
        let weighted = options.sample_weight.is_some() || !options.class_weight.is_empty();
        let trainer = Trainer::new(network, measures.loss, y.columns, batch_size, weighted)?;
        super::validation::targets("y", &y, trainer.loss(), outputs)?;
        check_classes(&options, trainer.loss(), y.columns, outputs)?;
        let weights = weights(&options, &y, kept)?;
        let width = Width { targets: y.columns, outputs };
        let tracker = Tracker::new(measures.metrics, measures.weighted_metrics, width)?;
        let validation = match validation {
            Some(Validation { x, y, weights, first, names }) => {
                let size = (options.validation_batch_size.unwrap_or(options.batch_size), options.validation_steps);
                let evaluator = Evaluator::new(network, &measures, (x, y), weights, size, &names);
                Some(evaluator.map_err(|error| error.moved_down(first))?)
            }
            None => None,
        };
        let (keys, known) = keys(tracker.keys(), validation.is_some(), &options.callbacks);
        optimization.look_at(network.variables());
        // A file may have been saved while the averages stood in for the weights; training moves the weights.
        if optimization.swapped {
            optimization.swap_averages(&mut network.weights);
        }
        *history = History::default();
        Ok(Training {
            network,
            optimization,
            history,
            data: Data::new(&x, &y, weights.as_deref())?,
            validation,
            trainer,
            tracker,
            batches: Batches::new(kept, batch_size, options.steps_per_epoch),
            order: 0,
            options,
            keys,
            known,
            measures,
            logs: Logs::default(),
            stop: false,
            resume: None,
            backups: Vec::new(),
            restored: None,
        })
    }

    /// The whole fit.
    ///
    /// After an error every callback gets to give back what it holds before the error is returned.
    pub(super) fn run(mut self) -> Result<()> {
        let mut called = Called::default();
        self.fit(&mut called).map_err(|error| self.fail(error, &called))
    }

    /// All epochs.
    fn fit(&mut self, called: &mut Called) -> Result<()> {
        self.call_each(0, &mut called.begun, |callback, context| callback.on_train_begin(context))?;
        let (start, resumed) = match self.resume.take() {
            Some(resumed) => (self.continue_with(resumed)?, true),
            None => (Start { epoch: self.options.initial_epoch, ..Start::default() }, false),
        };
        let begins = start.epoch < self.options.epochs;
        let result = self.epochs(start);
        // Also after an error, as in Keras: an average of good weights is what was asked for.
        if resumed || begins {
            self.optimization.settle(&mut self.network.weights);
        }
        result?;
        let last = self.last_epoch();
        self.call_each(last, &mut called.ended, |callback, context| callback.on_train_end(context))
    }

    /// The last epoch that was finished.
    fn last_epoch(&self) -> usize {
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
            kept.remember(self.network, self.optimization);
            progress.begin(epoch);
            let done = match self.epoch(epoch, if epoch == first { step } else { 0 }, running.take(), &mut progress) {
                Ok(done) => done,
                Err(interruption) => {
                    // What was learned before this epoch is worth keeping; what diverged in it is not.
                    kept.restore(self.network, self.optimization);
                    progress.abandon();
                    return match interruption {
                        Interruption::Quiet => Ok(()),
                        Interruption::Failure(error) => Err(error),
                    };
                }
            };
            self.optimization.epochs += 1;
            let trained = begin.elapsed().as_secs_f64();
            self.logs.clear();
            self.tracker.write("", &mut self.logs);
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
            if self.stop {
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
            validation.run(self.network, ("val_", &mut self.options.callbacks), &mut self.logs)?;
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
        let observed = !self.options.callbacks.is_empty();
        if self.batches.at_start() {
            self.draw_order(self.optimization.epochs);
        }
        self.tracker.reset();
        let mut done = 0;
        if let Some((running, steps)) = running {
            self.tracker.continue_with(&running);
            done = steps.min(self.batches.in_next_epoch());
        }
        for (step, batch) in self.batches.next_epoch().enumerate().skip(first) {
            if observed {
                self.call(epoch, |callback, context| callback.on_train_batch_begin(step, context))?;
            }
            let start = batch * batch_size;
            self.trainer.set_rows((self.data.rows() - start).min(batch_size));
            self.trainer.load(&self.data, start);
            self.trainer.forward(self.network, self.optimization);
            let loss = self.trainer.compute_loss(self.network);
            if !loss.is_finite() {
                return Err(self.diverged(epoch, step, loss)?);
            }
            self.trainer.backward(self.network, self.optimization);
            self.optimization.step(self.network);
            self.tracker.update(&self.trainer, loss);
            done += 1;
            if observed {
                self.logs.clear();
                self.tracker.write("", &mut self.logs);
                self.call(epoch, |callback, context| callback.on_train_batch_end(step, context))?;
                self.back_up(epoch)?;
            }
            if progress.is_due(step) {
                self.logs.clear();
                self.tracker.write("", &mut self.logs);
                progress.draw(step + 1, &self.logs);
            }
            if self.stop {
                break;
            }
        }
        Ok(done)
    }

    /// Puts the samples into the order of a pass.
    fn draw_order(&mut self, order: u64) {
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
        for index in 0..self.options.callbacks.len() {
            self.call_one(index, epoch, &mut occasion)?;
            *succeeded += 1;
        }
        Ok(())
    }

    /// Calls one callback.
    fn call_one(
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
            optimization: self.optimization,
            keys: &self.keys[..self.known[index]],
            validated: self.validation.is_some(),
            measures: self.measures,
            stop: &mut self.stop,
            resume: &mut self.resume,
            backups: &mut self.backups,
            restored: &mut self.restored,
        };
        occasion(&mut *self.options.callbacks[index], &mut context)
    }
}

/// The names of all values in the logs, and how many of them each callback knows of: what it and later ones add it does
/// not see at the end of an epoch.
fn keys<T: Scalar>(
    mut keys: Vec<Key>,
    validated: bool,
    callbacks: &[Box<dyn Callback<T> + '_>],
) -> (Vec<Key>, Vec<usize>) {
    if validated {
        let of_validation = |key: &Key| Key { name: format!("val_{}", key.name), by_batch: false, ..key.clone() };
        let validation: Vec<_> = keys.iter().map(of_validation).collect();
        keys.extend(validation);
    }
    let mut known = Vec::with_capacity(callbacks.len());
    for callback in callbacks {
        for name in callback.added_logs() {
            if !keys.iter().any(|key| key.name == name) {
                keys.push(Key { name, direction: None, by_batch: false });
            }
        }
        known.push(keys.len());
    }
    (keys, known)
}

/// What is validated on.
struct Validation<'a, T: Scalar> {
    x: Source<'a, T>,
    y: Source<'a, T>,
    weights: Option<&'a [T]>,
    /// The row of the first one in what the caller passed.
    first: usize,
    /// What the caller passed them as.
    names: Names,
}

/// How many of the samples are trained on, and what is validated on.
fn split<'f, T: Scalar>(
    x: &Source<'f, T>,
    y: &Source<'f, T>,
    options: &Fit<'f, T>,
) -> Result<(usize, Option<Validation<'f, T>>)> {
    if let Some((given_x, given_y)) = options.validation_data {
        let names = Names { x: "validation x", y: "validation y", weights: "validation_weights" };
        let weights = options.validation_weights;
        return Ok((x.rows, Some(Validation { x: given_x, y: given_y, weights, first: 0, names })));
    }
    if options.validation_split == 0.0 || x.rows == 0 {
        return Ok((x.rows, None));
    }
    let kept = (x.rows as f64 * (1.0 - options.validation_split)).floor() as usize;
    if kept == 0 || kept == x.rows {
        let expected = format!("a share that leaves at least one of {} samples on each side", x.rows);
        return Err(Error::argument("Fit", "validation_split", options.validation_split, &expected));
    }
    let rest = x.rows - kept;
    let weights = options.sample_weight.and_then(|weights| weights.get(kept..));
    let (x, y) = (x.skip_rows(kept, rest), y.skip_rows(kept, rest));
    let names = Names { x: "x", y: "y", weights: "sample_weight" };
    Ok((kept, Some(Validation { x, y, weights, first: kept, names })))
}

/// Whether there are the classes that weights were given for, where the model says how many there are.
fn check_classes<T: Scalar>(options: &Fit<'_, T>, loss: &dyn Loss<T>, targets: usize, outputs: usize) -> Result<()> {
    let classes = match (targets.max(outputs), loss.targets()) {
        (1, Targets::Between(_, 1.0)) => 2,
        // A number that is predicted may have any whole part.
        (1, _) => return Ok(()),
        (classes, _) => classes,
    };
    match options.class_weight.iter().find(|(class, _)| *class >= classes) {
        None => Ok(()),
        Some((class, weight)) => {
            let expected = format!("a weight for some of the classes 0 to {}", classes - 1);
            Err(Error::argument("Fit", "class_weight", format!("{weight} for class {class}"), &expected))
        }
    }
}

/// The weight of every sample: its own times its class's.
fn weights<T: Scalar>(options: &Fit<'_, T>, y: &Source<'_, T>, kept: usize) -> Result<Option<Vec<T>>> {
    let own = match options.sample_weight {
        // With a validation split the weights go with the samples; the last ones were taken above.
        Some(weights) if options.validation_split > 0.0 && options.validation_data.is_none() => {
            Some(weights.get(..kept).unwrap_or(weights))
        }
        other => other,
    };
    let mut weights = super::validation::sample_weights("sample_weight", own, ("x", kept))?;
    if !options.class_weight.is_empty() {
        let weights = weights.get_or_insert_with(|| vec![T::one(); kept]);
        for (row, weight) in weights.iter_mut().enumerate() {
            let class = class(y, row);
            if let Some((_, factor)) = options.class_weight.iter().find(|(named, _)| class == Some(*named)) {
                *weight *= T::of(*factor);
            }
        }
    }
    Ok(weights)
}

/// The class of a sample: its target, rounded as in Keras, or the column of its largest target.
///
/// A target below 0, such as the class that a loss ignores, is of no class.
fn class<T: Scalar>(y: &Source<'_, T>, row: usize) -> Option<usize> {
    if y.columns == 1 {
        let class = y.at(row, 0).to_f64().round_ties_even();
        return (class >= 0.0).then_some(class as usize);
    }
    let mut best = 0;
    for column in 1..y.columns {
        if y.at(row, column) > y.at(row, best) {
            best = column;
        }
    }
    Some(best)
}
