//! Quantiles of sorted numbers by the averaged inverse of the distribution function, and evenly spaced numbers.

use super::ranked_numbers::SortedNumbers;

/// Returns `intervals + 1` evenly spaced numbers from `start` to `end`, both exact.
pub(super) fn evenly_spaced(start: f64, end: f64, intervals: usize) -> Vec<f64> {
    let count = intervals.max(1) as f64;
    let step = (end - start) / count;
    let at = |index: usize| match index as f64 {
        _ if index == 0 => start,
        place if place == count => end,
        // The difference `end − start` overflows.
        place if step.is_infinite() => start * (1.0 - place / count) + end * (place / count),
        place => place * step + start,
    };
    (0..=intervals.max(1)).map(at).collect()
}

/// The quantile at `level`: the smallest number at which the distribution function exceeds `level`, or, if the function equals `level`
/// between two numbers, their mean.
///
/// # References
///
/// Hyndman and Fan, *Sample quantiles in statistical packages*, 1996: definition 2; NumPy: `averaged_inverted_cdf`.
pub(super) fn averaged_inverted_cdf(sorted: &(impl SortedNumbers + ?Sized), level: f64) -> f64 {
    let last = sorted.count() - 1;
    let place = sorted.count() as f64 * level - 1.0;
    if place < 0.0 {
        return sorted.at(0);
    }
    if place >= last as f64 {
        return sorted.at(last);
    }
    let index = place.floor() as usize;
    let (low, high) = (sorted.at(index), sorted.at(index + 1));
    if place == place.floor() { mean_of_two(low, high) } else { high }
}

/// The quantile of weighted numbers, given as pairs (number, weight) sorted by number; NaN if all weights are 0.
pub(super) fn weighted_averaged_inverted_cdf(sorted: &[(f64, f64)], level: f64) -> f64 {
    let last = sorted.len() - 1;
    let mut total = 0.0;
    let sums: Vec<f64> = sorted
        .iter()
        .map(|(_, weight)| {
            total += weight;
            total
        })
        .collect();
    if total == 0.0 {
        return f64::NAN;
    }
    // The smallest positive number skips leading numbers with weight 0 at level 0.
    let reached = (level * total).max(f64::from_bits(1));
    let index = sums.partition_point(|sum| *sum < reached).min(last);
    if sums[index] - reached > f64::EPSILON {
        return sorted[index].0;
    }
    let mut next = (index + 1).min(last);
    if sorted[next].1 == 0.0 {
        next = sums.partition_point(|sum| *sum <= sums[index]);
        next = if next > last { index } else { next };
    }
    mean_of_two(sorted[index].0, sorted[next].0)
}

fn mean_of_two(low: f64, high: f64) -> f64 {
    let sum = low + high;
    if sum.is_finite() { sum / 2.0 } else { low / 2.0 + high / 2.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_of_few_numbers() {
        assert_eq!(evenly_spaced(-1.0, 2.0, 3), [-1.0, 0.0, 1.0, 2.0]);
        assert_eq!(evenly_spaced(-1.5e308, 1.5e308, 2), [-1.5e308, 0.0, 1.5e308]);
        let sorted = [1.0, 2.0, 4.0, 8.0];
        let at = |of: fn(&[f64], f64) -> f64| [0.0, 0.25, 0.3, 0.5, 1.0].map(|level| of(&sorted, level));
        assert_eq!(at(averaged_inverted_cdf), [1.0, 1.5, 2.0, 3.0, 8.0]);
        let weighted = |weights: [f64; 4], level| {
            let pairs: Vec<_> = sorted.into_iter().zip(weights).collect();
            weighted_averaged_inverted_cdf(&pairs, level)
        };
        for level in [0.0, 0.25, 0.3, 0.5, 1.0] {
            assert_eq!(weighted([1.0; 4], level), averaged_inverted_cdf(&sorted[..], level), "{level}");
        }
        assert_eq!([0.0, 0.5, 1.0].map(|level| weighted([0.0, 1.0, 0.0, 1.0], level)), [2.0, 5.0, 8.0]);
        assert!(weighted([0.0; 4], 0.5).is_nan());
        assert_eq!([0.0, 0.5, 1.0].map(|level| averaged_inverted_cdf(&[7.0][..], level)), [7.0; 3]);
    }
}
