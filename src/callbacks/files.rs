//! The files that callbacks write and read during a fit.

use crate::engine::Context;
use crate::saving::native::{Contents, backup};
use crate::{Result, Scalar};
use std::path::Path;

impl<T: Scalar> Context<'_, T> {
    /// Writes the whole model in its current state to a file; see [`Model::save`](crate::Model::save).
    ///
    /// # Errors
    ///
    /// The errors of [`Model::save`](crate::Model::save).
    pub fn save(&self, path: impl AsRef<Path>) -> Result<()> {
        self.contents().save(path.as_ref())
    }

    /// Returns an error if an item of the model has no configuration, since the whole model cannot be saved then.
    pub(super) fn check_description(&self) -> Result<()> {
        self.contents().check()
    }

    fn contents(&self) -> Contents<'_, T> {
        Contents {
            compiled: Some((self.optimizer_state.optimizer().clone().into(), self.measures)),
            optimizer_state: Some(self.optimizer_state),
            ..Contents::of(self.network)
        }
    }

    /// Restores the state of a backup, and lets the fit and its callbacks resume from it; returns the epoch.
    pub(super) fn resume(&mut self, path: &Path) -> Result<usize> {
        let resumed = backup::restore(self.network, self.optimizer_state, path)?;
        let epoch = resumed.position.epoch;
        *self.resume = Some(resumed);
        Ok(epoch)
    }
}
