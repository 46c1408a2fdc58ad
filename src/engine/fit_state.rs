//! The position in a fit, the weights to return to after a divergence, and the contents of a backup.

use super::callback_state::CallbackState;
use super::history::History;
use super::network::Network;
use crate::optimizers::OptimizerState;
use crate::{Result, Scalar};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// The position at which a fit begins or resumes.
#[derive(Default)]
pub(super) struct Start {
    pub(super) epoch: usize,
    /// The completed steps of that epoch.
    pub(super) step: usize,
    /// The running loss and metrics of these steps, and the number of steps.
    pub(super) running: Option<(RunningPart, usize)>,
    /// Whether a callback stopped the fit before the backup was made.
    pub(super) finished: bool,
}

/// The number of callbacks, from the first on, whose `on_train_begin` and whose `on_train_end` have succeeded.
#[derive(Default)]
pub(super) struct Called {
    pub(super) begun: usize,
    pub(super) ended: usize,
}

/// The position in a fit at which a backup was made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Position {
    /// The epoch to continue with, counted from 0.
    pub(crate) epoch: usize,
    /// The completed steps of that epoch.
    pub(crate) step: usize,
    /// The batch of the pass over the data at which that epoch begins; 0 unless an epoch is less than a pass.
    pub(crate) batch: usize,
    /// The number of epochs trained before that pass; the order of its samples is derived from it.
    pub(crate) order: u64,
}

/// Running loss and metrics of an epoch that has not ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RunningPart {
    /// The accumulators of the loss, then those of each metric, each under its name.
    #[serde(with = "crate::json_numbers::columns")]
    pub(crate) numbers: Vec<(String, Vec<f64>)>,
}

/// A backup that a callback requests.
pub(crate) struct BackupRequest<T: Scalar> {
    pub(crate) path: PathBuf,
    /// The path to which the existing backup at `path` is moved first.
    pub(crate) previous: Option<PathBuf>,
    /// The completed steps of the epoch; `None` at its end.
    pub(crate) steps: Option<usize>,
    /// The function that writes the backup; a pointer, since the engine does not import the file formats.
    pub(crate) write: WriteBackup<T>,
}

/// Writes the state of a fit.
pub(crate) type WriteBackup<T> = fn(&Network<T>, &OptimizerState<T>, &FitState<'_, T>, &BackupRequest<T>) -> Result<()>;

/// The state of a fit without the weights and the optimizer's state.
pub(crate) struct FitState<'a, T: Scalar> {
    pub(crate) position: Position,
    /// Whether a callback has asked the fit to stop.
    pub(crate) stopped: bool,
    pub(crate) history: &'a History,
    /// Running loss and metrics of an epoch that has not ended.
    pub(crate) running: Option<RunningPart>,
    pub(crate) callbacks: Vec<StoredCallback<T>>,
}

/// The state of a callback under its name.
#[derive(Debug, Clone)]
pub(crate) struct StoredCallback<T> {
    pub(crate) name: String,
    /// Its index among the callbacks of that name.
    pub(crate) place: usize,
    pub(crate) state: CallbackState<T>,
}

/// A backup from which a fit resumes.
pub(crate) struct Resumed<T> {
    /// The file, for messages.
    pub(crate) path: PathBuf,
    pub(crate) position: Position,
    /// The state of the fit; `None` in a backup of an earlier release, which does not contain it.
    pub(crate) fit: Option<ResumedFit<T>>,
}

pub(crate) struct ResumedFit<T> {
    pub(crate) stopped: bool,
    pub(crate) history: History,
    pub(crate) running: Option<RunningPart>,
    pub(crate) callbacks: Vec<StoredCallback<T>>,
}

/// The weights at the beginning of an epoch, which are restored if the loss diverges.
#[derive(Default)]
pub(super) struct Kept<T> {
    weights: Vec<T>,
    state: Vec<T>,
    slots: Vec<T>,
    scalars: Vec<f64>,
    iterations: u64,
    swapped: bool,
}

impl<T: Scalar> Kept<T> {
    pub(super) fn remember(&mut self, network: &Network<T>, optimizer_state: &OptimizerState<T>) {
        let copy = |to: &mut Vec<T>, from: &[T]| {
            to.clear();
            to.extend_from_slice(from);
        };
        copy(&mut self.weights, &network.weights);
        copy(&mut self.state, &network.state);
        copy(&mut self.slots, &optimizer_state.slots);
        self.scalars.clone_from(&optimizer_state.scalars);
        self.iterations = optimizer_state.iterations;
        self.swapped = optimizer_state.swapped;
    }

    pub(super) fn restore(&self, network: &mut Network<T>, optimizer_state: &mut OptimizerState<T>) {
        network.weights.copy_from_slice(&self.weights);
        network.state.copy_from_slice(&self.state);
        optimizer_state.slots.copy_from_slice(&self.slots);
        optimizer_state.scalars.clone_from(&self.scalars);
        optimizer_state.iterations = self.iterations;
        optimizer_state.swapped = self.swapped;
    }
}
