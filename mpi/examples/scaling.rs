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
/// The number of repetitions, of which the median time counts.
const REPEATS: usize = 9;
/// The epochs after which losses are compared.
const EPOCHS: usize = 12;

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

/// Consecutive rows of random numbers from row `first` on; the label depends on six of them, and a tenth of the labels are wrong.
fn data(first: usize, rows: usize) -> (DMatrix<f32>, DMatrix<f32>) {
    let x = DMatrix::from_fn(rows, 12, |i, j| 2.0 * random(first + i, j) - 1.0);
    let y = DMatrix::from_fn(rows, 1, |i, _| {
        let products = x[(i, 0)] * x[(i, 3)] + (3.0 * x[(i, 5)]).sin() * x[(i, 7)];
        let score = products + x[(i, 1)].abs() - 0.5 + 0.3 * x[(i, 9)];
        f32::from(u8::from((score > 0.0) == (random(first + i, 12) > 0.1)))
    });
    (x, y)
}

/// Returns a number of at least 0 and below 1 that depends on a row and a column (SplitMix64).
fn random(row: usize, column: usize) -> f32 {
    let mut bits = ((row * 16 + column) as u64).wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (bits >> 40) as f32 / (1u64 << 24) as f32
}

fn model(width: usize) -> Model {
    let layers = Sequential::new().add(Dense::new(width, Relu)).add(Dense::new(width, Relu));
    layers.add(Dense::new(1, Sigmoid)).seed(1).compile(SGD.learning_rate(0.02).momentum(0.9), "bce", ())
}

/// One rank without the others, or a distributed fit.
type Mode<'a> = Option<Distributed<'a>>;

fn options(mode: Mode<'_>, epochs: usize) -> Fit<'_, f32> {
    let fit = Fit::new().batch_size(BATCH).epochs(epochs).verbose(0);
    match mode {
        Some(over) => fit.distributed(over),
        None => fit,
    }
}

/// Returns the seconds of a step in each mode, measured in turn, and the loss on other rows.
fn measure(width: usize, rows: usize, first: usize, modes: &[Mode<'_>], world: &World) -> Result<Vec<(f64, f64)>> {
    let (x, y) = data(first, rows);
    let mut times = vec![Vec::new(); modes.len()];
    for _ in 0..REPEATS {
        for (mode, times) in modes.iter().zip(&mut times) {
            world.barrier();
            let mut model = model(width);
            let history = model.fit(&x, &y, options(*mode, 3))?;
            let steps = history.steps() as f64 / 3.0;
            times.push(history.seconds().iter().fold(f64::INFINITY, |least, seconds| least.min(seconds / steps)));
        }
    }
    let (x_test, y_test) = data(ROWS, 16_384);
    let mut results = Vec::new();
    for (mode, mut times) in modes.iter().zip(times) {
        times.sort_by(f64::total_cmp);
        let mut model = model(width);
        model.fit(&x, &y, options(*mode, EPOCHS))?;
        results.push((times[REPEATS / 2], model.evaluate(&x_test, &y_test)?.loss()));
    }
    Ok(results)
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
    let (mine, ranks) = (world.local_rows(ROWS), world.size() as f64);
    // The number of stages of a sum over N ranks by recursive doubling.
    let stages = |ranks: f64| ranks.log2().max(1.0);
    say(format!(
        "{} ranks, {ROWS} rows, batches of {BATCH} on each rank; SGD with momentum, loss after {EPOCHS} epochs",
        world.size()
    ));
    for width in [12, 64, 256] {
        let parameters = 12 * width + width + width * width + width + width + 1;
        let sum = exchange(&world, parameters + 1)?;
        // Predictions for more ranks are compared with runs in which every exchange takes as long as it would there.
        let delay = |more: f64| sum * (stages(more) / stages(ranks) - 1.0).max(0.0);
        let slow = |more: f64| Slow { world: &world, delay: Duration::from_secs_f64(delay(more)) };
        let (slow_16, slow_256) = (slow(16.0), slow(256.0));
        let periods = [1, 4, 16, 64];
        let mut modes: Vec<Mode<'_>> = vec![None, Some(Distributed::over(&world))];
        modes.extend(periods.map(|every| Some(Distributed::over(&world).average_every(every))));
        modes.extend([&slow_16, &slow_256].map(|slow| Some(Distributed::over(slow))));
        let delayed = [(&slow_16, 16.0, 16), (&slow_256, 256.0, 16), (&slow_256, 256.0, 64)];
        modes.extend(delayed.map(|(slow, _, every)| Some(Distributed::over(slow).average_every(every))));
        let found = measure(width, mine.len(), mine.start, &modes, &world)?;
        let (one, loss) = found[0];

        say(format!("\n12-{width}-{width}-1: {parameters} parameters, {} bytes of gradients", 4 * parameters));
        say(format!("  step of one rank {}, all-reduce {}; loss {loss:.4} on its rows only", micro(one), micro(sum)));
        say("\n  | exchange | step | speed-up over one rank | loss |\n  |---|---|---|---|".into());
        let row = |name: &str, (step, loss): (f64, f64)| {
            say(format!("  | {name} | {} | {:.2} | {loss:.4} |", micro(step), ranks * one / step));
        };
        row("gradients, every step", found[1]);
        for (every, found) in periods.iter().zip(&found[2..]) {
            row(&format!("averages, H = {every}"), *found);
        }

        say("\n  | ranks | all-reduce | step, predicted | step, run with that delay | difference | speed-up |".into());
        say("  |---|---|---|---|---|---|".into());
        for (more, (step, _)) in [16.0, 256.0].into_iter().zip(&found[6..]) {
            let predicted = found[1].0 + delay(more);
            say(format!(
                "  | {more} | {} | {} | {} | {:+.0} % | {:.1} |",
                micro(sum + delay(more)),
                micro(predicted),
                micro(*step),
                100.0 * (predicted / step - 1.0),
                more * one / step
            ));
        }
        // With averages a period has its steps and four exchanges: of rows, weights, state and slots.
        say("\n  | ranks, averages | step, predicted | step, run with that delay | difference | speed-up |".into());
        say("  |---|---|---|---|---|".into());
        for ((_, more, every), (step, _)) in delayed.into_iter().zip(&found[8..]) {
            let (near, _) = found[if every == 16 { 4 } else { 5 }];
            let predicted = near + 4.0 * delay(more) / every as f64;
            say(format!(
                "  | {more}, H = {every} | {} | {} | {:+.0} % | {:.1} |",
                micro(predicted),
                micro(*step),
                100.0 * (predicted / step - 1.0),
                more * one / step
            ));
        }
    }
    Ok(())
}
