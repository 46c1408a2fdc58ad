//! The part of a step that one rank of a distributed fit has.

use crate::distributed::Communicator;
use crate::{Result, Scalar};
use std::fmt;

/// The rows of one rank in a step that all ranks of a [distributed](crate::distributed) fit make together.
///
/// The rows of the step are those of rank 0, then those of rank 1, and so on.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct RankRows<'a> {
    /// All ranks.
    pub communicator: &'a dyn Communicator,
    /// The rows of the ranks before this one.
    pub before: usize,
    /// The rows of this rank. Where it has none left the pass is over rows that do not count, and this is 0.
    pub rows: usize,
    /// The rows of all ranks.
    pub total: usize,
}

impl RankRows<'_> {
    /// Replaces values by their sums over all ranks; those of a rank without rows do not count.
    ///
    /// # Errors
    ///
    /// As [`Communicator::sum_f64`].
    pub fn sum<T: Scalar>(&self, values: &mut [T]) -> Result<()> {
        if self.rows == 0 {
            values.fill(T::zero());
        }
        T::sum_over(self.communicator, values)
    }

    /// The position of a row of all ranks among those of this one.
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
