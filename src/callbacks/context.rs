use crate::metrics::Direction;
use crate::models::{Logs, Network, Optimization};
use crate::optimizers::LearningRate;
use crate::{Error, Result, Scalar};

/// A fit as a [`Callback`](super::Callback) sees it.
#[derive(Debug)]
pub struct Context<'a, T: Scalar> {
    pub(crate) epoch: usize,
    pub(crate) epochs: usize,
    pub(crate) steps: usize,
    pub(crate) logs: &'a mut Logs,
    pub(crate) network: &'a mut Network<T>,
    pub(crate) optimization: &'a mut Optimization<T>,
    pub(crate) keys: &'a [(String, Option<Direction>)],
    pub(crate) stop: &'a mut bool,
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
