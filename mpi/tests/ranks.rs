//! The checks of the crate's `tests/distributed`, over MPI instead of threads. `.ci/mpi` runs them with 1, 2 and 4 ranks.

// Clippy does not recognize a test without a harness as a test.
#![expect(clippy::unwrap_used, reason = "it is a test")]

#[path = "../../tests/distributed/equality.rs"]
mod equality;
#[path = "../../tests/distributed/pipelines.rs"]
mod pipelines;
#[path = "../../tests/distributed/refused_fits.rs"]
mod refused_fits;
#[path = "../../tests/distributed/searches.rs"]
mod searches;

use perceptra::Result;
use perceptra::distributed::Communicator;
use perceptra_mpi::World;
use std::path::PathBuf;

fn main() -> Result<()> {
    let world = World::new()?;
    sums(&world)?;
    equality::check::<f32>(&world, 1e-6)?;
    equality::check::<f64>(&world, 1e-12)?;
    let first = equality::delayed::<f32>(&world, usize::MAX)?;
    for late in 0..world.size() {
        assert_eq!(equality::delayed::<f32>(&world, late)?, first, "rank {late} is late");
    }
    refused_fits::check(&world)?;
    equality::averaged(&world)?;
    equality::blocks(&world)?;
    pipelines::check(&world)?;
    pipelines::shuffled(&world)?;
    pipelines::defaults(&world)?;
    pipelines::sketched(&world)?;
    searches::folds(&world)?;
    let folder = shared_folder(&world)?;
    searches::trials(&world, &folder)?;
    searches::continued(&world, &folder)?;
    searches::infinite(&world, &folder)?;
    world.barrier();
    if world.rank() == 0 {
        std::fs::remove_dir_all(folder).unwrap();
        println!("{} ranks: all checks have passed", world.size());
    }
    Ok(())
}

/// A new folder that all ranks use.
fn shared_folder(world: &World) -> Result<PathBuf> {
    let mut process = std::process::id().to_le_bytes();
    world.broadcast(0, &mut process)?;
    let folder = std::env::temp_dir().join(format!("perceptra-mpi-{}", u32::from_le_bytes(process)));
    std::fs::create_dir_all(&folder).unwrap();
    Ok(folder)
}

/// Checks that sums of any length are bitwise the same on every rank and in every call, and that a broadcast sends the bytes of the root.
fn sums(world: &World) -> Result<()> {
    let rank = world.rank();
    for length in [1, 2, 7, 325, 5_000, 100_000] {
        let mine = |i: usize| ((i * 37 + rank * 11) % 101) as f32 * 10f32.powi((i + rank) as i32 % 7 - 3);
        let mut first: Option<Vec<f32>> = None;
        for late in 0..=world.size() {
            if rank == late {
                std::thread::sleep(std::time::Duration::from_millis(3));
            }
            let mut values: Vec<f32> = (0..length).map(mine).collect();
            world.sum_f32(&mut values)?;
            assert!(first.as_ref().is_none_or(|first| *first == values), "{length} values, rank {late} is late");
            first = Some(values);
        }
        let bits: Vec<u8> = first.iter().flatten().flat_map(|value| value.to_le_bytes()).collect();
        for root in 0..world.size() {
            let mut others = bits.clone();
            world.broadcast(root, &mut others)?;
            assert!(others == bits, "{length} values are others on rank {root}");
        }
    }
    Ok(())
}
