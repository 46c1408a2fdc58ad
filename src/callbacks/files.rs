//! Files of a fit that a callback writes and reads.

use crate::engine::Context;
use crate::saving::native::{Contents, backup};
use crate::{Result, Scalar};
use std::path::Path;

impl<T: Scalar> Context<'_, T> {
    /// Writes the whole model as it is now to a file; see [`Model::save`](crate::Model::save).
    ///
    /// # Errors
    ///
    /// The errors of [`Model::save`](crate::Model::save).
    pub fn save(&self, path: impl AsRef<Path>) -> Result<()> {
        self.contents().save(path.as_ref())
    }

    /// Whether every item of the model has a description, without which it cannot be saved as a whole.
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

    /// Returns to the state of a backup, and lets the fit and its callbacks continue there; the epoch.
    pub(super) fn resume(&mut self, path: &Path) -> Result<usize> {
        let resumed = backup::restore(self.network, self.optimizer_state, path)?;
        let epoch = resumed.position.epoch;
        *self.resume = Some(resumed);
        Ok(epoch)
    }
}
