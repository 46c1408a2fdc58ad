//! Drawing values: uniform, normal, and normal truncated at two deviations.

use crate::{Random, Scalar};
use rand::distr::Distribution;
use rand_distr::{StandardNormal, Uniform};

/// Values from [low, high).
pub(super) fn fill_uniform<T: Scalar>(values: &mut [T], low: f64, high: f64, random: &mut Random) {
    match Uniform::new(low, high) {
        Ok(distribution) => values.iter_mut().for_each(|value| *value = T::of(distribution.sample(random))),
        // An empty interval has no other value.
        Err(_) => values.fill(T::of(low)),
    }
}

/// Values of a normal distribution.
pub(super) fn fill_normal<T: Scalar>(values: &mut [T], mean: f64, deviation: f64, random: &mut Random) {
    for value in values {
        let draw: f64 = StandardNormal.sample(random);
        *value = T::of(mean + deviation * draw);
    }
}

/// Values of a normal distribution truncated at two deviations from the mean, which narrows the deviation.
pub(super) fn fill_cut_normal<T: Scalar>(values: &mut [T], mean: f64, deviation: f64, random: &mut Random) {
    for value in values {
        *value = T::of(mean + deviation * cut_normal(random));
    }
}

/// Draws a value of the standard normal distribution truncated at ±2.
fn cut_normal(random: &mut Random) -> f64 {
    loop {
        // 95% of the draws are kept.
        let value: f64 = StandardNormal.sample(random);
        if value.abs() <= 2.0 {
            return value;
        }
    }
}
