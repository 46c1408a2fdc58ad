use super::{Callback, CallbackItem, Context};
use crate::items::item;
use crate::{Error, Result, Scalar};
use std::sync::Arc;

item! {
    /// Replaces the weights by their moving averages during validation.
    ///
    /// The optimizer must have `use_ema`. Training continues with the weights themselves; at the end of the fit the model has
    /// the averages. Add this callback before those that should see the averages.
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
    pub struct SwapEMAWeights: "SwapEMAWeights" () {
        /// Whether the averages also stay in place from the end of an epoch to the beginning of the next, for callbacks that save;
        /// default false.
        swap_on_epoch: bool = false,
    }
}

impl SwapEMAWeights {
    /// The defaults.
    #[allow(clippy::new_without_default)] // a callback is made by `new`
    pub fn new() -> Self {
        Self::with()
    }
}

/// Exchanges the weights and the averages.
fn show_averages<T: Scalar>(wanted: bool, context: &mut Context<'_, T>) -> Result<()> {
    if context.averages_swapped() != wanted {
        context.swap_averages();
    }
    Ok(())
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
        show_averages(self.swap_on_epoch, context)
    }

    fn item(&self) -> Option<Arc<dyn CallbackItem<T>>> {
        Some(Arc::new(self.clone()))
    }
}
