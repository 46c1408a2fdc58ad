//! A search whose trials are evaluated by several processes, with a journal from which an interrupted job is resumed, also with
//! another number of processes:
//!
//! ```text
//! cargo build --example search
//! mpirun -n 2 target/debug/examples/search JOURNAL [TRIALS]
//! ```

use perceptra::distributed::Communicator;
use perceptra::prelude::*;
use perceptra_mpi::World;

fn main() -> perceptra::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let journal = arguments.next();
    let trials = arguments.next().and_then(|text| text.parse().ok()).unwrap_or(20);
    let world = World::new()?;

    // Every rank has the whole table.
    let rows = || 0..400_u32;
    let table = Table::new()
        .with_numbers("annual_inc", rows().map(|row| 20.0 + f64::from(row * 37 % 101)))?
        .with_strings("home_ownership", rows().map(|row| ["OWN", "RENT", "MORTGAGE"][row as usize % 3]))?
        .with_booleans("default", rows().map(|row| row * 37 % 101 < 40 || row % 13 == 0))?;
    let space = SearchSpace::new().integer("units", 4..=32).float("learning_rate", 1e-4..=1e-1);
    let mut search = Search::new(space, |trial| {
        let units = trial.integer("units")?;
        let model = Sequential::new().add(Dense::new(units, Relu)).add(Dense::new(1, Sigmoid));
        let model = model.compile(Adam.learning_rate(trial.float("learning_rate")?), BinaryCrossentropy, ());
        Ok(Pipeline::new(Target::binary("default")).model(model).options(Fit::new().epochs(20).verbose(0)))
    });
    search = search.strategy(RandomSearch::new(trials)).seed(1).threads(1).progress(false);
    if let Some(path) = journal {
        search = search.journal(path);
    }
    let result = search.run_distributed(&world, &table)?;
    if world.rank() == 0 {
        let best = result.best();
        println!("{} ranks, {} trials: trial {} has {:.17}", world.size(), trials, best.number, best.score);
    }
    Ok(())
}
