use super::fit_state::{BackupRequest, Resumed};
use super::logs::Logs;
use super::measures::Measures;
use super::network::Network;
use super::snapshot::Snapshot;
use crate::error::number;
use crate::metrics::Direction;
use crate::optimizers::{LearningRate, OptimizerState};
use crate::{Error, Result, Scalar};
use std::fmt;

/// The fit, as passed to a [`Callback`](super::callback::Callback).
pub struct Context<'a, T: Scalar> {
    pub(crate) epoch: usize,
    pub(crate) epochs: usize,
    pub(crate) steps: usize,
    pub(crate) logs: &'a mut Logs,
    pub(crate) network: &'a mut Network<T>,
    pub(crate) optimizer_state: &'a mut OptimizerState<T>,
    pub(crate) keys: &'a [LogKey],
    pub(crate) validated: bool,
    pub(crate) measures: Measures<'a, T>,
    pub(crate) stop: &'a mut bool,
    pub(crate) resume: &'a mut Option<Resumed<T>>,
    pub(crate) backups: &'a mut Vec<BackupRequest<T>>,
    pub(crate) restored: &'a mut Option<usize>,
}

/// The name of a value in the logs, with its properties.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct LogKey {
    pub(crate) name: String,
    /// The direction in which the value improves, if it is known.
    pub(crate) direction: Option<Direction>,
    /// Whether the logs contain it after every batch, and not only at the ends of epochs.
    pub(crate) by_batch: bool,
}

impl<T: Scalar> Context<'_, T> {
    /// The epoch, counted from 0.
    pub fn epoch(&self) -> usize {
        self.epoch
    }

    /// The number of epochs that the fit was configured with.
    pub fn epochs(&self) -> usize {
        self.epochs
    }

    /// The steps of an epoch; 0 in the first pass over a source that does not know the number of its rows.
    pub fn steps(&self) -> usize {
        self.steps
    }

    /// The loss and metrics: in batch callbacks those of the epoch so far, at the end of an epoch also those of validation.
    pub fn logs(&self) -> &Logs {
        self.logs
    }

    /// The loss and metrics, mutably, to add a value that the history and later callbacks will see.
    ///
    /// A callback that adds a value returns its name from [`Callback::added_logs`](super::callback::Callback::added_logs).
    pub fn logs_mut(&mut self) -> &mut Logs {
        self.logs
    }

    /// The names of the values that the logs will hold at the ends of epochs: loss and metrics, those of validation if there is
    /// one, and the values that earlier callbacks add.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.keys.iter().map(|key| key.name.as_str())
    }

    /// The model's layers and weights.
    pub fn network(&self) -> &Network<T> {
        self.network
    }

    /// The model's layers and weights, to change them.
    pub fn network_mut(&mut self) -> &mut Network<T> {
        self.network
    }

    /// The optimizer steps taken since the model was compiled.
    pub fn iterations(&self) -> u64 {
        self.optimizer_state.iterations
    }

    /// The learning rate of the next step.
    pub fn learning_rate(&self) -> f64 {
        self.optimizer_state.current_rate()
    }

    /// Sets the learning rate from the next step on; this replaces a schedule.
    pub fn set_learning_rate(&mut self, rate: f64) {
        self.optimizer_state.learning_rate = LearningRate::Constant(rate);
    }

    /// Sets the learning rate on behalf of a callback.
    ///
    /// # Errors
    ///
    /// [`Error::Callback`] if the rate is NaN, infinite or negative, or if the optimizer follows a schedule.
    pub(crate) fn decide_learning_rate(&mut self, callback: &str, rate: f64) -> Result<()> {
        let reason = match self.optimizer_state.learning_rate {
            LearningRate::Schedule(_) => {
                "the optimizer follows a schedule; give it a number as its learning rate".into()
            }
            LearningRate::Constant(_) if !(rate.is_finite() && rate >= 0.0) => {
                format!("a learning rate of {}; expected a finite number of at least 0", number(rate))
            }
            LearningRate::Constant(_) => {
                self.set_learning_rate(rate);
                return Ok(());
            }
        };
        Err(Error::Callback { callback: callback.into(), reason })
    }

    /// Requests a backup of the fit. It is made after all callbacks have been called for this batch or epoch, since only then do
    /// their states include it.
    pub(crate) fn request_backup(&mut self, request: BackupRequest<T>) {
        self.backups.push(request);
    }

    /// Exchanges the weights with their moving averages, which are projected onto the constraints; has no effect without `use_ema`.
    ///
    /// Training has to continue with the weights themselves, so exchange them back before the next step. At the end of the fit
    /// either may be in place.
    pub fn swap_averages(&mut self) {
        self.optimizer_state.swap_averages(&mut self.network.weights);
        if self.optimizer_state.swapped {
            self.network.constrain();
        }
    }

    /// Whether the optimizer keeps moving averages of the weights.
    pub fn keeps_averages(&self) -> bool {
        self.optimizer_state.averages()
    }

    /// Whether the weights are currently replaced by their moving averages.
    pub fn averages_swapped(&self) -> bool {
        self.optimizer_state.swapped
    }

    /// A copy of all weights and state, to return to.
    pub fn snapshot(&self) -> Snapshot<T> {
        Snapshot {
            epoch: self.epoch,
            weights: self.network.flat_weights().to_vec(),
            state: self.network.flat_state().to_vec(),
        }
    }

    /// Returns to the weights and state of a snapshot of this model.
    ///
    /// In [`Callback::on_train_error`](super::callback::Callback::on_train_error) the message of the error then states it.
    ///
    /// # Errors
    ///
    /// [`Error::Weights`] for a snapshot of another model.
    pub fn restore(&mut self, snapshot: &Snapshot<T>) -> Result<()> {
        self.network.set_flat(&snapshot.weights, &snapshot.state)?;
        *self.restored = Some(snapshot.epoch);
        Ok(())
    }

    /// Ends the fit after this epoch, or after this batch if called from a batch hook.
    pub fn stop(&mut self) {
        *self.stop = true;
    }

    /// The direction in which a monitored value improves; `by_batch` if the value is needed after every batch.
    ///
    /// # Errors
    ///
    /// [`Error::Unknown`] lists the values that this fit has.
    pub(crate) fn direction(&self, monitor: &str, by_batch: bool) -> Result<Option<Direction>> {
        match self.key(monitor, by_batch) {
            Ok(key) => Ok(key.direction),
            Err(Unavailable { known, cure }) => {
                let error = Error::unknown("metric to monitor", monitor, known);
                Err(if cure.is_empty() { error } else { error.with_note(cure) })
            }
        }
    }

    /// A value that the logs will hold at the ends of epochs, or after every batch.
    pub(crate) fn key(&self, name: &str, by_batch: bool) -> std::result::Result<&LogKey, Unavailable<'_>> {
        let available = self.keys.iter().filter(|key| key.by_batch || !by_batch);
        if let Some(key) = available.clone().find(|key| key.name == name) {
            return Ok(key);
        }
        let later = self.keys.iter().any(|key| key.name == name);
        let cure = match name {
            _ if later => {
                "after a batch there is nothing of validation or of other callbacks yet, so save after epochs"
            }
            name if name.starts_with("val_") && !self.validated => {
                "what begins with val_ needs .validation_data(…) or .validation_split(…)"
            }
            "batch" => "batch needs .save_freq(…) with a number of batches",
            "learning_rate" => {
                "LearningRateScheduler and ReduceLROnPlateau add learning_rate for the callbacks after them"
            }
            _ if by_batch => "",
            _ => "a value that a callback adds is declared by its added_logs, and that callback comes first",
        };
        Err(Unavailable { known: available.map(|key| key.name.as_str()).collect(), cure })
    }
}

/// The reason why the logs will not contain a value.
pub(crate) struct Unavailable<'a> {
    /// The values that the logs will contain.
    pub(crate) known: Vec<&'a str>,
    /// The cure; may be empty.
    pub(crate) cure: &'static str,
}

impl<T: Scalar> fmt::Debug for Context<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context")
            .field("epoch", &self.epoch)
            .field("epochs", &self.epochs)
            .field("steps", &self.steps)
            .field("logs", &self.logs)
            .finish_non_exhaustive()
    }
}
