//! Trains the walkthrough's network for a number of steps, `steps COUNT`, and prints the microseconds per
//! step. Intended for profilers and instruction counters.

use perceptra::prelude::*;
use perceptra_benches::{binary_data, walkthrough};
use std::time::Instant;

fn main() -> perceptra::Result<()> {
    let steps: usize = std::env::args().nth(1).and_then(|count| count.parse().ok()).unwrap_or(1000);
    let (x, y) = binary_data::<f32>(64 * 32, 12);
    let mut model = walkthrough::<f32>();
    let begin = Instant::now();
    // Epochs of 64 steps without shuffling, so that only the steps grow with the count.
    model.fit(&x, &y, Fit::new().epochs(steps.div_ceil(64)).shuffle(false).verbose(0))?;
    println!("{:.3}", begin.elapsed().as_secs_f64() * 1e6 / (steps.div_ceil(64) * 64) as f64);
    Ok(())
}
