use super::{Callback, CallbackState, Context};
use crate::{Result, Scalar};
use std::fmt;

/// Sets the learning rate before every epoch.
///
/// `schedule(epoch, rate)` gets the epoch, counted from 0, and the rate so far, and returns the rate of the epoch. The
/// `learning_rate` joins the history. For a rate that follows the steps, give the optimizer a
/// [`Schedule`](crate::optimizers::Schedule) instead.
///
/// ```
/// use nalgebra::dmatrix;
/// use perceptra::prelude::*;
/// use perceptra::callbacks::LearningRateScheduler;
///
/// let scheduler = LearningRateScheduler::new(|epoch, rate| if epoch < 2 { rate } else { rate / 2.0 });
/// let mut model = Sequential::new().add(Dense::new(1, Linear)).compile(SGD.learning_rate(0.1), "mse", ());
/// let fit = Fit::new().epochs(4).callback(scheduler).verbose(0);
/// let history = model.fit(&dmatrix![1.0; 2.0], &dmatrix![1.0; 2.0], fit)?;
/// assert_eq!(history.get("learning_rate").unwrap(), [0.1, 0.1, 0.05, 0.025]);
/// # Ok::<(), perceptra::Error>(())
/// ```
///
/// # Errors
///
/// A rate that is no finite number of at least 0, and an optimizer whose rate is a schedule, end the fit with
/// [`Error::Callback`](crate::Error::Callback).
///
/// # References
///
/// Keras: `keras.callbacks.LearningRateScheduler`.
pub struct LearningRateScheduler<'a> {
    schedule: Box<dyn FnMut(usize, f64) -> f64 + 'a>,
    verbose: u8,
    /// The epoch whose rate was set last.
    set_for: Option<usize>,
}

impl<'a> LearningRateScheduler<'a> {
    /// By a function of the epoch and the rate so far.
    pub fn new(schedule: impl FnMut(usize, f64) -> f64 + 'a) -> Self {
        LearningRateScheduler { schedule: Box::new(schedule), verbose: 0, set_for: None }
    }

    /// 1 tells each rate on standard error; default 0.
    #[must_use]
    pub fn verbose(mut self, verbose: u8) -> Self {
        self.verbose = verbose;
        self
    }
}

impl<T: Scalar> Callback<T> for LearningRateScheduler<'_> {
    fn on_train_begin(&mut self, _: &mut Context<'_, T>) -> Result<()> {
        self.set_for = None;
        Ok(())
    }

    fn on_epoch_begin(&mut self, context: &mut Context<'_, T>) -> Result<()> {
        if self.set_for == Some(context.epoch()) {
            // The fit is resumed within this epoch, and has the rate already.
            return Ok(());
        }
        let rate = (self.schedule)(context.epoch(), context.learning_rate());
        context.decide_learning_rate("LearningRateScheduler", rate)?;
        self.set_for = Some(context.epoch());
        if self.verbose > 0 {
            eprintln!("Epoch {}: LearningRateScheduler setting learning rate to {rate}.", context.epoch() + 1);
        }
        Ok(())
    }

    fn on_epoch_end(&mut self, context: &mut Context<'_, T>) -> Result<()> {
        let rate = context.learning_rate();
        context.logs_mut().set("learning_rate", rate);
        Ok(())
    }

    fn added_logs(&self) -> Vec<String> {
        vec!["learning_rate".into()]
    }

    fn state(&self) -> Result<Option<CallbackState<T>>> {
        CallbackState::new(self.set_for).map(Some)
    }

    fn restore_state(&mut self, state: CallbackState<T>, _: &mut Context<'_, T>) -> Result<()> {
        self.set_for = state.values()?;
        Ok(())
    }
}

impl fmt::Debug for LearningRateScheduler<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LearningRateScheduler").field("verbose", &self.verbose).finish_non_exhaustive()
    }
}
