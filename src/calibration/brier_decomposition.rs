use super::reliability_diagram::{BinEdges, bin_of};
use crate::Result;
use crate::scores::{BinaryRows, ScoreInput};
use std::fmt;

/// The Brier score in parts, from [`brier_decomposition`](brier_decomposition()).
///
/// ```
/// use perceptra::calibration::{BinEdges, brier_decomposition};
/// use perceptra::dmatrix;
/// use perceptra::scores::{ScoreInput, Truth};
///
/// let p = dmatrix![0.1; 0.4; 0.35; 0.8];
/// let input = ScoreInput::new(Truth::Classes { labels: &[0, 0, 1, 1], n_classes: 2 }, &p);
/// let parts = brier_decomposition(&input, BinEdges::Uniform(2))?;
/// let within = parts.within_bin_variance - parts.within_bin_covariance;
/// assert!((parts.brier - (parts.reliability - parts.resolution + parts.uncertainty + within)).abs() < 1e-12);
/// # Ok::<(), perceptra::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BrierDecomposition {
    /// The Brier score, the weighted mean of `(p − y)²`.
    pub brier: f64,
    /// `Σ wₖ/W·(p̄ₖ − ȳₖ)²`: how far probabilities are from frequencies; 0 is best.
    pub reliability: f64,
    /// `Σ wₖ/W·(ȳₖ − ȳ)²`: the deviation of the frequencies of the bins from that of all rows; larger is better.
    pub resolution: f64,
    /// `ȳ(1 − ȳ)`, which no prediction changes.
    pub uncertainty: f64,
    /// The variance of the probabilities within the bins.
    pub within_bin_variance: f64,
    /// Twice the covariance of probabilities and truth within the bins.
    pub within_bin_covariance: f64,
}

/// Divides the Brier score into reliability, resolution and uncertainty.
///
/// `brier = reliability − resolution + uncertainty + within_bin_variance − within_bin_covariance`, exactly; the last two are 0 where
/// all probabilities of a bin are equal.
///
/// ```
/// use perceptra::dmatrix;
/// use perceptra::calibration::{BinEdges, brier_decomposition};
/// use perceptra::scores::{ScoreInput, Truth};
///
/// let p = dmatrix![0.25; 0.25; 0.25; 0.25; 0.75; 0.75; 0.75; 0.75];
/// let truth = Truth::Classes { labels: &[1, 0, 0, 0, 0, 1, 1, 1], n_classes: 2 };
/// let parts = brier_decomposition(&ScoreInput::new(truth, &p), BinEdges::Uniform(10))?;
/// assert_eq!((parts.reliability, parts.resolution, parts.uncertainty), (0.0, 0.0625, 0.25));
/// # Ok::<(), perceptra::Error>(())
/// ```
///
/// # Errors
///
/// The errors of [`reliability_diagram`](super::reliability_diagram()).
///
/// # References
///
/// A. Murphy, *A new vector partition of the probability score*, 1973; D. Stephenson, C. Coelho and I. Jolliffe, *Two extra components in
/// the Brier score decomposition*, 2008.
pub fn brier_decomposition(input: &ScoreInput<'_>, edges: BinEdges) -> Result<BrierDecomposition> {
    let item = "brier_decomposition";
    let rows = BinaryRows::new(item, input, false)?;
    let inner = edges.inner(item, &rows.probability)?;
    let number = |positive: bool| f64::from(u8::from(positive));
    // Weight, probabilities and truth of each bin.
    let mut bins = vec![[0.0; 3]; inner.len() + 1];
    for (positive, p, weight) in rows.iter() {
        let sums = &mut bins[bin_of(&inner, p)];
        *sums = [sums[0] + weight, sums[1] + weight * p, sums[2] + weight * number(positive)];
    }
    let total: f64 = bins.iter().map(|[weight, ..]| weight).sum();
    let rate = bins.iter().map(|[_, _, positive]| positive).sum::<f64>() / total;
    let mut made = BrierDecomposition {
        brier: 0.0,
        reliability: 0.0,
        resolution: 0.0,
        uncertainty: rate * (1.0 - rate),
        within_bin_variance: 0.0,
        within_bin_covariance: 0.0,
    };
    for [weight, predicted, positive] in &mut bins {
        if *weight > 0.0 {
            (*predicted, *positive) = (*predicted / *weight, *positive / *weight);
            made.reliability += *weight / total * (*predicted - *positive).powi(2);
            made.resolution += *weight / total * (*positive - rate).powi(2);
        }
    }
    for (positive, p, weight) in rows.iter() {
        let [_, predicted, observed] = bins[bin_of(&inner, p)];
        let (fraction, distance) = (weight / total, p - predicted);
        made.brier += fraction * (p - number(positive)).powi(2);
        made.within_bin_variance += fraction * distance * distance;
        made.within_bin_covariance += 2.0 * fraction * distance * (number(positive) - observed);
    }
    Ok(made)
}

impl fmt::Display for BrierDecomposition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let within = self.within_bin_variance - self.within_bin_covariance;
        write!(f, "Brier score {:.5} = reliability {:.5}", self.brier, self.reliability)?;
        write!(
            f,
            "\n  − resolution {:.5} + uncertainty {:.5} {within:+.5} within bins",
            self.resolution, self.uncertainty
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference;
    use crate::scores::{Brier, Truth, score_of};
    use nalgebra::DMatrix;

    #[test]
    fn the_parts_sum_to_the_brier_score() {
        let case = reference::case("calibration_curve");
        let (labels, p) = (case.indices("truth"), case.numbers("p"));
        let weights: Vec<f64> = (0..p.len()).map(|row| (row % 5) as f64 / 3.0).collect();
        let p = DMatrix::from_vec(p.len(), 1, p);
        let plain = ScoreInput::new(Truth::Classes { labels: &labels, n_classes: 2 }, &p);
        for input in [plain, plain.with_weights(&weights)] {
            for edges in [BinEdges::Uniform(1), BinEdges::Uniform(7), BinEdges::Quantile(10), BinEdges::Uniform(1000)] {
                let parts = brier_decomposition(&input, edges).unwrap();
                let within = parts.within_bin_variance - parts.within_bin_covariance;
                let sum = parts.reliability - parts.resolution + parts.uncertainty + within;
                approx::assert_abs_diff_eq!(parts.brier, sum, epsilon = 1e-15);
                approx::assert_abs_diff_eq!(parts.brier, score_of(Brier, &input).unwrap(), epsilon = 1e-14);
                assert!(parts.to_string().lines().all(|line| line.chars().count() <= 80), "{parts}");
            }
        }
    }
}
