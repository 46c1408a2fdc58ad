//! Ranks that are threads of one process.

use super::Communicator;
use crate::{Error, Result};
use std::fmt;
use std::panic::resume_unwind;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

/// A rank that is a thread of this process, for tests of distributed programs.
///
/// Values are added in the order of the ranks, whichever arrives first. If a thread drops its rank while others wait for it, their
/// calls return [`Error::Rank`].
///
/// ```
/// use perceptra::distributed::{Communicator, InProcess};
///
/// let sums = InProcess::run(3, |world| {
///     let mut values = [1.0, world.rank() as f64];
///     world.sum_f64(&mut values)?;
///     Ok(values)
/// })?;
/// assert_eq!(sums, [[3.0, 3.0]; 3]);
/// # Ok::<(), perceptra::Error>(())
/// ```
pub struct InProcess {
    rank: usize,
    size: usize,
    rendezvous: Arc<Rendezvous>,
}

/// The exchange of a group of ranks, which wait for each other in it.
struct Rendezvous {
    state: Mutex<Exchange>,
    changed: Condvar,
}

/// The exchange that is in progress.
struct Exchange {
    /// The values of each rank that has arrived.
    contributions: Vec<Option<Exchanged>>,
    /// The result, and the number of ranks that have yet to take it.
    result: Option<(Exchanged, usize)>,
    /// The first rank that was dropped.
    left: Option<usize>,
}

#[derive(Clone)]
enum Exchanged {
    F32(Vec<f32>),
    F64(Vec<f64>),
    Bytes { root: usize, bytes: Vec<u8> },
}

impl InProcess {
    /// Creates a group of this many ranks, at least 1.
    pub fn group(size: usize) -> Vec<InProcess> {
        let size = size.max(1);
        let exchange = Exchange { contributions: vec![None; size], result: None, left: None };
        let rendezvous = Arc::new(Rendezvous { state: Mutex::new(exchange), changed: Condvar::new() });
        (0..size).map(|rank| InProcess { rank, size, rendezvous: Arc::clone(&rendezvous) }).collect()
    }

    /// Runs `work` on one thread per rank and returns their results in the order of the ranks.
    ///
    /// # Errors
    ///
    /// The error of the first rank that failed for another reason than an error on a different rank. A panic of a thread is resumed in
    /// the calling thread.
    pub fn run<R: Send>(size: usize, work: impl Fn(&InProcess) -> Result<R> + Sync) -> Result<Vec<R>> {
        let results = InProcess::run_each(size, work);
        let mut values = Vec::with_capacity(results.len());
        let mut rank_error = None;
        for result in results {
            match result {
                Ok(value) => values.push(value),
                Err(error @ Error::Rank { .. }) => rank_error = rank_error.or(Some(error)),
                Err(error) => return Err(error),
            }
        }
        rank_error.map_or(Ok(values), Err)
    }

    /// Runs `work` as [`run`](Self::run) does, and returns the result of each rank.
    pub fn run_each<R: Send>(size: usize, work: impl Fn(&InProcess) -> Result<R> + Sync) -> Vec<Result<R>> {
        let work = &work;
        std::thread::scope(|scope| {
            let spawn = |world: InProcess| scope.spawn(move || work(&world));
            let threads: Vec<_> = InProcess::group(size).into_iter().map(spawn).collect();
            threads.into_iter().map(|thread| thread.join().unwrap_or_else(|panic| resume_unwind(panic))).collect()
        })
    }

    /// Contributes the values of this rank, waits for all others, and returns the joint result.
    fn exchange(&self, mine: Exchanged) -> Result<Exchanged> {
        let mut state = self.rendezvous.lock();
        // Some ranks may not have taken the result of the previous exchange yet.
        while state.result.is_some() {
            state = self.rendezvous.wait(state);
        }
        state.contributions[self.rank] = Some(mine);
        if state.contributions.iter().all(Option::is_some) {
            let contributions: Vec<Exchanged> = state.contributions.iter_mut().filter_map(Option::take).collect();
            state.result = Some((joined(contributions)?, self.size));
            self.rendezvous.changed.notify_all();
        }
        loop {
            if let Some((values, waiting)) = &mut state.result {
                *waiting -= 1;
                let (values, last) = (values.clone(), *waiting == 0);
                if last {
                    state.result = None;
                    self.rendezvous.changed.notify_all();
                }
                return Ok(values);
            }
            if let Some(rank) = state.left {
                return Err(Error::Rank { rank, reason: "it has ended, while others wait for it".into() });
            }
            state = self.rendezvous.wait(state);
        }
    }
}

/// Returns the sum in the order of the ranks, or the bytes of the root.
fn joined(contributions: Vec<Exchanged>) -> Result<Exchanged> {
    let mut values = contributions.into_iter();
    let Some(mut all) = values.next() else { return Ok(Exchanged::F64(Vec::new())) };
    if let Exchanged::Bytes { root, .. } = all {
        return match root.checked_sub(1).map_or(Some(all), |others| values.nth(others)) {
            Some(chosen @ Exchanged::Bytes { .. }) => Ok(chosen),
            _ => Err(disagreement(root)),
        };
    }
    for (before, other) in values.enumerate() {
        match (&mut all, other) {
            (Exchanged::F32(sum), Exchanged::F32(other)) if sum.len() == other.len() => {
                sum.iter_mut().zip(other).for_each(|(sum, value)| *sum += value);
            }
            (Exchanged::F64(sum), Exchanged::F64(other)) if sum.len() == other.len() => {
                sum.iter_mut().zip(other).for_each(|(sum, value)| *sum += value);
            }
            _ => return Err(disagreement(before + 1)),
        }
    }
    Ok(all)
}

fn disagreement(rank: usize) -> Error {
    let reason = "it exchanges something else than rank 0; all ranks call the same functions in the same order";
    Error::Rank { rank, reason: reason.into() }
}

impl Rendezvous {
    fn lock(&self) -> MutexGuard<'_, Exchange> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'m>(&self, state: MutexGuard<'m, Exchange>) -> MutexGuard<'m, Exchange> {
        self.changed.wait(state).unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for InProcess {
    fn drop(&mut self) {
        self.rendezvous.lock().left.get_or_insert(self.rank);
        self.rendezvous.changed.notify_all();
    }
}

impl Communicator for InProcess {
    fn rank(&self) -> usize {
        self.rank
    }

    fn size(&self) -> usize {
        self.size
    }

    fn sum_f32(&self, values: &mut [f32]) -> Result<()> {
        match self.exchange(Exchanged::F32(values.to_vec()))? {
            Exchanged::F32(sums) if sums.len() == values.len() => values.copy_from_slice(&sums),
            _ => return Err(disagreement(self.rank)),
        }
        Ok(())
    }

    fn sum_f64(&self, values: &mut [f64]) -> Result<()> {
        match self.exchange(Exchanged::F64(values.to_vec()))? {
            Exchanged::F64(sums) if sums.len() == values.len() => values.copy_from_slice(&sums),
            _ => return Err(disagreement(self.rank)),
        }
        Ok(())
    }

    fn broadcast(&self, root: usize, bytes: &mut [u8]) -> Result<()> {
        match self.exchange(Exchanged::Bytes { root, bytes: bytes.to_vec() })? {
            Exchanged::Bytes { bytes: sent, .. } if sent.len() == bytes.len() => bytes.copy_from_slice(&sent),
            _ => return Err(disagreement(self.rank)),
        }
        Ok(())
    }
}

impl fmt::Debug for InProcess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InProcess").field("rank", &self.rank).field("size", &self.size).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn sums_have_the_same_bits_whoever_comes_first() -> Result<()> {
        let sum = |late: usize| {
            InProcess::run(4, |world| {
                if world.rank() == late {
                    std::thread::sleep(Duration::from_millis(5));
                }
                let mut values = [1e16, 1.0, -1e16, 1.0].map(|value: f64| value * [1.0, 0.3, 7.0, 1e-3][world.rank()]);
                world.sum_f64(&mut values)?;
                Ok(values.map(f64::to_bits))
            })
        };
        let first = sum(0)?;
        assert!(first.iter().all(|bits| *bits == first[0]));
        for late in 1..4 {
            assert_eq!(sum(late)?, first);
        }
        Ok(())
    }

    #[test]
    fn bytes_are_those_of_the_root() -> Result<()> {
        for root in 0..3 {
            let sent = InProcess::run(3, |world| {
                let mut bytes = [world.rank() as u8; 4];
                world.broadcast(root, &mut bytes)?;
                Ok(bytes)
            })?;
            assert_eq!(sent, [[root as u8; 4]; 3]);
        }
        Ok(())
    }

    #[test]
    fn a_rank_that_has_ended_is_named() {
        let results = InProcess::run_each(3, |world| match world.rank() {
            1 => Ok(()),
            _ => world.sum_f64(&mut [0.0]),
        });
        assert!(results[1].is_ok());
        for rank in [0, 2] {
            assert!(results[rank].as_ref().unwrap_err().to_string().starts_with("rank 1: it has ended"));
        }
    }
}
