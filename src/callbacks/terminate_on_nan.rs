use super::arguments::{self, config};
use super::{Callback, CallbackItem, Context, Divergence};
use crate::spec::Spec;
use crate::{Error, Result, Scalar};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::Arc;

/// Ends a fit quietly when its loss becomes NaN or infinite.
///
/// | option | default | |
/// |---|---|---|
/// | `raise_error` | false | whether the fit ends with [`Error::Diverged`] instead |
///
/// Without this callback such a fit ends with that error. Either way the model has the weights from the beginning of
/// that epoch and the history the epochs before it; in Keras the model keeps the broken weights, and the history an
/// epoch of NaN.
///
/// ```
/// use nalgebra::dmatrix;
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
#[derive(Debug, Clone, Default)]
pub struct TerminateOnNaN {
    arguments: Arguments,
    /// The epoch and step at which the last fit was ended.
    terminated: Option<(usize, usize)>,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Arguments {
    raise_error: bool,
}

impl arguments::Arguments for Arguments {}

impl From<Arguments> for TerminateOnNaN {
    fn from(arguments: Arguments) -> Self {
        TerminateOnNaN { arguments, terminated: None }
    }
}

impl TerminateOnNaN {
    /// The defaults.
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether the fit ends with [`Error::Diverged`] instead; default false.
    #[must_use]
    pub fn raise_error(mut self, raise_error: bool) -> Self {
        self.arguments.raise_error = raise_error;
        self
    }

    /// The epoch and step, counted from 0, at which the last fit was ended.
    pub fn terminated(&self) -> Option<(usize, usize)> {
        self.terminated
    }
}

impl Spec for TerminateOnNaN {
    fn config(&self) -> Result<Value> {
        config("TerminateOnNaN", &self.arguments)
    }
}

impl<T: Scalar> Callback<T> for TerminateOnNaN {
    fn on_train_begin(&mut self, _: &mut Context<'_, T>) -> Result<()> {
        self.terminated = None;
        Ok(())
    }

    fn on_divergence(&mut self, batch: usize, loss: f64, context: &mut Context<'_, T>) -> Result<Divergence> {
        self.terminated = Some((context.epoch(), batch));
        match self.arguments.raise_error {
            true => Err(Error::Diverged { epoch: context.epoch() + 1, step: batch + 1, loss, restored_epoch: None }),
            false => Ok(Divergence::Stop),
        }
    }

    fn item(&self) -> Option<Arc<dyn CallbackItem<T>>> {
        Some(Arc::new(TerminateOnNaN::from(self.arguments.clone())))
    }
}
