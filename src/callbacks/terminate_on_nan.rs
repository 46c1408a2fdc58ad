use super::{Callback, CallbackItem, Context, Divergence};
use crate::items::item;
use crate::{Error, Result, Scalar};
use std::sync::Arc;

item! {
    /// Ends a fit without an error when its loss becomes NaN or infinite.
    ///
    /// Without this callback the fit returns [`Error::Diverged`]. In either case the model has the weights from the beginning of
    /// that epoch, and the history contains the epochs before it; in Keras the model keeps the invalid weights, and the history
    /// contains an epoch with NaN.
    ///
    /// ```
    /// use perceptra::prelude::*;
    /// use perceptra::callbacks::TerminateOnNaN;
    ///
    /// let (x, y) = (dmatrix![1.0e3; 2.0e3], dmatrix![1.0; 2.0]);
    /// let mut model = Sequential::new().add(Dense::new(1, Linear)).compile(SGD.learning_rate(1e6), "mse", ());
    /// let mut guard = TerminateOnNaN::new();
    /// let history = model.fit(&x, &y, Fit::new().epochs(100).callback(&mut guard).verbose(0))?;
    /// assert!(history.epochs().len() < 100 && guard.terminated().is_some());
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # References
    ///
    /// Keras: `keras.callbacks.TerminateOnNaN`.
    pub struct TerminateOnNaN: "TerminateOnNaN" () keeps terminated: Option<EpochAndStep> {
        /// Whether the fit returns [`Error::Diverged`] instead; default false.
        raise_error: bool = false,
    }
}

/// An epoch and a step of it, counted from 0.
type EpochAndStep = (usize, usize);

impl TerminateOnNaN {
    /// The defaults.
    #[allow(clippy::new_without_default)] // a callback is made by `new`
    pub fn new() -> Self {
        Self::with()
    }

    /// The epoch and step, counted from 0, at which the last fit was ended.
    pub fn terminated(&self) -> Option<(usize, usize)> {
        self.terminated
    }
}

impl<T: Scalar> Callback<T> for TerminateOnNaN {
    fn on_train_begin(&mut self, _: &mut Context<'_, T>) -> Result<()> {
        self.terminated = None;
        Ok(())
    }

    fn on_divergence(&mut self, batch: usize, loss: f64, context: &mut Context<'_, T>) -> Result<Divergence> {
        self.terminated = Some((context.epoch(), batch));
        match self.raise_error {
            true => Err(Error::Diverged { epoch: context.epoch() + 1, step: batch + 1, loss, restored_epoch: None }),
            false => Ok(Divergence::Stop),
        }
    }

    fn item(&self) -> Option<Arc<dyn CallbackItem<T>>> {
        Some(Arc::new(self.with_default_state()))
    }
}
