//! Fits over several ranks, here the threads of one process; `mpi/tests` runs the same over MPI.

mod agreement;
mod equality;

use perceptra::Result;
use perceptra::distributed::InProcess;

#[test]
fn ranks_train_what_one_process_trains() -> Result<()> {
    for size in [1, 2, 4] {
        InProcess::run(size, |world| {
            equality::check::<f32>(world, 1e-6)?;
            equality::check::<f64>(world, 1e-12)
        })?;
    }
    Ok(())
}

#[test]
fn the_same_bits_in_every_order_of_arrival() -> Result<()> {
    let first = InProcess::run(3, |world| equality::delayed::<f32>(world, usize::MAX))?;
    for late in 0..3 {
        assert_eq!(InProcess::run(3, |world| equality::delayed::<f32>(world, late))?, first);
    }
    Ok(())
}

#[test]
fn averages_over_ranks() -> Result<()> {
    for size in [1, 2, 3] {
        InProcess::run(size, equality::averaged)?;
    }
    Ok(())
}

#[test]
fn sources_of_blocks() -> Result<()> {
    for size in [1, 2, 3] {
        InProcess::run(size, equality::blocks)?;
    }
    Ok(())
}
