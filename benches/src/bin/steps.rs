//! Trains a network for a number of steps, `steps COUNT [NETWORK]`, and prints the microseconds per step. The network is
//! `walkthrough`, in batches of 32, or `wide`, in batches of 128 on one thread. Intended for profilers and instruction counters.

use perceptra::prelude::*;
use perceptra_benches::{binary_data, pictures, walkthrough, wide};
use std::time::Instant;

fn main() -> perceptra::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let steps: usize = arguments.next().and_then(|count| count.parse().ok()).unwrap_or(1000);
    // Without shuffling only the steps grow with the count.
    let fit = Fit::new().shuffle(false).verbose(0);
    let begin;
    let taken = match arguments.next().as_deref() {
        Some("wide") => {
            perceptra::set_num_threads(1);
            let (x, y) = pictures(4 * 128);
            let mut model = wide();
            begin = Instant::now();
            model.fit(&x, &y, fit.batch_size(128).epochs(steps.div_ceil(4)))?;
            steps.div_ceil(4) * 4
        }
        _ => {
            let (x, y) = binary_data::<f32>(64 * 32, 12);
            let mut model = walkthrough::<f32>();
            begin = Instant::now();
            model.fit(&x, &y, fit.epochs(steps.div_ceil(64)))?;
            steps.div_ceil(64) * 64
        }
    };
    println!("{:.3}", begin.elapsed().as_secs_f64() * 1e6 / taken as f64);
    Ok(())
}
