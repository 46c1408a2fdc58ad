//! Distributes fits of [`perceptra`] over the ranks of an MPI job.
//!
//! [`World`] is a [`Communicator`] over all processes that the launcher has started. Each of them passes its part of the rows to
//! `fit`:
//!
//! ```no_run
//! use nalgebra::DMatrix;
//! use perceptra::distributed::Communicator;
//! use perceptra::prelude::*;
//! use perceptra_mpi::World;
//!
//! let world = World::new()?;
//! let rows: Vec<usize> = world.local_rows(10_000).collect();
//! let x = DMatrix::from_fn(rows.len(), 3, |i, j| ((rows[i] * (j + 3)) % 101) as f32 / 101.0);
//! let y = x.column(0).map(|x| f32::from(u8::from(x > 0.5)));
//! let mut model = Sequential::new().add(Dense::new(8, Relu)).add(Dense::new(1, Sigmoid)).compile("adam", "bce", ["accuracy"]);
//! model.fit(&x, &y, Fit::new().epochs(5).distributed(&world))?;
//! # Ok::<(), perceptra::Error>(())
//! ```

/// Compiles the programs in the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

use mpi::Threading;
use mpi::collective::SystemOperation;
use mpi::environment::Universe;
use mpi::topology::SimpleCommunicator;
use mpi::traits::{Communicator as _, CommunicatorCollectives, Equivalence, Root};
use perceptra::distributed::Communicator;
use perceptra::{Error, Result};
use std::cell::RefCell;
use std::fmt;

/// The largest number of values of one call, since MPI counts them in 31 bits.
const MOST: usize = 1 << 28;

/// The communicator of all processes of the job.
///
/// Sums use MPI's all-reduce, whose order of additions depends only on the number of ranks and of values: results are bitwise the
/// same on every rank, and in every job with this number of ranks. Another MPI library, or another algorithm chosen by its
/// settings, may add in another order.
///
/// The ranks of a machine share its cores evenly: with two ranks on four cores each uses two threads, unless `PERCEPTRA_NUM_THREADS` or
/// [`set_num_threads`](perceptra::set_num_threads), called after [`World::new`], sets another number.
///
/// If a process of the job is killed, panics, or ends without dropping [`World`], MPI ends the others, by default within a second, and
/// the launcher's message names the process.
pub struct World {
    communicator: SimpleCommunicator,
    sums: RefCell<(Vec<f32>, Vec<f64>)>,
    // This must be the last field: dropping it finalizes MPI.
    _universe: Universe,
}

impl World {
    /// Initializes MPI, which is possible once in a process.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] if MPI has been initialized already, or does not support threads.
    pub fn new() -> Result<World> {
        // Sources of rows are read on another thread, which does not call MPI.
        let Some((universe, threading)) = mpi::initialize_with_threading(Threading::Funneled) else {
            return Err(Error::argument(
                "World",
                "new",
                "called again",
                "one call in a process: pass the world by reference",
            ));
        };
        if threading < Threading::Funneled {
            let expected = "an MPI library built with threads, MPI_THREAD_FUNNELED at least";
            return Err(Error::argument("World", "new", format!("given {threading:?}"), expected));
        }
        let communicator = universe.world();
        if std::env::var_os("PERCEPTRA_NUM_THREADS").is_none() {
            let ranks_here = communicator.split_shared(communicator.rank()).size().max(1) as usize;
            let cores = std::thread::available_parallelism().map_or(1, |cores| cores.get());
            perceptra::set_num_threads((cores / ranks_here).max(1));
        }
        Ok(World { communicator, sums: RefCell::default(), _universe: universe })
    }

    /// Waits until all ranks have called it.
    pub fn barrier(&self) {
        self.communicator.barrier();
    }

    /// Replaces values by their sums, using a buffer that is kept between calls.
    fn sum<V: Equivalence + Default + Copy>(&self, values: &mut [V], sums: &mut Vec<V>) {
        for values in values.chunks_mut(MOST) {
            if sums.len() < values.len() {
                sums.resize(values.len(), V::default());
            }
            let sums = &mut sums[..values.len()];
            self.communicator.all_reduce_into(&*values, sums, SystemOperation::sum());
            values.copy_from_slice(sums);
        }
    }
}

impl Communicator for World {
    fn rank(&self) -> usize {
        self.communicator.rank() as usize
    }

    fn size(&self) -> usize {
        self.communicator.size() as usize
    }

    fn sum_f32(&self, values: &mut [f32]) -> Result<()> {
        self.sum(values, &mut self.sums.borrow_mut().0);
        Ok(())
    }

    fn sum_f64(&self, values: &mut [f64]) -> Result<()> {
        self.sum(values, &mut self.sums.borrow_mut().1);
        Ok(())
    }

    fn broadcast(&self, root: usize, bytes: &mut [u8]) -> Result<()> {
        let root = self.communicator.process_at_rank(root as i32);
        bytes.chunks_mut(MOST).for_each(|bytes| root.broadcast_into(bytes));
        Ok(())
    }
}

impl Drop for World {
    fn drop(&mut self) {
        // Finalizing MPI would wait for ranks that wait for this one.
        if std::thread::panicking() {
            self.communicator.abort(1);
        }
    }
}

impl fmt::Debug for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("World").field("rank", &self.rank()).field("size", &self.size()).finish()
    }
}
