//! The operations that a distributed fit needs: the number of ranks, sums and broadcasts.

use crate::Result;
use std::ops::Range;

/// The communication between the ranks of a job.
///
/// Sums and broadcasts are collective operations: all ranks call them in the same order and with slices of the same length, and a
/// call returns when this rank has its result.
///
/// Sums must be bitwise the same on every rank and in every run with the same ranks and values: an implementation adds in an order
/// that does not depend on timing.
///
/// ```
/// use perceptra::Result;
/// use perceptra::distributed::Communicator;
///
/// /// A single rank.
/// struct Alone;
///
/// impl Communicator for Alone {
///     fn rank(&self) -> usize {
///         0
///     }
///
///     fn size(&self) -> usize {
///         1
///     }
///
///     fn sum_f32(&self, _: &mut [f32]) -> Result<()> {
///         Ok(())
///     }
///
///     fn sum_f64(&self, _: &mut [f64]) -> Result<()> {
///         Ok(())
///     }
///
///     fn broadcast(&self, _: usize, _: &mut [u8]) -> Result<()> {
///         Ok(())
///     }
/// }
/// ```
pub trait Communicator {
    /// The number of this rank, in `0..size`.
    fn rank(&self) -> usize;

    /// The number of ranks, at least 1.
    fn size(&self) -> usize;

    /// Returns the rows of this rank when `rows` rows are divided into consecutive ranges, one per rank, whose sizes differ by at most one.
    ///
    /// ```
    /// use perceptra::distributed::{Communicator, InProcess};
    ///
    /// let rows: Vec<_> = InProcess::group(3).iter().map(|world| world.local_rows(10)).collect();
    /// assert_eq!(rows, [0..3, 3..6, 6..10]);
    /// ```
    fn local_rows(&self, rows: usize) -> Range<usize> {
        let start = |rank: usize| (rank as u128 * rows as u128 / self.size().max(1) as u128) as usize;
        start(self.rank())..start(self.rank() + 1)
    }

    /// Replaces each value by its sum over all ranks.
    ///
    /// # Errors
    ///
    /// [`Error::Rank`](crate::Error::Rank) if another rank can no longer be reached.
    fn sum_f32(&self, values: &mut [f32]) -> Result<()>;

    /// Replaces each value by its sum over all ranks.
    ///
    /// # Errors
    ///
    /// The errors of [`sum_f32`](Communicator::sum_f32).
    fn sum_f64(&self, values: &mut [f64]) -> Result<()>;

    /// Replaces the bytes by those of the rank `root`.
    ///
    /// # Errors
    ///
    /// The errors of [`sum_f32`](Communicator::sum_f32).
    fn broadcast(&self, root: usize, bytes: &mut [u8]) -> Result<()>;
}
