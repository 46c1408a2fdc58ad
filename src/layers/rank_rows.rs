//! The part of a step that one rank of a distributed fit has.

use crate::distributed::Communicator;
use crate::{Result, Scalar};
use std::fmt;

/// The rows of one rank in a step over the rows of all ranks of a [distributed](crate::distributed) fit.
///
/// The rows of the step are ordered by rank: first those of rank 0, then those of rank 1, and so on.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct RankRows<'a> {
    /// The communicator of all ranks.
    pub communicator: &'a dyn Communicator,
    /// The number of rows of the ranks before this one.
    pub before: usize,
    /// The number of rows of this rank. If it is 0, the batch contains rows that must not contribute to the result.
    pub rows: usize,
    /// The number of rows of all ranks.
    pub total: usize,
}

impl RankRows<'_> {
    /// Replaces values by their sums over all ranks; a rank without rows contributes zeros.
    ///
    /// # Errors
    ///
    /// The errors of [`Communicator::sum_f64`].
    pub fn sum<T: Scalar>(&self, values: &mut [T]) -> Result<()> {
        if self.rows == 0 {
            values.fill(T::zero());
        }
        T::sum_over(self.communicator, values)
    }

    /// The position among this rank's rows of a row of the step; `None` if another rank has it.
    pub(crate) fn own(&self, row: usize) -> Option<usize> {
        row.checked_sub(self.before).filter(|own| *own < self.rows)
    }
}

impl fmt::Debug for RankRows<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RankRows")
            .field("before", &self.before)
            .field("rows", &self.rows)
            .field("total", &self.total)
            .finish()
    }
}
