//! Which rows of a source are for validation.

use crate::Result;
use crate::preprocessing::Table;
use std::borrow::Cow;

/// The rows of a source that are for validation: those for which a hash of their values, as a number in [0, 1), is below a fraction.
/// They are the same in every pass and in every fit.
#[derive(Debug, Clone, Copy)]
pub(super) struct ValidationRows {
    /// The fraction; 0 for no validation.
    pub(super) fraction: f64,
}

impl ValidationRows {
    /// Whether there are rows for validation.
    pub(super) fn exist(self) -> bool {
        self.fraction > 0.0
    }

    /// For each row of a block, whether it is for validation; empty if there is no validation.
    pub(super) fn held_out(self, block: &Table) -> Vec<bool> {
        match self.exist() {
            true => block.row_hashes().into_iter().map(|hash| hash < self.fraction).collect(),
            false => Vec::new(),
        }
    }

    /// The rows of a block that are for training.
    pub(super) fn training(self, block: &Table) -> Result<Cow<'_, Table>> {
        if !self.exist() {
            return Ok(Cow::Borrowed(block));
        }
        let kept = self.held_out(block).into_iter().enumerate().filter(|(_, held_out)| !held_out);
        Ok(Cow::Owned(block.take(&kept.map(|(row, _)| row).collect::<Vec<_>>())?))
    }
}
