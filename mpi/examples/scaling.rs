//! Measures the times in `docs/scaling.md` on the ranks of the job: a step, an exchange, several averaging periods, and steps over a slower
//! network, which is simulated by a communicator that waits.
//!
//! ```text
//! cargo build --release --example scaling
//! mpirun -n 2 target/release/examples/scaling
//! ```

use nalgebra::DMatrix;
use perceptra::Result;
use perceptra::distributed::{Communicator, Distributed};
use perceptra::prelude::*;
use perceptra_mpi::World;
use std::time::{Duration, Instant};

/// The rows of the training set on all ranks together.
const ROWS: usize = 16_384;
/// The rows of a rank in a step.
const BATCH: usize = 32;
/// The number of repetitions, of which the shortest time counts.
const REPEATS: usize = 5;

/// A communicator that waits before every sum, like a network with this delay.
struct Slow<'a> {
    world: &'a World,
    delay: Duration,
}

impl Communicator for Slow<'_> {
    fn rank(&self) -> usize {
        self.world.rank()
    }

    fn size(&self) -> usize {
        self.world.size()
    }

    fn sum_f32(&self, values: &mut [f32]) -> Result<()> {
        wait(self.delay);
        self.world.sum_f32(values)
    }

    fn sum_f64(&self, values: &mut [f64]) -> Result<()> {
        wait(self.delay);
        self.world.sum_f64(values)
    }

    fn broadcast(&self, root: usize, bytes: &mut [u8]) -> Result<()> {
        self.world.broadcast(root, bytes)
    }
}

/// Waits in a loop, since a sleeping thread would wake too late.
fn wait(delay: Duration) {
    let begin = Instant::now();
    while begin.elapsed() < delay {
        std::hint::spin_loop();
    }
}

/// Consecutive rows from `first` on.
fn data(first: usize, rows: usize) -> (DMatrix<f32>, DMatrix<f32>) {
    let x = DMatrix::from_fn(rows, 12, |i, j| (((first + i) * (2 * j + 7) + j * j) % 211) as f32 / 105.0 - 1.0);
    let y = DMatrix::from_fn(rows, 1, |i, _| f32::from(u8::from(x[(i, 0)] * x[(i, 3)] + 0.5 * x[(i, 5)] > 0.1)));
    (x, y)
}

fn model(width: usize) -> Model {
    let layers = Sequential::new().add(Dense::new(width, Relu)).add(Dense::new(width, Relu));
    layers.add(Dense::new(1, Sigmoid)).seed(1).compile(SGD.learning_rate(0.1).momentum(0.9), "bce", ())
}

/// Returns the seconds of a step, the minimum over several fits of two epochs, and the loss on other rows after six epochs.
fn measure(width: usize, rows: usize, first: usize, over: Option<Distributed<'_>>) -> Result<(f64, f64)> {
    let (x, y) = data(first, rows);
    let fit = |epochs: usize| {
        let fit = Fit::new().batch_size(BATCH).epochs(epochs).verbose(0);
        match over {
            Some(over) => fit.distributed(over),
            None => fit,
        }
    };
    let mut least = f64::INFINITY;
    for _ in 0..REPEATS {
        let mut model = model(width);
        let history = model.fit(&x, &y, fit(2))?;
        let steps = history.steps() as f64 / 2.0;
        least = history.seconds().iter().fold(least, |least, seconds| least.min(seconds / steps));
    }
    let mut model = model(width);
    model.fit(&x, &y, fit(6))?;
    let (x, y) = data(ROWS, 4096);
    Ok((least, model.evaluate(&x, &y)?.loss()))
}

/// Returns the seconds of a sum of this many values over all ranks.
fn exchange(world: &World, values: usize) -> Result<f64> {
    let mut values = vec![1.0f32; values];
    let mut least = f64::INFINITY;
    for _ in 0..REPEATS {
        world.barrier();
        let begin = Instant::now();
        for _ in 0..200 {
            values.fill(1.0);
            world.sum_f32(&mut values)?;
        }
        least = least.min(begin.elapsed().as_secs_f64() / 200.0);
    }
    Ok(least)
}

fn micro(seconds: f64) -> String {
    format!("{:.1} µs", seconds * 1e6)
}

fn main() -> Result<()> {
    let world = World::new()?;
    let is_first = world.rank() == 0;
    let say = |line: String| {
        if is_first {
            println!("{line}");
        }
    };
    let (mine, ranks) = (world.share(ROWS), world.size() as f64);
    // The number of stages of a sum over N ranks by recursive doubling.
    let stages = |ranks: f64| ranks.log2().max(1.0);
    say(format!(
        "{} ranks, {ROWS} rows, batches of {BATCH} on each rank; SGD with momentum, loss after 6 epochs",
        world.size()
    ));
    for width in [12, 64, 256] {
        let parameters = 12 * width + width + width * width + width + width + 1;
        let sum = exchange(&world, parameters + 1)?;
        let (alone, loss) = measure(width, mine.len(), mine.start, None)?;
        say(format!("\n12-{width}-{width}-1: {parameters} parameters, {} bytes of gradients", 4 * parameters));
        say(format!(
            "  step of one rank {}, all-reduce {}; loss {loss:.4} on its rows alone",
            micro(alone),
            micro(sum)
        ));
        say("\n  | exchange | step | speed-up over one rank | loss |\n  |---|---|---|---|".into());
        let row = |name: &str, (step, loss): (f64, f64)| {
            say(format!("  | {name} | {} | {:.2} | {loss:.4} |", micro(step), ranks * alone / step));
        };
        let exact = measure(width, mine.len(), mine.start, Some(Distributed::over(&world)))?;
        row("gradients, every step", exact);
        for every in [1, 4, 16, 64] {
            let over = Distributed::over(&world).average_every(every);
            row(&format!("averages, H = {every}"), measure(width, mine.len(), mine.start, Some(over))?);
        }

        // The cost model's predictions for more ranks are checked by runs in which every exchange takes as long as it would there.
        say("\n  | ranks | all-reduce | step, predicted | step, run with that delay | difference | speed-up |".into());
        say("  |---|---|---|---|---|---|".into());
        for more in [16.0, 256.0] {
            let delay = sum * (stages(more) / stages(ranks) - 1.0).max(0.0);
            let slow = Slow { world: &world, delay: Duration::from_secs_f64(delay) };
            let predicted = exact.0 + delay;
            let (step, _) = measure(width, mine.len(), mine.start, Some(Distributed::over(&slow)))?;
            let difference = 100.0 * (predicted / step - 1.0);
            let up = more * alone / step;
            say(format!(
                "  | {more} | {} | {} | {} | {difference:+.0} % | {up:.1} |",
                micro(sum + delay),
                micro(predicted),
                micro(step)
            ));
        }
        // The same with averages: a period consists of its steps and four exchanges, of rows, weights, state and slots.
        say("\n  | ranks, averages | step, predicted | step, run with that delay | difference | speed-up |\n  |---|---|---|---|---|".into());
        for (more, every) in [(16.0, 16), (256.0, 16), (256.0, 64)] {
            let over = Distributed::over(&world).average_every(every);
            let (near, _) = measure(width, mine.len(), mine.start, Some(over))?;
            let delay = sum * (stages(more) / stages(ranks) - 1.0).max(0.0);
            let slow = Slow { world: &world, delay: Duration::from_secs_f64(delay) };
            let over = Distributed::over(&slow).average_every(every);
            let (step, _) = measure(width, mine.len(), mine.start, Some(over))?;
            let predicted = near + 4.0 * delay / every as f64;
            let (difference, up) = (100.0 * (predicted / step - 1.0), more * alone / step);
            say(format!(
                "  | {more}, H = {every} | {} | {} | {difference:+.0} % | {up:.1} |",
                micro(predicted),
                micro(step)
            ));
        }
    }
    Ok(())
}
