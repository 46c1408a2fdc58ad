//! Bootstrap: a statistic of rows that are drawn again, with replacement.

use crate::num_threads;
use crate::random::{Purpose, below, stream};
use crate::significant::significant;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::{Mutex, PoisonError};

/// A statistic with its bootstrap standard error and percentile interval; `Display` shows the estimate and the interval.
///
/// ```
/// use perceptra::calibration::BootstrapInterval;
///
/// let recall = BootstrapInterval { estimate: 0.8, standard_error: 0.02, low: 0.76, high: 0.84, level: 0.95 };
/// assert_eq!(recall.to_string(), "0.8000 [0.7600, 0.8400]");
/// ```
///
/// # References
///
/// B. Efron and R. Tibshirani, *An Introduction to the Bootstrap*, 1993, chapter 13.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BootstrapInterval {
    /// The statistic of the rows themselves.
    pub estimate: f64,
    /// The standard deviation of the statistic over the resamples, denominator count − 1.
    pub standard_error: f64,
    /// The lower end of the percentile interval.
    pub low: f64,
    /// The upper end.
    pub high: f64,
    /// The nominal coverage, 0.95.
    pub level: f64,
}

/// The nominal coverage of all intervals.
const LEVEL: f64 = 0.95;

impl BootstrapInterval {
    /// The percentile interval of the statistics of the resamples; those that are not finite, as where a class was not drawn, do not count.
    pub(crate) fn from_resamples(estimate: f64, resampled: &[f64]) -> BootstrapInterval {
        let mut values: Vec<f64> = resampled.iter().copied().filter(|value| value.is_finite()).collect();
        values.sort_unstable_by(f64::total_cmp);
        let count = values.len();
        if count == 0 {
            return BootstrapInterval { estimate, standard_error: 0.0, low: estimate, high: estimate, level: LEVEL };
        }
        let mean = values.iter().sum::<f64>() / count as f64;
        let squares = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>();
        let standard_error = (squares / count.saturating_sub(1).max(1) as f64).sqrt();
        let at = |fraction: f64| {
            let position = fraction * (count - 1) as f64;
            let (below, above) = (values[position.floor() as usize], values[position.ceil() as usize]);
            below + (above - below) * position.fract()
        };
        let tail = (1.0 - LEVEL) / 2.0;
        BootstrapInterval { estimate, standard_error, low: at(tail), high: at(1.0 - tail), level: LEVEL }
    }

    /// Whether the numbers of a file can be those of an interval.
    pub(crate) fn is_valid(&self) -> bool {
        let all = [self.estimate, self.standard_error, self.low, self.high];
        all.iter().all(|number| number.is_finite())
            && self.standard_error >= 0.0
            && self.low <= self.high
            && (0.0..=1.0).contains(&self.level)
    }
}

impl fmt::Display for BootstrapInterval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} [{}, {}]", significant(self.estimate), significant(self.low), significant(self.high))
    }
}

/// The statistic of each resample, which is given as how often each row was drawn.
///
/// Resamples are computed at the same time where there are threads; the results are the same for any number of them.
pub(crate) fn resampled<R: Send>(
    rows: usize,
    resamples: usize,
    seed: u64,
    statistic: impl Fn(&[f64]) -> R + Sync,
) -> Vec<R> {
    let mut found: Vec<Option<R>> = Vec::new();
    found.resize_with(resamples, || None);
    let found = Mutex::new(found);
    each_resample(rows, resamples, seed, &|index, counts| {
        let result = statistic(counts);
        found.lock().unwrap_or_else(PoisonError::into_inner)[index] = Some(result);
    });
    found.into_inner().unwrap_or_else(PoisonError::into_inner).into_iter().flatten().collect()
}

/// Passes the number of each resample and how often it holds each row.
fn each_resample(rows: usize, resamples: usize, seed: u64, one: &(dyn Fn(usize, &[f64]) + Sync)) {
    let draw = |counts: &mut Vec<f64>, index: usize| {
        counts.clear();
        counts.resize(rows, 0.0);
        let mut random = stream(seed, Purpose::Bootstrap, index as u64);
        for _ in 0..rows {
            counts[below(rows as u64, &mut random) as usize] += 1.0;
        }
        one(index, counts);
    };
    match num_threads() > 1 {
        true => (0..resamples).into_par_iter().for_each_init(Vec::new, draw),
        false => {
            let mut counts = Vec::new();
            (0..resamples).for_each(|index| draw(&mut counts, index));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_standard_error_of_a_mean_is_the_known_one() {
        let values: Vec<f64> = (0..400).map(|row| f64::from(row % 20)).collect();
        let mean = |counts: &[f64]| values.iter().zip(counts).map(|(value, count)| value * count).sum::<f64>() / 400.0;
        let found = BootstrapInterval::from_resamples(9.5, &resampled(400, 2000, 1, mean));
        // The standard deviation of 0, …, 19 is √33.25.
        let expected = 33.25f64.sqrt() / 20.0;
        assert!((found.standard_error / expected - 1.0).abs() < 0.06, "{found:?}");
        assert!(
            (found.low - (9.5 - 1.96 * expected)).abs() < 0.05 && (found.high - (9.5 + 1.96 * expected)).abs() < 0.05
        );
        assert!(found.is_valid());
    }

    #[test]
    fn resamples_depend_only_on_the_seed() {
        let draw = |seed| resampled(50, 8, seed, <[f64]>::to_vec);
        assert_eq!(draw(3), draw(3));
        // The results do not depend on the number of threads.
        let before = num_threads();
        let [one, four] = [1, 4].map(|threads| {
            crate::set_num_threads(threads);
            draw(3)
        });
        crate::set_num_threads(before);
        assert_eq!(one, four);
        assert_ne!(draw(3), draw(4));
        assert!(draw(3).iter().all(|counts| counts.iter().sum::<f64>() == 50.0));
        assert!(resampled(0, 2, 1, <[f64]>::len).iter().all(|count| *count == 0));
    }

    #[test]
    fn values_that_are_not_finite_do_not_count() {
        let found = BootstrapInterval::from_resamples(1.0, &[f64::NAN, 1.0, f64::INFINITY, 3.0]);
        assert_eq!((found.low, found.high), (1.05, 2.95));
        assert_eq!(BootstrapInterval::from_resamples(1.0, &[f64::NAN]).standard_error, 0.0);
    }
}
