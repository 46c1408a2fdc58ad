use super::monitor::{improves, same_monitor};
use super::{Callback, CallbackItem, CallbackState, Context, Mode};
use crate::engine::show_line;
use crate::items::{Plain, Spec, item};
use crate::metrics::Direction;
use crate::{Result, Scalar};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

item! {
    /// Lowers the learning rate when a metric has stopped improving.
    ///
    /// The `learning_rate` of the epoch is added to the history. NaN is never an improvement, and epochs before the first
    /// value that is a number are ignored.
    ///
    /// ```
    /// use perceptra::prelude::*;
    /// use perceptra::callbacks::ReduceLROnPlateau;
    ///
    /// // Nothing can improve where nothing is learned.
    /// let mut model = Sequential::new().add(Dense::new(1, Linear).trainable(false)).compile(SGD, "mse", ());
    /// let plateau = ReduceLROnPlateau::new().monitor("loss").factor(0.5).patience(2);
    /// let fit = Fit::new().epochs(4).callback(plateau).verbose(0);
    /// let history = model.fit(&dmatrix![1.0; 2.0], &dmatrix![1.0; 2.0], fit)?;
    /// assert_eq!(history.get("learning_rate").unwrap(), [0.01, 0.01, 0.01, 0.005]);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// A factor out of its range, and an optimizer with a schedule, end the fit.
    ///
    /// # References
    ///
    /// Keras: `keras.callbacks.ReduceLROnPlateau`.
    pub struct ReduceLROnPlateau: "ReduceLROnPlateau" () keeps state: PlateauState {
        /// The metric that is monitored; default `val_loss`.
        monitor: String = "val_loss",
        /// The new rate is the old one times this; default 0.1.
        factor: f64 [above 0 below 1] = 0.1,
        /// The number of epochs without improvement before a reduction; default 10.
        patience: Plain<usize> = 10,
        /// With 1, reports each new rate on standard error; default 0.
        verbose: u8 = 0,
        /// The direction in which the monitored value improves; by default as its metric declares.
        mode: Mode = Mode::Auto,
        /// The smallest change that counts as an improvement; default 0.0001. Its sign is ignored.
        min_delta: f64 [finite] = 1e-4,
        /// The number of epochs after a reduction that are ignored; default 0.
        cooldown: Plain<usize> = 0,
        /// The lower bound of the rate; default 0.
        min_lr: f64 [finite] = 0.0,
    }
}

/// The values observed in a fit.
#[derive(Debug, Clone)]
struct PlateauState {
    direction: Direction,
    best: Option<f64>,
    wait: usize,
    cooling: usize,
}

impl Default for PlateauState {
    fn default() -> Self {
        PlateauState { direction: Direction::Down, best: None, wait: 0, cooling: 0 }
    }
}

impl ReduceLROnPlateau {
    /// The defaults.
    #[allow(clippy::new_without_default)] // a callback is made by `new`
    pub fn new() -> Self {
        Self::with()
    }

    fn reduce<T: Scalar>(&mut self, context: &mut Context<'_, T>) -> Result<()> {
        let old = context.learning_rate();
        if old <= self.min_lr {
            return Ok(());
        }
        let new = (old * self.factor).max(self.min_lr);
        context.decide_learning_rate("ReduceLROnPlateau", new)?;
        if self.verbose > 0 {
            show_line(format_args!(
                "Epoch {}: ReduceLROnPlateau reducing learning rate to {new}.",
                context.epoch() + 1
            ));
        }
        self.state.cooling = self.cooldown.0;
        self.state.wait = 0;
        Ok(())
    }
}

impl<T: Scalar> Callback<T> for ReduceLROnPlateau {
    fn on_train_begin(&mut self, context: &mut Context<'_, T>) -> Result<()> {
        self.check()?;
        let direction = self.mode.direction("ReduceLROnPlateau", &self.monitor, context, false)?;
        self.state = PlateauState { direction, ..PlateauState::default() };
        Ok(())
    }

    fn on_epoch_end(&mut self, context: &mut Context<'_, T>) -> Result<()> {
        let rate = context.learning_rate();
        context.logs_mut().set("learning_rate", rate);
        // An epoch without validation has no such value and is skipped.
        let Some(value) = context.logs().get(&self.monitor) else { return Ok(()) };
        if value.is_nan() && self.state.best.is_none() {
            // No number has occurred yet, so there is no value to compare with.
            return Ok(());
        }
        if self.state.cooling > 0 {
            self.state.cooling -= 1;
            self.state.wait = 0;
        }
        if improves(self.state.direction, value, self.state.best, self.min_delta.abs()) {
            self.state.best = Some(value);
            self.state.wait = 0;
        } else if self.state.cooling == 0 {
            self.state.wait = self.state.wait.saturating_add(1);
            if self.state.wait >= self.patience.0 {
                return self.reduce(context);
            }
        }
        Ok(())
    }

    fn added_logs(&self) -> Vec<String> {
        vec!["learning_rate".into()]
    }

    fn item(&self) -> Option<Arc<dyn CallbackItem<T>>> {
        Some(Arc::new(self.with_default_state()))
    }

    fn state(&self) -> Result<Option<CallbackState<T>>> {
        let PlateauState { best, wait, cooling, .. } = self.state;
        CallbackState::new(PlateauBackup { monitor: self.monitor.clone(), best, wait, cooling }).map(Some)
    }

    fn restore_state(&mut self, state: CallbackState<T>, _: &mut Context<'_, T>) -> Result<()> {
        let PlateauBackup { monitor, best, wait, cooling } = state.values()?;
        same_monitor("ReduceLROnPlateau", &self.monitor, &monitor)?;
        self.state = PlateauState { direction: self.state.direction, best, wait, cooling };
        Ok(())
    }
}

/// The part of the state that a backup holds.
#[derive(Serialize, Deserialize)]
struct PlateauBackup {
    monitor: String,
    #[serde(with = "crate::json_numbers::option")]
    best: Option<f64>,
    wait: usize,
    cooling: usize,
}
