use super::arguments::{self, config};
use super::{Callback, CallbackItem, Context};
use crate::spec::Spec;
use crate::{Error, Result, Scalar};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::Arc;

/// Puts the moving averages in the weights' place while the model is validated.
///
/// | option | default | |
/// |---|---|---|
/// | `swap_on_epoch` | false | also from the end of an epoch to the beginning of the next, for callbacks that save |
///
/// The optimizer must be one with `use_ema`. Training goes on with the weights themselves; at the end of the fit the
/// model has the averages. Add it before the callbacks that are to see the averages.
///
/// ```
/// use nalgebra::DMatrix;
/// use perceptra::prelude::*;
/// use perceptra::callbacks::SwapEMAWeights;
///
/// let x = DMatrix::from_fn(40, 2, |i, j| (i % (j + 5)) as f32);
/// let y = x.column(0).map(|v| f32::from(u8::from(v > 2.0)));
/// let mut model = Sequential::new().add(Dense::new(1, Sigmoid)).compile(Adam.use_ema(true), "bce", ());
/// let fit = Fit::new().epochs(3).validation_split(0.2).callback(SwapEMAWeights::new()).verbose(0);
/// let history = model.fit(&x, &y, fit)?;
/// assert_eq!(history.epochs().len(), 3);
/// # Ok::<(), perceptra::Error>(())
/// ```
///
/// # Errors
///
/// An optimizer without `use_ema` ends the fit with [`Error::Callback`].
///
/// # References
///
/// Keras: `keras.callbacks.SwapEMAWeights`.
#[derive(Debug, Clone, Default)]
pub struct SwapEMAWeights {
    arguments: Arguments,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Arguments {
    swap_on_epoch: bool,
}

impl arguments::Arguments for Arguments {}

impl From<Arguments> for SwapEMAWeights {
    fn from(arguments: Arguments) -> Self {
        SwapEMAWeights { arguments }
    }
}

impl SwapEMAWeights {
    /// The defaults.
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether the averages stay in place between epochs too; default false.
    #[must_use]
    pub fn swap_on_epoch(mut self, swap: bool) -> Self {
        self.arguments.swap_on_epoch = swap;
        self
    }
}

/// Brings the averages into the model, or the weights back.
fn show_averages<T: Scalar>(wanted: bool, context: &mut Context<'_, T>) -> Result<()> {
    if context.averages_swapped() != wanted {
        context.swap_averages();
    }
    Ok(())
}

impl Spec for SwapEMAWeights {
    fn config(&self) -> Result<Value> {
        config("SwapEMAWeights", &self.arguments)
    }
}

impl<T: Scalar> Callback<T> for SwapEMAWeights {
    fn on_train_begin(&mut self, context: &mut Context<'_, T>) -> Result<()> {
        if context.keeps_averages() {
            return Ok(());
        }
        Err(Error::Callback {
            callback: "SwapEMAWeights".into(),
            reason: "the optimizer keeps no averages; give it .use_ema(true)".into(),
        })
    }

    fn on_epoch_begin(&mut self, context: &mut Context<'_, T>) -> Result<()> {
        show_averages(false, context)
    }

    fn on_test_begin(&mut self, context: &mut Context<'_, T>) -> Result<()> {
        show_averages(true, context)
    }

    fn on_test_end(&mut self, context: &mut Context<'_, T>) -> Result<()> {
        show_averages(false, context)
    }

    fn on_epoch_end(&mut self, context: &mut Context<'_, T>) -> Result<()> {
        show_averages(self.arguments.swap_on_epoch, context)
    }

    fn item(&self) -> Option<Arc<dyn CallbackItem<T>>> {
        Some(Arc::new(self.clone()))
    }
}
