//! Fits over several ranks, here the threads of one process; `mpi/tests` runs the same over MPI.

mod agreement;
mod equality;
mod pipelines;
mod refusals;
mod refused_fits;
mod searches;

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

#[test]
fn pipelines_of_ranks_are_those_of_one_process() -> Result<()> {
    for size in [1, 2, 4] {
        InProcess::run(size, pipelines::check)?;
    }
    Ok(())
}

#[test]
fn all_ranks_have_the_same_pipeline() -> Result<()> {
    for size in [1, 2, 4] {
        InProcess::run(size, pipelines::shuffled)?;
        InProcess::run(size, pipelines::defaults)?;
        InProcess::run(size, pipelines::sketched)?;
    }
    Ok(())
}

#[test]
fn a_rank_that_differs_is_named_on_all_ranks() -> Result<()> {
    for size in [1, 2, 4] {
        InProcess::run(size, refused_fits::check)?;
    }
    Ok(())
}

#[test]
fn folds_of_ranks_are_those_of_one_process() -> Result<()> {
    for size in [1, 2, 4] {
        InProcess::run(size, searches::folds)?;
    }
    Ok(())
}

#[test]
fn trials_of_ranks_are_those_of_one_process() -> Result<()> {
    let folder = std::env::temp_dir().join(format!("perceptra-trials-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    for size in [1, 2, 4] {
        InProcess::run(size, |world| searches::trials(world, &folder))?;
        InProcess::run(size, |world| searches::continued(world, &folder))?;
        InProcess::run(size, |world| searches::infinite(world, &folder))?;
    }
    std::fs::remove_dir_all(&folder).unwrap();
    Ok(())
}
