use crate::Scalar;
use crate::engine::{Callback, Callbacks, Verbosity};
use std::fmt;

/// The options of [`Network::predict_with`](crate::Network::predict_with).
///
/// | option | default | |
/// |---|---|---|
/// | `batch_size` | 256 | samples that go through the layers together; it changes speed and memory, not the result |
/// | `steps` | all | predicts this many batches, the first ones |
/// | `callbacks` | none | called before and after the prediction and each of its batches, which then go one by one |
/// | `verbose` | silent | the progress display on standard error; Keras shows a bar by default |
pub struct Predict<'a, T: Scalar = f32> {
    pub(crate) batch_size: Option<usize>,
    pub(crate) steps: Option<usize>,
    pub(crate) callbacks: Callbacks<'a, T>,
    pub(crate) verbosity: Option<Verbosity>,
}

impl<T: Scalar> Default for Predict<'_, T> {
    fn default() -> Self {
        Predict { batch_size: None, steps: None, callbacks: Vec::new(), verbosity: None }
    }
}

impl<T: Scalar> fmt::Debug for Predict<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Predict")
            .field("batch_size", &self.batch_size)
            .field("steps", &self.steps)
            .field("callbacks", &self.callbacks.len())
            .field("verbosity", &self.verbosity)
            .finish()
    }
}

impl<'a, T: Scalar> Predict<'a, T> {
    /// The defaults.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a callback: a value, or `&mut` one that is to be read afterwards.
    #[must_use]
    pub fn callback(mut self, callback: impl Callback<T> + 'a) -> Self {
        self.callbacks.push(Box::new(callback));
        self
    }

    /// Samples that go through the layers together, at least 1; default 256 (32 in Keras).
    #[must_use]
    pub fn batch_size(mut self, batch_size: usize) -> Self {
        self.batch_size = Some(batch_size);
        self
    }

    /// Predicts this many batches, the first ones, at least 1; by default all.
    #[must_use]
    pub fn steps(mut self, steps: usize) -> Self {
        self.steps = Some(steps);
        self
    }

    /// The progress display: a [`Verbosity`], or Keras's 0, 1 or 2; silent by default.
    #[must_use]
    pub fn verbose(mut self, verbosity: impl Into<Verbosity>) -> Self {
        self.verbosity = Some(verbosity.into());
        self
    }
}
