use super::monitor::{improves, same_monitor};
use super::{Callback, CallbackItem, CallbackState, Context, Mode, Snapshot};
use crate::engine::show_line;
use crate::items::{Plain, Spec, item};
use crate::metrics::Direction;
use crate::{Error, Result, Scalar};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

item! {
    /// Ends a fit when a metric has stopped improving.
    ///
    /// NaN is never an improvement, and does not count at all before the first value that is a number: the patience begins
    /// with that one. In Keras a NaN in the first epoch is the best value for good.
    ///
    /// With `restore_best_weights` the best weights are restored however the fit ends, also if the loss becomes NaN or another
    /// callback fails. `fit` still returns the error, and its message states that the weights were restored.
    ///
    /// ```
    /// use nalgebra::DMatrix;
    /// use perceptra::prelude::*;
    ///
    /// let x = DMatrix::from_fn(40, 2, |i, j| (i % (j + 5)) as f32);
    /// let y = x.column(0).map(|v| f32::from(u8::from(v > 2.0)));
    /// let mut model = Sequential::new().add(Dense::new(1, Sigmoid)).compile("adam", "bce", ());
    /// let mut stopping = EarlyStopping::new().monitor("val_loss").patience(3).restore_best_weights(true);
    /// let fit = Fit::new().epochs(500).validation_split(0.2).callback(&mut stopping).verbose(0);
    /// model.fit(&x, &y, fit)?;
    /// println!("stopped at {:?}, best was {}", stopping.stopped_epoch(), stopping.best_epoch());
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # References
    ///
    /// Keras: `keras.callbacks.EarlyStopping`.
    pub struct EarlyStopping<T>: "EarlyStopping" () keeps state: EarlyStoppingState<T> {
        /// The metric that is monitored; default `val_loss`.
        monitor: String = "val_loss",
        /// The smallest change that counts as an improvement; default 0. Its sign is ignored.
        min_delta: f64 [finite] = 0.0,
        /// The number of epochs without improvement after which training stops; default 0.
        patience: Plain<usize> = 0,
        /// With 1, reports on standard error when a fit is stopped and weights are restored; default 0.
        verbose: u8 = 0,
        /// The direction in which the monitored value improves; by default as its metric declares.
        mode: Mode = Mode::Auto,
        /// A value that the metric has to beat: improvements that do not beat it do not reset the patience. Default none.
        baseline: Option<f64> [finite] = None,
        /// Whether to restore the weights of the best epoch at the end; default false.
        restore_best_weights: bool = false,
        /// Epochs before this one, counted from 0, are not monitored; default 0.
        start_from_epoch: Plain<usize> = 0,
    }
}

/// The values observed in a fit.
#[derive(Debug, Clone)]
struct EarlyStoppingState<T> {
    direction: Direction,
    wait: usize,
    best: Option<f64>,
    best_epoch: usize,
    best_weights: Option<Snapshot<T>>,
    stopped_epoch: Option<usize>,
}

impl<T> EarlyStoppingState<T> {
    /// The state before the first epoch.
    fn new(direction: Direction) -> Self {
        EarlyStoppingState { direction, wait: 0, best: None, best_epoch: 0, best_weights: None, stopped_epoch: None }
    }
}

impl<T> Default for EarlyStoppingState<T> {
    fn default() -> Self {
        EarlyStoppingState::new(Direction::Down)
    }
}

impl<T: Scalar> EarlyStopping<T> {
    /// The defaults.
    #[allow(clippy::new_without_default)] // a callback is made by `new`
    pub fn new() -> Self {
        Self::with()
    }

    /// The epoch after which the last fit was stopped, counted from 0; `None` if it was not stopped.
    pub fn stopped_epoch(&self) -> Option<usize> {
        self.state.stopped_epoch
    }

    /// The best epoch of the last fit, counted from 0; 0 if there was no number.
    pub fn best_epoch(&self) -> usize {
        self.state.best_epoch
    }

    /// The best value of the last fit; `None` if there was no number.
    pub fn best(&self) -> Option<f64> {
        self.state.best
    }
}

/// The part of the state that a backup holds.
#[derive(Serialize, Deserialize)]
struct EarlyStoppingBackup {
    monitor: String,
    wait: usize,
    #[serde(with = "crate::json_numbers::option")]
    best: Option<f64>,
    best_epoch: usize,
    stopped_epoch: Option<usize>,
}

impl<T: Scalar> EarlyStopping<T> {
    /// Restores the weights of the best epoch, if they are kept.
    fn restore_best(&self, context: &mut Context<'_, T>) -> Result<()> {
        let Some(weights) = &self.state.best_weights else { return Ok(()) };
        if self.verbose > 0 {
            show_line(format_args!(
                "Restoring model weights from the end of the best epoch: {}.",
                self.state.best_epoch.saturating_add(1)
            ));
        }
        context.restore(weights)
    }
}

impl<T: Scalar> Callback<T> for EarlyStopping<T> {
    fn on_train_begin(&mut self, context: &mut Context<'_, T>) -> Result<()> {
        self.check()?;
        self.state = EarlyStoppingState::new(self.mode.direction("EarlyStopping", &self.monitor, context, false)?);
        Ok(())
    }

    fn on_epoch_end(&mut self, context: &mut Context<'_, T>) -> Result<()> {
        let epoch = context.epoch();
        // An epoch without validation (`validation_freq`) has no `val_…` value and is skipped.
        let Some(value) = context.logs().get(&self.monitor).filter(|_| epoch >= self.start_from_epoch.0) else {
            return Ok(());
        };
        if value.is_nan() && self.state.best.is_none() {
            // A leading NaN neither counts as the best value nor uses up patience.
            return Ok(());
        }
        self.state.wait = self.state.wait.saturating_add(1);
        let min_delta = self.min_delta.abs();
        if improves(self.state.direction, value, self.state.best, min_delta) {
            self.state.best = Some(value);
            self.state.best_epoch = epoch;
            if self.restore_best_weights {
                self.state.best_weights = Some(context.snapshot());
            }
            let baseline = self.baseline;
            if baseline.is_none() || improves(self.state.direction, value, baseline, min_delta) {
                self.state.wait = 0;
            }
            return Ok(());
        }
        if self.state.wait >= self.patience.0 && epoch > 0 {
            self.state.stopped_epoch = Some(epoch);
            context.stop();
        }
        Ok(())
    }

    fn on_train_end(&mut self, context: &mut Context<'_, T>) -> Result<()> {
        if let Some(epoch) = self.state.stopped_epoch.filter(|_| self.verbose > 0) {
            show_line(format_args!("Epoch {}: early stopping.", epoch.saturating_add(1)));
        }
        self.restore_best(context)
    }

    fn on_train_error(&mut self, _: &Error, context: &mut Context<'_, T>) -> Result<()> {
        self.restore_best(context)
    }

    fn item(&self) -> Option<Arc<dyn CallbackItem<T>>> {
        Some(Arc::new(self.with_default_state()))
    }

    fn state(&self) -> Result<Option<CallbackState<T>>> {
        let memory = EarlyStoppingBackup {
            monitor: self.monitor.clone(),
            wait: self.state.wait,
            best: self.state.best,
            best_epoch: self.state.best_epoch,
            stopped_epoch: self.state.stopped_epoch,
        };
        Ok(Some(CallbackState::new(memory)?.snapshot(self.state.best_weights.clone())))
    }

    fn restore_state(&mut self, state: CallbackState<T>, _: &mut Context<'_, T>) -> Result<()> {
        let EarlyStoppingBackup { monitor, wait, best, best_epoch, stopped_epoch } = state.values()?;
        same_monitor("EarlyStopping", &self.monitor, &monitor)?;
        let (direction, best_weights) = (self.state.direction, state.into_snapshot());
        self.state = EarlyStoppingState { direction, wait, best, best_epoch, best_weights, stopped_epoch };
        Ok(())
    }
}
