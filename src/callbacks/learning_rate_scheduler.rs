use super::{Callback, CallbackItem, CallbackState, Context};
use crate::engine::show_line;
use crate::items::Spec;
use crate::{Error, Result, Scalar};
use serde_json::Value;
use std::fmt;
use std::sync::Arc;

/// Sets the learning rate before every epoch.
///
/// `schedule(epoch, rate)` receives the epoch, counted from 0, and the current rate, and returns the rate of the epoch. The
/// `learning_rate` is added to the history. For a rate that depends on the step, use a
/// [`Schedule`](crate::optimizers::Schedule) of the optimizer instead.
///
/// ```
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
/// A rate that is negative or not finite, and an optimizer with a schedule, end the fit with
/// [`Error::Callback`](crate::Error::Callback).
///
/// # References
///
/// Keras: `keras.callbacks.LearningRateScheduler`.
pub struct LearningRateScheduler<'a> {
    schedule: RateFunction<'a>,
    verbose: u8,
    /// The epoch whose rate was set last.
    set_for: Option<usize>,
}

type ScheduleFunction = Arc<dyn Fn(usize, f64) -> f64 + Send + Sync>;

/// The function of epoch and rate.
enum RateFunction<'a> {
    /// A function that any number of fits may call.
    ScheduleFunction(ScheduleFunction),
    /// A function that belongs to one fit.
    OfOneFit(Box<dyn FnMut(usize, f64) -> f64 + 'a>),
}

impl RateFunction<'_> {
    fn at(&mut self, epoch: usize, rate: f64) -> f64 {
        match self {
            RateFunction::ScheduleFunction(schedule) => schedule(epoch, rate),
            RateFunction::OfOneFit(schedule) => schedule(epoch, rate),
        }
    }
}

impl<'a> LearningRateScheduler<'a> {
    /// Schedules by a function of the epoch and the rate so far, which any number of fits may call.
    ///
    /// The callback can be repeated in [`FitOptions`](crate::models::FitOptions), but not saved; use a
    /// [`Schedule`](crate::optimizers::Schedule) of the optimizer for that.
    pub fn new(schedule: impl Fn(usize, f64) -> f64 + Send + Sync + 'static) -> Self {
        Self::with(RateFunction::ScheduleFunction(Arc::new(schedule)))
    }

    /// Schedules by a function that borrows or changes something, for one fit.
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let mut rates = [0.1, 0.02].into_iter();
    /// let scheduler = LearningRateScheduler::new_mut(|_, rate| rates.next().unwrap_or(rate));
    /// let mut model = Sequential::new().add(Dense::new(1, Linear)).compile(SGD, "mse", ());
    /// let fit = Fit::new().epochs(3).callback(scheduler).verbose(0);
    /// let history = model.fit(&dmatrix![1.0; 2.0], &dmatrix![1.0; 2.0], fit)?;
    /// assert_eq!(history.get("learning_rate").unwrap(), [0.1, 0.02, 0.02]);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    pub fn new_mut(schedule: impl FnMut(usize, f64) -> f64 + 'a) -> Self {
        Self::with(RateFunction::OfOneFit(Box::new(schedule)))
    }

    fn with(schedule: RateFunction<'a>) -> Self {
        LearningRateScheduler { schedule, verbose: 0, set_for: None }
    }

    /// With 1, reports each rate on standard error; default 0.
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
        let rate = self.schedule.at(context.epoch(), context.learning_rate());
        context.decide_learning_rate("LearningRateScheduler", rate)?;
        self.set_for = Some(context.epoch());
        if self.verbose > 0 {
            show_line(format_args!(
                "Epoch {}: LearningRateScheduler setting learning rate to {rate}.",
                context.epoch() + 1
            ));
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

    fn item(&self) -> Option<Arc<dyn CallbackItem<T>>> {
        match &self.schedule {
            RateFunction::ScheduleFunction(schedule) => {
                Some(Arc::new(Repeated { schedule: schedule.clone(), verbose: self.verbose }))
            }
            RateFunction::OfOneFit(_) => None,
        }
    }

    fn state(&self) -> Result<Option<CallbackState<T>>> {
        CallbackState::new(self.set_for).map(Some)
    }

    fn restore_state(&mut self, state: CallbackState<T>, _: &mut Context<'_, T>) -> Result<()> {
        self.set_for = state.values()?;
        Ok(())
    }
}

/// A scheduler whose function any number of fits may call.
struct Repeated {
    schedule: ScheduleFunction,
    verbose: u8,
}

impl Spec for Repeated {
    fn class_name(&self) -> String {
        "LearningRateScheduler".into()
    }

    fn config(&self) -> Result<Value> {
        Err(Error::NotSerializable {
            item: self.class_name(),
            reason: "it computes a closure, which a file cannot hold; give the optimizer a schedule of \
                     optimizers::schedules as its learning_rate instead"
                .into(),
        })
    }
}

impl<T: Scalar> CallbackItem<T> for Repeated {
    fn start(&self) -> Box<dyn Callback<T>> {
        let scheduler = LearningRateScheduler::with(RateFunction::ScheduleFunction(self.schedule.clone()));
        Box::new(scheduler.verbose(self.verbose))
    }
}

impl fmt::Debug for Repeated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LearningRateScheduler").field("verbose", &self.verbose).finish_non_exhaustive()
    }
}

impl fmt::Debug for LearningRateScheduler<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LearningRateScheduler").field("verbose", &self.verbose).finish_non_exhaustive()
    }
}
