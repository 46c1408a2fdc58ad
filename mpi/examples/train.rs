//! A network that is trained by several processes, with a backup from which an interrupted job is resumed:
//!
//! ```text
//! cargo build --example train
//! mpirun -n 2 target/debug/examples/train [EPOCHS [FOLDER-OF-THE-BACKUP]]
//! ```

use nalgebra::DMatrix;
use perceptra::distributed::Communicator;
use perceptra::prelude::*;
use perceptra_mpi::World;

/// The number of rows of the table, which are divided among the ranks.
const ROWS: usize = 20_000;

fn main() -> perceptra::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let epochs = arguments.next().and_then(|text| text.parse().ok()).unwrap_or(5);
    let backup = arguments.next();
    let world = World::new()?;

    // Each rank generates its own rows here; a real program would read files of its own, or a part of one file.
    let rows: Vec<usize> = world.local_rows(ROWS).collect();
    let x = DMatrix::from_fn(rows.len(), 8, |i, j| ((rows[i] * (2 * j + 7) + j) % 97) as f32 / 97.0);
    let y = DMatrix::from_fn(rows.len(), 1, |i, _| f32::from(u8::from(x[(i, 0)] * x[(i, 3)] > 0.2)));

    let mut model = Sequential::new()
        .add(Dense::new(24, Relu))
        .add(Dense::new(12, Relu))
        .add(Dense::new(1, Sigmoid))
        .seed(1)
        .compile(Adam.learning_rate(2e-3), BinaryCrossentropy, metrics![Accuracy]);
    let mut fit = Fit::new().batch_size(64).epochs(epochs).validation_split(0.1).distributed(&world);
    if let Some(folder) = backup {
        // Only rank 0 calls it.
        fit = fit.callback(BackupAndRestore::new(folder).delete_checkpoint(false));
    }
    let history = model.fit(&x, &y, fit)?;

    if world.rank() == 0 {
        let (accuracy, epochs) = (history.last("val_accuracy").unwrap_or(f64::NAN), history.epochs().len());
        println!("{} ranks, {epochs} epochs, {} steps: val_accuracy {accuracy:.4}", world.size(), model.iterations());
    }
    Ok(())
}
