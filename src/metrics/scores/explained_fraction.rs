//! The fraction of the variance of the truth that predictions explain.

use serde::{Deserialize, Serialize};

use super::number_pairs::{NumberPairs, Output};
use crate::error::Result;
use crate::items::argument::plain;

/// The average of the explained fractions of several outputs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MultiOutput {
    /// The mean over the outputs.
    UniformAverage,
    /// The mean weighted with the variances of the truth.
    VarianceWeighted,
}

plain!(MultiOutput);

/// The mean of `1 − unexplained / variance` over the outputs; if the variance is 0, it is 1 if `unexplained` is 0, else 0.
pub(super) fn explained(
    pairs: &NumberPairs,
    multi_output: MultiOutput,
    unexplained: &dyn Fn(&Output<'_>) -> f64,
) -> Result<f64> {
    let of_output = |output: Output<'_>| {
        let (rest, variance) = (unexplained(&output), variance(output.truth, output.weights));
        let fraction = match (rest == 0.0, variance == 0.0) {
            (true, _) => 1.0,
            (false, true) => 0.0,
            (false, false) => 1.0 - rest / variance,
        };
        // A difference that exceeds the range of f64 is no number.
        (if rest.is_finite() && variance.is_finite() { fraction } else { f64::NAN }, variance)
    };
    let fractions: Vec<(f64, f64)> = pairs.outputs().map(of_output).collect();
    let total: f64 = fractions.iter().map(|(_, variance)| variance).sum();
    pairs.in_range(match multi_output {
        MultiOutput::VarianceWeighted if total > 0.0 => {
            fractions.iter().map(|(fraction, variance)| fraction * (variance / total)).sum()
        }
        _ => fractions.iter().map(|(fraction, _)| fraction).sum::<f64>() / fractions.len() as f64,
    })
}

/// The variance of values by the weights of their samples; exactly 0 for equal values.
pub(super) fn variance(values: &[f64], weights: &[f64]) -> f64 {
    // Computed from the differences to one of the values, so that equal values have variance 0 even if their mean is rounded.
    let origin = values.iter().zip(weights).find(|(_, weight)| **weight > 0.0).map_or(0.0, |(value, _)| *value);
    let mean = super::paired::weighted_mean(values.iter().map(|value| value - origin), weights);
    super::paired::weighted_mean(values.iter().map(|value| (value - origin - mean).powi(2)), weights)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_values_have_no_variance() {
        assert_eq!(variance(&[0.1; 7], &[1.0; 7]), 0.0);
        assert_eq!(variance(&[1.0, 3.0, 900.0], &[1.0, 1.0, 0.0]), 1.0);
        assert_eq!(variance(&[900.0, 1.0, 3.0], &[0.0, 1.0, 1.0]), 1.0);
    }
}
