//! Loss and metrics on given samples, without training.

use super::batches::Batches;
use super::data::Data;
use super::progress::Progress;
use super::step::Trainer;
use super::tracker::Tracker;
use super::{Logs, Network, Verbosity};
use crate::callbacks::Callback;
use crate::kernels::source::Source;
use crate::losses::Loss;
use crate::metrics::{Metric, Width};
use crate::{Error, Result, Scalar};
use std::fmt;
use std::sync::Arc;

/// The options of [`Model::evaluate_with`](super::Model::evaluate_with).
///
/// | option | default | |
/// |---|---|---|
/// | `batch_size` | 32 | samples that go through the model together |
/// | `steps` | all | evaluates the first so many batches |
/// | `sample_weight` | 1 each | the factor of each sample's loss, and in weighted metrics |
/// | `callbacks` | none | called before and after the evaluation and each of its batches |
/// | `verbose` | silent | what is shown on standard error; Keras shows a bar by default |
pub struct Evaluate<'a, T: Scalar = f32> {
    batch_size: Option<usize>,
    steps: Option<usize>,
    sample_weight: Option<&'a [T]>,
    pub(super) callbacks: Callbacks<'a, T>,
    verbosity: Option<Verbosity>,
}

impl<T: Scalar> Default for Evaluate<'_, T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: Scalar> fmt::Debug for Evaluate<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Evaluate")
            .field("batch_size", &self.batch_size)
            .field("steps", &self.steps)
            .field("sample_weight", &self.sample_weight)
            .field("callbacks", &self.callbacks.len())
            .field("verbosity", &self.verbosity)
            .finish()
    }
}

/// What is called on the way.
pub(super) type Callbacks<'a, T> = Vec<Box<dyn Callback<T> + 'a>>;

/// Batch size, steps and weights.
type Parts<'a, T> = (usize, Option<usize>, Option<&'a [T]>);

impl<'a, T: Scalar> Evaluate<'a, T> {
    /// The defaults.
    pub fn new() -> Self {
        Evaluate { batch_size: None, steps: None, sample_weight: None, callbacks: Vec::new(), verbosity: None }
    }

    /// Samples that go through the model together, at least 1; default 32.
    #[must_use]
    pub fn batch_size(mut self, batch_size: usize) -> Self {
        self.batch_size = Some(batch_size);
        self
    }

    /// Evaluates the first so many batches, at least 1; by default all.
    #[must_use]
    pub fn steps(mut self, steps: usize) -> Self {
        self.steps = Some(steps);
        self
    }

    /// One weight per sample.
    #[must_use]
    pub fn sample_weight(mut self, weights: &'a [T]) -> Self {
        self.sample_weight = Some(weights);
        self
    }

    /// Adds a callback: a value, or `&mut` one that is to be looked at afterwards.
    ///
    /// ```
    /// use nalgebra::dmatrix;
    /// use perceptra::models::Logs;
    /// use perceptra::prelude::*;
    /// use perceptra::{Result, Scalar};
    ///
    /// /// Counts the batches.
    /// struct Count(usize);
    ///
    /// impl<T: Scalar> Callback<T> for Count {
    ///     fn on_test_batch_end(&mut self, _: usize, logs: &Logs) -> Result<()> {
    ///         assert!(logs.loss().is_finite());
    ///         self.0 += 1;
    ///         Ok(())
    ///     }
    /// }
    ///
    /// let (x, y) = (dmatrix![1.0; 2.0; 3.0], dmatrix![1.0; 2.0; 3.0]);
    /// let mut model = Sequential::new().add(Dense::new(1, Linear)).compile("sgd", "mse", ());
    /// model.build(1)?;
    /// let mut count = Count(0);
    /// model.evaluate_with(&x, &y, Evaluate::new().batch_size(2).callback(&mut count))?;
    /// assert_eq!(count.0, 2);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    #[must_use]
    pub fn callback(mut self, callback: impl Callback<T> + 'a) -> Self {
        self.callbacks.push(Box::new(callback));
        self
    }

    /// What is shown: a [`Verbosity`], or Keras's 0, 1 or 2; nothing by default.
    #[must_use]
    pub fn verbose(mut self, verbosity: impl Into<Verbosity>) -> Self {
        self.verbosity = Some(verbosity.into());
        self
    }

    /// What is shown.
    pub(super) fn verbosity(&self) -> Verbosity {
        self.verbosity.unwrap_or(Verbosity::Silent)
    }

    /// The options, once they lie in their ranges.
    pub(super) fn parts(&self) -> Result<Parts<'a, T>> {
        let batch_size = self.batch_size.unwrap_or(32);
        super::fit::at_least_one("Evaluate", "batch_size", batch_size)?;
        super::fit::at_least_one("Evaluate", "steps", self.steps.unwrap_or(1))?;
        Ok((batch_size, self.steps, self.sample_weight))
    }
}

/// Samples made ready to be evaluated again and again.
pub(super) struct Evaluator<T: Scalar> {
    data: Data<T>,
    trainer: Trainer<T>,
    pub(super) tracker: Tracker<T>,
    batch_size: usize,
    /// The batches from the first on that are evaluated, each time the same.
    steps: usize,
}

/// What an evaluation needs to know of a compiled model.
#[derive(Clone, Copy)]
pub(crate) struct Measures<'m, T: Scalar> {
    pub(crate) loss: &'m Arc<dyn Loss<T>>,
    pub(crate) metrics: &'m [Arc<dyn Metric<T>>],
    pub(crate) weighted_metrics: &'m [Arc<dyn Metric<T>>],
}

/// The names of the arguments, for messages.
pub(super) struct Names {
    pub(super) x: &'static str,
    pub(super) y: &'static str,
    pub(super) weights: &'static str,
}

impl<T: Scalar> Evaluator<T> {
    /// Checks the samples against the model.
    pub(super) fn new(
        network: &Network<T>,
        measures: &Measures<'_, T>,
        (x, y): (Source<'_, T>, Source<'_, T>),
        weights: Option<&[T]>,
        (batch_size, steps): (usize, Option<usize>),
        names: &Names,
    ) -> Result<Self> {
        super::validation::same_rows((names.x, x.rows), (names.y, y.rows))?;
        network.check_input(names.x, &x)?;
        if x.rows == 0 {
            return Err(Error::Empty { what: names.x.into(), advice: "pass at least one sample".into() });
        }
        let weights = super::validation::sample_weights(names.weights, weights, (names.x, x.rows))?;
        let batch_size = batch_size.min(x.rows).max(1);
        let trainer = Trainer::new(network, measures.loss, y.columns, batch_size, weights.is_some())?;
        super::validation::targets(names.y, &y, trainer.loss(), network.outputs())?;
        let width = Width { targets: y.columns, outputs: network.outputs() };
        let tracker = Tracker::new(measures.metrics, measures.weighted_metrics, width)?;
        let steps = Batches::new(x.rows, batch_size, steps).per_epoch();
        Ok(Evaluator { data: Data::new(&x, &y, weights.as_deref())?, trainer, tracker, batch_size, steps })
    }

    /// Loss and metrics, with a display of its own.
    pub(super) fn run_shown(
        &mut self,
        network: &Network<T>,
        (verbosity, callbacks): (Verbosity, &mut Callbacks<'_, T>),
        logs: &mut Logs,
    ) -> Result<()> {
        let mut progress = Progress::of_pass(verbosity, self.steps);
        let mut result = callbacks.iter_mut().try_for_each(|callback| callback.on_evaluate_begin(self.steps));
        result = result.and_then(|()| self.run(network, ("", callbacks), logs));
        result = result.and_then(|()| callbacks.iter_mut().try_for_each(|callback| callback.on_evaluate_end(logs)));
        match &result {
            Ok(()) => progress.end_pass(logs),
            Err(_) => progress.abandon(),
        }
        result
    }

    /// Loss and metrics under names with a prefix.
    ///
    /// # Errors
    ///
    /// What a callback returns as an error.
    pub(super) fn run(
        &mut self,
        network: &Network<T>,
        (prefix, callbacks): (&str, &mut Callbacks<'_, T>),
        logs: &mut Logs,
    ) -> Result<()> {
        let mut so_far = Logs::default();
        self.tracker.reset();
        // Every evaluation begins with the first batch.
        for batch in 0..self.steps {
            callbacks.iter_mut().try_for_each(|callback| callback.on_test_batch_begin(batch))?;
            let start = batch * self.batch_size;
            self.trainer.set_rows((self.data.rows() - start).min(self.batch_size));
            self.trainer.load(&self.data, start);
            self.trainer.infer(network);
            let loss = self.trainer.compute_loss(network);
            self.tracker.update(&self.trainer, loss);
            if !callbacks.is_empty() {
                so_far.clear();
                self.tracker.write("", &mut so_far);
                callbacks.iter_mut().try_for_each(|callback| callback.on_test_batch_end(batch, &so_far))?;
            }
        }
        self.tracker.write(prefix, logs);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::prelude::*;
    use nalgebra::DMatrix;

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
