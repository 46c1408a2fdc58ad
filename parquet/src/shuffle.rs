//! A random order that is determined by a seed.

use perceptra::Random;
use rand::{Rng, SeedableRng};

/// Puts `items` into random order (Fisher–Yates); the same seed gives the same order in all versions.
pub(crate) fn shuffled<I>(items: &mut [I], seed: u64) {
    let mut random = Random::seed_from_u64(seed);
    for last in (1..items.len()).rev() {
        // Scaling by multiplication; the bias is below `last / 2^64`.
        let position = (u128::from(random.next_u64()) * (last as u128 + 1)) >> 64;
        items.swap(last, position as usize);
    }
}
