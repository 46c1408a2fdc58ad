//! Communication between the ranks of a distributed fit.

use crate::distributed::{Communicator, Distributed};
use crate::{Error, Result, Scalar};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The ranks of a fit, with properties that are exchanged when it begins.
#[derive(Clone)]
pub(super) struct Ranks<'a> {
    pub(super) over: Distributed<'a>,
    /// Whether rank 0 has callbacks.
    pub(super) observed: bool,
    /// Whether the ranks have to exchange the numbers of their rows in each step.
    pub(super) counts: bool,
    /// The number of rows of each rank, if they are given as matrices.
    pub(super) rows: Vec<usize>,
}

impl<'a> Ranks<'a> {
    pub(super) fn communicator(&self) -> &'a dyn Communicator {
        self.over.communicator()
    }

    /// The number of this rank.
    pub(super) fn rank(&self) -> usize {
        self.communicator().rank()
    }

    /// Whether this rank decides, calls callbacks and writes files.
    pub(super) fn is_first(&self) -> bool {
        self.rank() == 0
    }
}

/// The numbers of every rank; each rank passes equally many.
pub(crate) fn gather(communicator: &dyn Communicator, mine: &[f64]) -> Result<Vec<Vec<f64>>> {
    if mine.is_empty() {
        return Ok(vec![Vec::new(); communicator.size()]);
    }
    // Every other rank adds zeros.
    let mut all = vec![0.0; communicator.size() * mine.len()];
    if let Some(part) = all.chunks_exact_mut(mine.len()).nth(communicator.rank()) {
        part.copy_from_slice(mine);
    }
    communicator.sum_f64(&mut all)?;
    Ok(all.chunks_exact(mine.len()).map(<[f64]>::to_vec).collect())
}

/// Replaces values by those of rank 0.
pub(super) fn broadcast_values<T: Scalar>(communicator: &dyn Communicator, values: &mut [T]) -> Result<()> {
    if communicator.rank() > 0 {
        values.fill(T::zero());
    }
    if values.is_empty() { Ok(()) } else { T::sum_over(communicator, values) }
}

/// The value of one rank.
pub(crate) fn broadcast<V: Serialize + DeserializeOwned>(
    communicator: &dyn Communicator,
    root: usize,
    value: &V,
) -> Result<V> {
    let unreadable = |error: serde_json::Error| Error::Rank { rank: root, reason: error.to_string() };
    let mut bytes = serde_json::to_vec(value).map_err(unreadable)?;
    let mut length = (bytes.len() as u64).to_le_bytes();
    communicator.broadcast(root, &mut length)?;
    bytes.resize(usize::try_from(u64::from_le_bytes(length)).unwrap_or(0), 0);
    communicator.broadcast(root, &mut bytes)?;
    serde_json::from_slice(&bytes).map_err(unreadable)
}

/// The values of all ranks, in their order.
pub(crate) fn gather_values<V: Serialize + DeserializeOwned>(
    communicator: &dyn Communicator,
    mine: &V,
) -> Result<Vec<V>> {
    (0..communicator.size()).map(|root| broadcast(communicator, root, mine)).collect()
}

/// The result of this rank if all ranks have succeeded, otherwise an error on every rank: its own error on a rank that failed, and
/// on the others an error that names the first failed rank.
pub(crate) fn agree<V>(communicator: &dyn Communicator, result: Result<V>) -> Result<V> {
    let failed = gather(communicator, &[f64::from(u8::from(result.is_err()))])?;
    let Some(first) = failed.iter().position(|flag| flag.first().is_some_and(|flag| *flag > 0.0)) else {
        return result;
    };
    let mine = result.as_ref().err().map(ToString::to_string).unwrap_or_default();
    let reason = broadcast(communicator, first, &mine)?;
    result.and(Err(Error::Rank { rank: first, reason }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distributed::InProcess;

    #[test]
    fn numbers_values_and_errors_go_to_all_ranks() -> Result<()> {
        InProcess::run(3, |world| {
            let rank = world.rank();
            assert_eq!(gather(world, &[rank as f64, 7.0])?, [[0.0, 7.0], [1.0, 7.0], [2.0, 7.0]]);
            let mut values = [rank as f32 + 0.5; 2];
            broadcast_values(world, &mut values)?;
            assert_eq!(values, [0.5; 2]);
            let text = "x".repeat(rank);
            assert_eq!(broadcast(world, 2, &text)?, "xx");
            assert_eq!(agree(world, Ok(rank))?, rank);
            Ok(())
        })?;
        let results = InProcess::run_each(3, |world| {
            let failed = || Error::argument("Fit", "epochs", 0, "at least 1");
            agree(world, if world.rank() == 1 { Err(failed()) } else { Ok(()) })
        });
        let messages: Vec<String> = results.into_iter().map(|result| result.unwrap_err().to_string()).collect();
        let own = "Fit: epochs is 0; expected at least 1";
        assert_eq!(messages, [format!("rank 1: {own}"), own.into(), format!("rank 1: {own}")]);
        Ok(())
    }
}
