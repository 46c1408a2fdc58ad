use super::fit_callback::check_described;
use crate::engine::checks::at_least_one;
use crate::engine::{Callback, Callbacks, Verbosity};
use crate::{Result, Scalar};
use std::fmt;

/// The options of [`Model::evaluate_with`](crate::Model::evaluate_with).
///
/// | option | default | |
/// |---|---|---|
/// | `batch_size` | 32 | the number of samples of a batch |
/// | `steps` | all | the number of batches to evaluate, from the first one |
/// | `sample_weight` | 1 each | the weight of each sample in the loss and in weighted metrics |
/// | `callbacks` | none | called before and after the evaluation and each of its batches |
/// | `verbose` | silent | the progress display on standard error; Keras shows a bar by default |
pub struct Evaluate<'a, T: Scalar> {
    batch_size: Option<usize>,
    steps: Option<usize>,
    sample_weight: Option<&'a [T]>,
    pub(crate) callbacks: Callbacks<'a, T>,
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

/// The batch size, the number of steps and the sample weights.
type EvaluateArguments<'a, T> = (usize, Option<usize>, Option<&'a [T]>);

impl<'a, T: Scalar> Evaluate<'a, T> {
    /// Creates the options with their defaults.
    pub fn new() -> Self {
        Evaluate { batch_size: None, steps: None, sample_weight: None, callbacks: Vec::new(), verbosity: None }
    }

    /// Sets the number of samples of a batch, at least 1; default 32.
    #[must_use]
    pub fn batch_size(mut self, batch_size: usize) -> Self {
        self.batch_size = Some(batch_size);
        self
    }

    /// Evaluates only the first `steps` batches, at least 1; by default all.
    #[must_use]
    pub fn steps(mut self, steps: usize) -> Self {
        self.steps = Some(steps);
        self
    }

    /// Sets one weight per sample.
    #[must_use]
    pub fn sample_weight(mut self, weights: &'a [T]) -> Self {
        self.sample_weight = Some(weights);
        self
    }

    /// Adds a callback: by value, or as `&mut` to use it afterwards.
    ///
    /// ```
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

    /// Sets the progress display: a [`Verbosity`], or Keras's 0, 1 or 2; silent by default.
    #[must_use]
    pub fn verbose(mut self, verbosity: impl Into<Verbosity>) -> Self {
        self.verbosity = Some(verbosity.into());
        self
    }

    /// The progress display.
    pub(crate) fn verbosity(&self) -> Verbosity {
        self.verbosity.unwrap_or(Verbosity::Silent)
    }

    /// Returns the options, or an error if an option is out of its range.
    pub(crate) fn parts(&self) -> Result<EvaluateArguments<'a, T>> {
        let batch_size = self.batch_size.unwrap_or(32);
        at_least_one("Evaluate", "batch_size", batch_size)?;
        at_least_one("Evaluate", "steps", self.steps.unwrap_or(1))?;
        self.callbacks.iter().try_for_each(|callback| check_described(&**callback))?;
        Ok((batch_size, self.steps, self.sample_weight))
    }
}
