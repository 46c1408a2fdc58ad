use crate::{Error, Result};
use serde::{Deserialize, Serialize};

/// The cost of each outcome of a decision; a gain is a negative cost.
///
/// | | decision negative | decision positive |
/// |---|---|---|
/// | truth negative | `true_negative`, default 0 | `false_positive` |
/// | truth positive | `false_negative` | `true_positive`, default 0 |
///
/// ```
/// use perceptra::decisions::CostMatrix;
///
/// // A loan that defaults costs 6,000; one that is refused and would have been repaid costs its interest of 1,000.
/// let costs = CostMatrix::new(1_000.0, 6_000.0);
/// assert_eq!(costs.bayes_threshold()?, 1.0 / 7.0);
/// // The interest as a gain of the loans that are granted: the same decisions.
/// let gains = CostMatrix { true_negative: -1_000.0, false_positive: 0.0, false_negative: 6_000.0, true_positive: 0.0 };
/// assert_eq!(gains.bayes_threshold()?, 1.0 / 7.0);
/// # Ok::<(), perceptra::Error>(())
/// ```
///
/// # References
///
/// C. Elkan, *The foundations of cost-sensitive learning*, 2001.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CostMatrix {
    /// The cost of a correct negative decision.
    pub true_negative: f64,
    /// The cost of a positive decision if the truth is negative.
    pub false_positive: f64,
    /// The cost of a negative decision if the truth is positive.
    pub false_negative: f64,
    /// The cost of a correct positive decision.
    pub true_positive: f64,
}

impl CostMatrix {
    /// Creates a matrix with the costs of both errors; correct decisions cost 0.
    pub fn new(false_positive: f64, false_negative: f64) -> Self {
        CostMatrix { true_negative: 0.0, false_positive, false_negative, true_positive: 0.0 }
    }

    /// The threshold with the lowest expected cost, if probabilities are calibrated:
    /// `(FP − TN) / ((FP − TN) + (FN − TP))`.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] unless costs are finite and each error costs more than the correct decision, as for
    /// [`ThresholdFor::cost`](super::ThresholdFor::cost).
    pub fn bayes_threshold(&self) -> Result<f64> {
        self.check()?;
        let (negatives, positives) =
            (self.false_positive - self.true_negative, self.false_negative - self.true_positive);
        Ok(negatives / (negatives + positives))
    }

    /// Checks that errors cost more than correct decisions.
    pub(super) fn check(&self) -> Result<()> {
        let all = [self.true_negative, self.false_positive, self.false_negative, self.true_positive];
        // Larger costs would overflow in sums over rows.
        if let Some(cost) = all.iter().find(|cost| cost.is_nan() || cost.abs() > 1e100) {
            return Err(Error::argument("CostMatrix", "costs", cost, "finite numbers"));
        }
        match self.false_positive > self.true_negative && self.false_negative > self.true_positive {
            true => Ok(()),
            false => {
                let value = format!("{all:?} in the order TN, FP, FN, TP");
                Err(Error::argument("CostMatrix", "costs", value, "errors that cost more than right decisions"))
            }
        }
    }
}
