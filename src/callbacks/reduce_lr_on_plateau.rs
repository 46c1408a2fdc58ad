use super::arguments::{self, config};
use super::monitor::{finite, improves, same_monitor};
use super::{Callback, CallbackItem, CallbackState, Context, Mode};
use crate::metrics::Direction;
use crate::spec::Spec;
use crate::{Error, Result, Scalar};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::Arc;

/// Lowers the learning rate when a metric has stopped improving.
///
/// | option | default | |
/// |---|---|---|
/// | `monitor` | `val_loss` | the metric |
/// | `factor` | 0.1 | the new rate is the old one times this, in (0, 1) |
/// | `patience` | 10 | epochs without improvement that are waited for |
/// | `verbose` | 0 | 1 tells each new rate on standard error |
/// | `mode` | auto | which way the metric gets better |
/// | `min_delta` | 0.0001 | an improvement is more than this |
/// | `cooldown` | 0 | epochs after a reduction that do not count |
/// | `min_lr` | 0 | the rate does not go below |
///
/// The `learning_rate`, as it was in the epoch, joins the history. NaN is never an improvement, and does not count at all
/// before the first value that is a number.
///
/// ```
/// use nalgebra::dmatrix;
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
/// A factor out of its range, and an optimizer whose rate is a schedule, end the fit.
///
/// # References
///
/// Keras: `keras.callbacks.ReduceLROnPlateau`.
#[derive(Debug, Clone, Default)]
pub struct ReduceLROnPlateau {
    arguments: Arguments,
    state: State,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Arguments {
    monitor: String,
    factor: f64,
    patience: usize,
    verbose: u8,
    mode: Mode,
    min_delta: f64,
    cooldown: usize,
    min_lr: f64,
}

impl Default for Arguments {
    fn default() -> Self {
        Arguments {
            monitor: "val_loss".into(),
            factor: 0.1,
            patience: 10,
            verbose: 0,
            mode: Mode::Auto,
            min_delta: 1e-4,
            cooldown: 0,
            min_lr: 0.0,
        }
    }
}

/// What it has seen in a fit.
#[derive(Debug, Clone)]
struct State {
    direction: Direction,
    best: Option<f64>,
    wait: usize,
    cooling: usize,
}

impl Default for State {
    fn default() -> Self {
        State { direction: Direction::Down, best: None, wait: 0, cooling: 0 }
    }
}

impl arguments::Arguments for Arguments {}

impl From<Arguments> for ReduceLROnPlateau {
    fn from(arguments: Arguments) -> Self {
        ReduceLROnPlateau { arguments, state: State::default() }
    }
}

impl ReduceLROnPlateau {
    /// The defaults.
    pub fn new() -> Self {
        Self::default()
    }

    /// The metric that is monitored; default `val_loss`.
    #[must_use]
    pub fn monitor(mut self, name: impl Into<String>) -> Self {
        self.arguments.monitor = name.into();
        self
    }

    /// The new rate is the old one times this, in (0, 1); default 0.1.
    #[must_use]
    pub fn factor(mut self, factor: f64) -> Self {
        self.arguments.factor = factor;
        self
    }

    /// Epochs without improvement that are waited for; default 10.
    #[must_use]
    pub fn patience(mut self, epochs: usize) -> Self {
        self.arguments.patience = epochs;
        self
    }

    /// 1 tells each new rate on standard error; default 0.
    #[must_use]
    pub fn verbose(mut self, verbose: u8) -> Self {
        self.arguments.verbose = verbose;
        self
    }

    /// Which way the metric gets better; by default as its metric says.
    #[must_use]
    pub fn mode(mut self, mode: Mode) -> Self {
        self.arguments.mode = mode;
        self
    }

    /// How much better a value must be to count; default 0.0001. Its sign is ignored.
    #[must_use]
    pub fn min_delta(mut self, min_delta: f64) -> Self {
        self.arguments.min_delta = min_delta;
        self
    }

    /// Epochs after a reduction that do not count; default 0.
    #[must_use]
    pub fn cooldown(mut self, epochs: usize) -> Self {
        self.arguments.cooldown = epochs;
        self
    }

    /// The rate does not go below; default 0.
    #[must_use]
    pub fn min_lr(mut self, rate: f64) -> Self {
        self.arguments.min_lr = rate;
        self
    }

    fn reduce<T: Scalar>(&mut self, context: &mut Context<'_, T>) -> Result<()> {
        let old = context.learning_rate();
        if old <= self.arguments.min_lr {
            return Ok(());
        }
        let new = (old * self.arguments.factor).max(self.arguments.min_lr);
        context.decide_learning_rate("ReduceLROnPlateau", new)?;
        if self.arguments.verbose > 0 {
            eprintln!("Epoch {}: ReduceLROnPlateau reducing learning rate to {new}.", context.epoch() + 1);
        }
        self.state.cooling = self.arguments.cooldown;
        self.state.wait = 0;
        Ok(())
    }
}

impl Spec for ReduceLROnPlateau {
    fn config(&self) -> Result<Value> {
        config("ReduceLROnPlateau", &self.arguments)
    }

    fn check(&self) -> Result<()> {
        if !(self.arguments.factor > 0.0 && self.arguments.factor < 1.0) {
            return Err(Error::argument("ReduceLROnPlateau", "factor", self.arguments.factor, "a number in (0, 1)"));
        }
        finite("ReduceLROnPlateau", "min_delta", self.arguments.min_delta)?;
        finite("ReduceLROnPlateau", "min_lr", self.arguments.min_lr)
    }
}

impl<T: Scalar> Callback<T> for ReduceLROnPlateau {
    fn on_train_begin(&mut self, context: &mut Context<'_, T>) -> Result<()> {
        self.check()?;
        let Arguments { monitor, mode, .. } = &self.arguments;
        let direction = mode.direction("ReduceLROnPlateau", monitor, context, false)?;
        self.state = State { direction, ..State::default() };
        Ok(())
    }

    fn on_epoch_end(&mut self, context: &mut Context<'_, T>) -> Result<()> {
        let rate = context.learning_rate();
        context.logs_mut().set("learning_rate", rate);
        // An epoch without validation has no such value and is skipped.
        let Some(value) = context.logs().get(&self.arguments.monitor) else { return Ok(()) };
        if value.is_nan() && self.state.best.is_none() {
            // There is nothing yet from which it could have stopped improving.
            return Ok(());
        }
        if self.state.cooling > 0 {
            self.state.cooling -= 1;
            self.state.wait = 0;
        }
        if improves(self.state.direction, value, self.state.best, self.arguments.min_delta.abs()) {
            self.state.best = Some(value);
            self.state.wait = 0;
        } else if self.state.cooling == 0 {
            self.state.wait = self.state.wait.saturating_add(1);
            if self.state.wait >= self.arguments.patience {
                return self.reduce(context);
            }
        }
        Ok(())
    }

    fn added_logs(&self) -> Vec<String> {
        vec!["learning_rate".into()]
    }

    fn item(&self) -> Option<Arc<dyn CallbackItem<T>>> {
        Some(Arc::new(ReduceLROnPlateau::from(self.arguments.clone())))
    }

    fn state(&self) -> Result<Option<CallbackState<T>>> {
        let State { best, wait, cooling, .. } = self.state;
        CallbackState::new(Memory { monitor: self.arguments.monitor.clone(), best, wait, cooling }).map(Some)
    }

    fn restore_state(&mut self, state: CallbackState<T>, _: &mut Context<'_, T>) -> Result<()> {
        let Memory { monitor, best, wait, cooling } = state.values()?;
        same_monitor("ReduceLROnPlateau", &self.arguments.monitor, &monitor)?;
        self.state = State { direction: self.state.direction, best, wait, cooling };
        Ok(())
    }
}

/// What a backup holds of the state.
#[derive(Serialize, Deserialize)]
struct Memory {
    monitor: String,
    #[serde(with = "crate::json_numbers::option")]
    best: Option<f64>,
    wait: usize,
    cooling: usize,
}
