use crate::metrics::Direction;
use crate::models::evaluation::Measures;
use crate::models::files::{Contents, Position, backup};
use crate::models::{Batches, Logs, Network, Optimization};
use crate::optimizers::LearningRate;
use crate::{Error, Result, Scalar};
use std::fmt;
use std::path::Path;

/// A fit as a [`Callback`](super::Callback) sees it.
pub struct Context<'a, T: Scalar> {
    pub(crate) epoch: usize,
    pub(crate) epochs: usize,
    pub(crate) steps: usize,
    pub(crate) batches: &'a Batches,
    pub(crate) order: u64,
    pub(crate) logs: &'a mut Logs,
    pub(crate) network: &'a mut Network<T>,
    pub(crate) optimization: &'a mut Optimization<T>,
    pub(crate) keys: &'a [(String, Option<Direction>)],
    pub(crate) measures: Measures<'a, T>,
    pub(crate) stop: &'a mut bool,
    pub(crate) resume: &'a mut Option<Position>,
}

/// All weights and state of a model at one moment.
#[derive(Debug, Clone, PartialEq)]
pub struct Snapshot<T> {
    weights: Vec<T>,
    state: Vec<T>,
}

impl<T: Scalar> Context<'_, T> {
    /// The epoch, counted from 0.
    pub fn epoch(&self) -> usize {
        self.epoch
    }

    /// The number of the last epoch, as asked for.
    pub fn epochs(&self) -> usize {
        self.epochs
    }

    /// The steps of an epoch.
    pub fn steps(&self) -> usize {
        self.steps
    }

    /// The figures so far: of the epoch in batch callbacks, with validation at its end.
    pub fn logs(&self) -> &Logs {
        self.logs
    }

    /// The figures so far, to add one that history and later callbacks will see.
    pub fn logs_mut(&mut self) -> &mut Logs {
        self.logs
    }

    /// The names of the figures that this fit reports.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.keys.iter().map(|(key, _)| key.as_str())
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
        self.optimization.iterations
    }

    /// The learning rate of the next step.
    pub fn learning_rate(&self) -> f64 {
        self.optimization.current_rate()
    }

    /// Sets the learning rate from the next step on; it replaces a schedule.
    pub fn set_learning_rate(&mut self, rate: f64) {
        self.optimization.learning_rate = LearningRate::Constant(rate);
    }

    /// Sets the learning rate for a callback that decides it.
    ///
    /// # Errors
    ///
    /// [`Error::Callback`] if the rate is no number of at least 0, or if the optimizer follows a schedule.
    pub(super) fn decide_learning_rate(&mut self, callback: &str, rate: f64) -> Result<()> {
        let reason = match self.optimization.learning_rate {
            LearningRate::Schedule(_) => {
                "the optimizer follows a schedule; give it a number as its learning rate".into()
            }
            LearningRate::Constant(_) if !(rate.is_finite() && rate >= 0.0) => {
                format!("a learning rate of {rate}; expected a finite number of at least 0")
            }
            LearningRate::Constant(_) => {
                self.set_learning_rate(rate);
                return Ok(());
            }
        };
        Err(Error::Callback { callback: callback.into(), reason })
    }

    /// Writes the whole model as it is now to a file; see [`Model::save`](crate::Model::save).
    ///
    /// # Errors
    ///
    /// As there.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<()> {
        self.contents().save(path.as_ref())
    }

    /// Whether every item of the model has a description, without which it cannot be saved as a whole.
    pub(super) fn check_description(&self) -> Result<()> {
        self.contents().check()
    }

    fn contents(&self) -> Contents<'_, T> {
        Contents {
            compiled: Some((self.optimization.optimizer(), self.measures)),
            optimization: Some(self.optimization),
            ..Contents::of(self.network)
        }
    }

    /// Writes the state of the fit, to go on with after so many steps of this epoch, or with the next epoch.
    pub(super) fn back_up(&self, steps: Option<usize>, path: &Path) -> Result<()> {
        let (epoch, order) = (self.epoch, self.order);
        let position = match steps {
            Some(step) => Position { epoch, step, batch: self.batches.begin(), order },
            None => Position { epoch: epoch + 1, step: 0, batch: self.batches.next(), order },
        };
        backup::back_up(self.network, self.optimization, position, path)
    }

    /// Returns to a state that was written, and lets the fit go on there.
    pub(super) fn resume(&mut self, path: &Path) -> Result<Position> {
        let position = backup::restore(self.network, self.optimization, path)?;
        *self.resume = Some(position);
        Ok(position)
    }

    /// Exchanges the weights with their moving averages; nothing without `use_ema`.
    ///
    /// Training is to go on with the weights, so exchange them back before the next step. The end of the fit copes
    /// with either.
    pub fn swap_averages(&mut self) {
        self.optimization.swap_averages(&mut self.network.weights);
    }

    /// Whether the optimizer keeps moving averages of the weights.
    pub fn keeps_averages(&self) -> bool {
        self.optimization.averages()
    }

    /// Whether the weights are their moving averages just now.
    pub fn averages_swapped(&self) -> bool {
        self.optimization.swapped
    }

    /// All weights and state, to return to.
    pub fn snapshot(&self) -> Snapshot<T> {
        Snapshot { weights: self.network.flat_weights().to_vec(), state: self.network.flat_state().to_vec() }
    }

    /// Returns to the weights and state of a snapshot of this model.
    ///
    /// # Errors
    ///
    /// [`Error::Weights`] for a snapshot of another model.
    pub fn restore(&mut self, snapshot: &Snapshot<T>) -> Result<()> {
        self.network.set_flat(&snapshot.weights, &snapshot.state)
    }

    /// Ends the fit after this epoch, or after this batch.
    pub fn stop(&mut self) {
        *self.stop = true;
    }

    /// The direction in which a figure gets better.
    ///
    /// # Errors
    ///
    /// [`Error::Unknown`] lists the figures that this fit reports.
    pub(super) fn direction(&self, monitor: &str) -> Result<Option<Direction>> {
        match self.keys.iter().find(|(key, _)| key == monitor) {
            Some((_, direction)) => Ok(*direction),
            None => Err(Error::Unknown {
                kind: "figure to monitor",
                name: monitor.into(),
                known: self.keys().collect::<Vec<_>>().join(", "),
            }),
        }
    }
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
