use super::{CostMatrix, RowCosts};
use crate::error::counted;
use crate::{Error, Result};
use std::fmt;

/// What a threshold is chosen for.
///
/// A row is positive from the threshold on. Only thresholds between distinct probabilities differ, so the threshold is the lowest
/// probability that is positive, as on scikit-learn's curves, or infinity where no row is.
///
/// | rule | the threshold | of equal ones |
/// |---|---|---|
/// | [`recall`](Self::recall) | with the fewest positives whose recall is at least this | |
/// | [`precision`](Self::precision) | with the most positives whose precision is at least this | |
/// | [`false_positive_rate`](Self::false_positive_rate) | with the most positives whose rate is at most this | |
/// | [`f_beta`](Self::f_beta) | of the largest F-beta | the highest |
/// | [`cost`](Self::cost), [`row_costs`](Self::row_costs) | of the least cost | the highest |
/// | [`capacity`](Self::capacity) | with the most positives that are at most this many, the riskiest | |
///
/// ```
/// use perceptra::decisions::{CostMatrix, ThresholdFor};
///
/// assert_eq!(ThresholdFor::recall(0.8).to_string(), "recall of at least 0.8");
/// assert_eq!(ThresholdFor::cost(CostMatrix::new(1.0, 5.0)).to_string(), "least cost");
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct ThresholdFor(pub(super) ThresholdRule);

#[derive(Debug, Clone, PartialEq)]
pub(super) enum ThresholdRule {
    Recall(f64),
    Precision(f64),
    FalsePositiveRate(f64),
    FBeta(f64),
    Cost(CostMatrix),
    RowCosts(RowCosts),
    Capacity(usize),
}

impl ThresholdFor {
    /// At least this recall, in (0, 1].
    pub fn recall(recall: f64) -> Self {
        ThresholdFor(ThresholdRule::Recall(recall))
    }

    /// At least this precision, in (0, 1].
    pub fn precision(precision: f64) -> Self {
        ThresholdFor(ThresholdRule::Precision(precision))
    }

    /// At most this false-positive rate, in [0, 1].
    pub fn false_positive_rate(rate: f64) -> Self {
        ThresholdFor(ThresholdRule::FalsePositiveRate(rate))
    }

    /// The largest `F = (1 + β²)·TP / ((1 + β²)·TP + β²·FN + FP)`; β is above 0, 1 for F1, 2 for recall to weigh more.
    pub fn f_beta(beta: f64) -> Self {
        ThresholdFor(ThresholdRule::FBeta(beta))
    }

    /// The least cost by these costs of all rows; errors cost more than right decisions.
    pub fn cost(costs: CostMatrix) -> Self {
        ThresholdFor(ThresholdRule::Cost(costs))
    }

    /// The least cost by costs of each row.
    pub fn row_costs(costs: RowCosts) -> Self {
        ThresholdFor(ThresholdRule::RowCosts(costs))
    }

    /// At most this many positives among the rows, by their weights where they have such.
    pub fn capacity(rows: usize) -> Self {
        ThresholdFor(ThresholdRule::Capacity(rows))
    }

    /// Whether it is about costs.
    pub(super) fn has_costs(&self) -> bool {
        matches!(self.0, ThresholdRule::Cost(_) | ThresholdRule::RowCosts(_))
    }

    /// Whether the arguments are in their ranges.
    pub(super) fn check(&self, rows: usize) -> Result<()> {
        let refuse =
            |argument, value: f64, expected: &str| Err(Error::argument("ThresholdFor", argument, value, expected));
        match &self.0 {
            ThresholdRule::Recall(r) if !(*r > 0.0 && *r <= 1.0) => refuse("recall", *r, "a number in (0, 1]"),
            ThresholdRule::Precision(p) if !(*p > 0.0 && *p <= 1.0) => refuse("precision", *p, "a number in (0, 1]"),
            ThresholdRule::FalsePositiveRate(a) if !(0.0..=1.0).contains(a) => {
                refuse("false_positive_rate", *a, "a number in [0, 1]")
            }
            ThresholdRule::FBeta(b) if !(*b > 0.0 && *b <= 1e6) => {
                refuse("f_beta", *b, "a number above 0, at most 1e6")
            }
            ThresholdRule::Cost(costs) => costs.check(),
            ThresholdRule::RowCosts(costs) => costs.check(rows),
            _ => Ok(()),
        }
    }
}

impl From<CostMatrix> for ThresholdFor {
    fn from(costs: CostMatrix) -> Self {
        ThresholdFor::cost(costs)
    }
}

impl From<RowCosts> for ThresholdFor {
    fn from(costs: RowCosts) -> Self {
        ThresholdFor::row_costs(costs)
    }
}

impl From<&ThresholdFor> for ThresholdFor {
    fn from(rule: &ThresholdFor) -> Self {
        rule.clone()
    }
}

impl fmt::Display for ThresholdFor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            ThresholdRule::Recall(recall) => write!(f, "recall of at least {recall}"),
            ThresholdRule::Precision(precision) => write!(f, "precision of at least {precision}"),
            ThresholdRule::FalsePositiveRate(rate) => write!(f, "false-positive rate of at most {rate}"),
            ThresholdRule::FBeta(beta) => write!(f, "largest F-beta with beta {beta}"),
            ThresholdRule::Cost(_) => f.write_str("least cost"),
            ThresholdRule::RowCosts(RowCosts { loss_given_default, lost_margin, .. }) => {
                write!(f, "least cost per row, {loss_given_default} and {lost_margin} of the amounts")
            }
            ThresholdRule::Capacity(rows) => write!(f, "at most {}", counted(*rows, "positive")),
        }
    }
}
