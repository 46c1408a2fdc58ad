use super::arguments::{self, config};
use super::{Callback, CallbackItem, Context, Divergence};
use crate::engine::{Progress, Verbosity};
use crate::spec::Spec;
use crate::{Error, Result, Scalar};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fmt;
use std::sync::Arc;
use std::time::Instant;

/// Shows the course of a fit on standard error, as the fit itself does.
///
/// [`Fit::verbose`](crate::Fit::verbose) has the same effect and costs less in each step; this is for where a display
/// is to stand in a list of callbacks.
///
/// ```
/// use nalgebra::dmatrix;
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
#[derive(Default)]
pub struct ProgbarLogger {
    arguments: Arguments,
    /// The display of a fit that is under way.
    shown: Option<(Progress, Instant)>,
}

/// There are none.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Arguments {}

impl arguments::Arguments for Arguments {}

impl From<Arguments> for ProgbarLogger {
    fn from(arguments: Arguments) -> Self {
        ProgbarLogger { arguments, shown: None }
    }
}

/// Another display; that of a fit that is under way stays with the original.
impl Clone for ProgbarLogger {
    fn clone(&self) -> Self {
        self.arguments.clone().into()
    }
}

impl ProgbarLogger {
    /// A display.
    pub fn new() -> Self {
        Self::default()
    }
}

impl Spec for ProgbarLogger {
    fn config(&self) -> Result<Value> {
        config("ProgbarLogger", &self.arguments)
    }
}

impl<T: Scalar> Callback<T> for ProgbarLogger {
    fn on_train_begin(&mut self, context: &mut Context<'_, T>) -> Result<()> {
        self.shown = Some((Progress::new(Verbosity::Auto, context.epochs(), context.steps()), Instant::now()));
        Ok(())
    }

    fn on_epoch_begin(&mut self, context: &mut Context<'_, T>) -> Result<()> {
        if let Some((progress, begin)) = &mut self.shown {
            progress.begin(context.epoch());
            *begin = Instant::now();
        }
        Ok(())
    }

    fn on_train_batch_end(&mut self, batch: usize, context: &mut Context<'_, T>) -> Result<()> {
        if let Some((progress, _)) = &mut self.shown
            && progress.is_due(batch)
        {
            progress.draw(batch + 1, context.logs());
        }
        Ok(())
    }

    fn on_epoch_end(&mut self, context: &mut Context<'_, T>) -> Result<()> {
        if let Some((progress, begin)) = &mut self.shown {
            progress.end(context.logs(), begin.elapsed().as_secs_f64());
        }
        Ok(())
    }

    fn on_divergence(&mut self, _: usize, _: f64, _: &mut Context<'_, T>) -> Result<Divergence> {
        if let Some((progress, _)) = &mut self.shown {
            progress.abandon();
        }
        Ok(Divergence::Fail)
    }

    fn on_train_error(&mut self, _: &Error, _: &mut Context<'_, T>) -> Result<()> {
        if let Some((progress, _)) = &mut self.shown {
            progress.abandon();
        }
        Ok(())
    }

    fn item(&self) -> Option<Arc<dyn CallbackItem<T>>> {
        Some(Arc::new(self.clone()))
    }
}

impl fmt::Debug for ProgbarLogger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ProgbarLogger")
    }
}
