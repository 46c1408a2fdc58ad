use super::open::Open;
use super::{Callback, CallbackItem, Context, Divergence};
use crate::engine::{Progress, Verbosity};
use crate::items::item;
use crate::{Error, Result, Scalar};
use std::sync::Arc;
use std::time::Instant;

item! {
    /// Shows the progress of a fit on standard error, like the fit itself.
    ///
    /// [`Fit::verbose`](crate::Fit::verbose) has the same effect and costs less in each step; use this if the display has to be in a list
    /// of callbacks.
    ///
    /// ```
    /// use perceptra::prelude::*;
    /// use perceptra::callbacks::ProgbarLogger;
    ///
    /// let mut model = Sequential::new().add(Dense::new(1, Linear)).compile("sgd", "mse", ());
    /// let fit = Fit::new().epochs(2).callback(ProgbarLogger::new()).verbose(0);
    /// model.fit(&dmatrix![1.0; 2.0], &dmatrix![1.0; 2.0], fit)?;
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # References
    ///
    /// Keras: `keras.callbacks.ProgbarLogger`.
    pub struct ProgbarLogger: "ProgbarLogger" () keeps shown: Open<Shown> {}
}

/// The display, and the start of the epoch.
type Shown = (Progress, Instant);

impl ProgbarLogger {
    /// A display.
    #[allow(clippy::new_without_default)] // a callback is made by `new`
    pub fn new() -> Self {
        Self::with()
    }
}

impl<T: Scalar> Callback<T> for ProgbarLogger {
    fn on_train_begin(&mut self, context: &mut Context<'_, T>) -> Result<()> {
        let progress = Progress::new(Verbosity::Auto, context.epochs(), context.steps());
        self.shown = Open::new((progress, Instant::now()));
        Ok(())
    }

    fn on_epoch_begin(&mut self, context: &mut Context<'_, T>) -> Result<()> {
        if let Some((progress, begin)) = &mut *self.shown {
            progress.begin(context.epoch());
            *begin = Instant::now();
        }
        Ok(())
    }

    fn on_train_batch_end(&mut self, batch: usize, context: &mut Context<'_, T>) -> Result<()> {
        if let Some((progress, _)) = &mut *self.shown
            && progress.is_due(batch)
        {
            progress.draw(batch + 1, context.logs());
        }
        Ok(())
    }

    fn on_epoch_end(&mut self, context: &mut Context<'_, T>) -> Result<()> {
        if let Some((progress, begin)) = &mut *self.shown {
            progress.end(context.logs(), begin.elapsed().as_secs_f64());
        }
        Ok(())
    }

    fn on_divergence(&mut self, _: usize, _: f64, _: &mut Context<'_, T>) -> Result<Divergence> {
        if let Some((progress, _)) = &mut *self.shown {
            progress.abandon();
        }
        Ok(Divergence::Fail)
    }

    fn on_train_error(&mut self, _: &Error, _: &mut Context<'_, T>) -> Result<()> {
        if let Some((progress, _)) = &mut *self.shown {
            progress.abandon();
        }
        Ok(())
    }

    fn item(&self) -> Option<Arc<dyn CallbackItem<T>>> {
        Some(Arc::new(self.with_default_state()))
    }
}
