//! Boundaries between bins, given or learned: approximate quantiles as Keras learns them, a summary of the sorted values,
//! compressed by interpolation.
//!
//! Keras keeps the summary in single precision; so it is here, for the same boundaries.

/// The bin of a number: how many boundaries are at or below it.
#[inline]
pub(crate) fn bin<T: PartialOrd>(boundaries: &[T], x: T) -> usize {
    boundaries.partition_point(|boundary| *boundary <= x)
}

/// Values with the weight that each represents.
struct QuantileSummary {
    values: Vec<f32>,
    weights: Vec<f32>,
}

/// The `bins − 1` boundaries between bins of about the same number of values, `epsilon` of them exact.
pub(crate) fn learned(values: impl Iterator<Item = f64>, bins: usize, epsilon: f64) -> Vec<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_unstable_by(f64::total_cmp);
    of_sorted(values.len(), &|rank| values[rank], bins, epsilon)
}

/// Returns the boundaries for values that are found by their rank among all of them.
pub(crate) fn of_sorted(count: usize, value: &dyn Fn(usize) -> f64, bins: usize, epsilon: f64) -> Vec<f64> {
    // A number beyond single precision must not become an infinite boundary.
    let single = |value: f64| (value as f32).clamp(f32::MIN, f32::MAX);
    let step = (count as f64 * epsilon).max(1.0);
    let first = (step - 1.0) as usize;
    let values: Vec<f32> = (first..count).step_by(step as usize).map(|rank| single(value(rank))).collect();
    let weights = vec![step as f32; values.len()];
    let summary = QuantileSummary { values, weights }.compress(epsilon).compress(1.0 / bins as f64);
    let kept = summary.values.len().saturating_sub(1);
    summary.values[..kept].iter().map(|value| f64::from(*value)).collect()
}

impl QuantileSummary {
    /// Values at every `epsilon` of the weight; itself where it has fewer.
    fn compress(self, epsilon: f64) -> QuantileSummary {
        if (self.values.len() as f64) * epsilon < 1.0 {
            return self;
        }
        let mut total = 0f32;
        let sums: Vec<f32> = self
            .weights
            .iter()
            .map(|weight| {
                total += weight;
                total
            })
            .collect();
        let fractions: Vec<f64> = sums.iter().map(|sum| f64::from(sum / total)).collect();
        let double = |values: &[f32]| values.iter().map(|value| f64::from(*value)).collect::<Vec<f64>>();
        let (values, sums) = (double(&self.values), double(&sums));
        let points = (1.0 / epsilon).ceil() as usize;
        let mut before = 0.0;
        let compressed = (0..points).map(|i| {
            let fraction = epsilon + i as f64 * epsilon;
            let sum = interpolate(fraction, &fractions, &sums);
            let weight = sum - before;
            before = sum;
            (interpolate(fraction, &fractions, &values) as f32, weight as f32)
        });
        let (values, weights) = compressed.unzip();
        QuantileSummary { values, weights }
    }
}

/// The piecewise linear function through the points, constant beyond them.
fn interpolate(at: f64, x: &[f64], y: &[f64]) -> f64 {
    let after = x.partition_point(|x| *x <= at);
    match (after.checked_sub(1), x.get(after)) {
        (None, _) => y[0],
        (Some(before), None) => y[before],
        (Some(before), Some(next)) => {
            let slope = (y[after] - y[before]) / (next - x[before]);
            slope * (at - x[before]) + y[before]
        }
    }
}
