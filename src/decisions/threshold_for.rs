use super::{CostMatrix, RowCosts};
use crate::error::counted;
use crate::{Error, Result};
use std::fmt;

/// The rule by which a threshold is chosen.
///
/// A row is positive if its probability is at least the threshold. The candidates are the distinct probabilities, as on
/// scikit-learn's curves, and infinity, at which no row is positive.
///
/// | rule | the chosen threshold | among ties |
/// |---|---|---|
/// | [`recall`](Self::recall) | the one with the fewest positives among those with at least this recall | |
/// | [`precision`](Self::precision) | the one with the most positives among those with at least this precision | |
/// | [`false_positive_rate`](Self::false_positive_rate) | the one with the most positives among those with at most this rate | |
/// | [`f_beta`](Self::f_beta) | the one with the largest F-beta | the highest |
/// | [`cost`](Self::cost), [`row_costs`](Self::row_costs) | the one with the lowest cost | the highest |
/// | [`capacity`](Self::capacity) | the one with the most positives, but at most this many | |
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
    /// Requires at least this recall, in (0, 1].
    pub fn recall(recall: f64) -> Self {
        ThresholdFor(ThresholdRule::Recall(recall))
    }

    /// Requires at least this precision, in (0, 1].
    pub fn precision(precision: f64) -> Self {
        ThresholdFor(ThresholdRule::Precision(precision))
    }

    /// Allows at most this false-positive rate, in [0, 1].
    pub fn false_positive_rate(rate: f64) -> Self {
        ThresholdFor(ThresholdRule::FalsePositiveRate(rate))
    }

    /// Maximizes `F = (1 + β²)·TP / ((1 + β²)·TP + β²·FN + FP)`; β is above 0, for example 1 for F1 or 2 to give recall more weight.
    pub fn f_beta(beta: f64) -> Self {
        ThresholdFor(ThresholdRule::FBeta(beta))
    }

    /// Minimizes the cost, with the same costs for all rows; errors have to cost more than correct decisions.
    pub fn cost(costs: CostMatrix) -> Self {
        ThresholdFor(ThresholdRule::Cost(costs))
    }

    /// Minimizes the cost, with separate costs for each row.
    pub fn row_costs(costs: RowCosts) -> Self {
        ThresholdFor(ThresholdRule::RowCosts(costs))
    }

    /// Allows at most this many positives among the rows; weighted rows count with their weights.
    pub fn capacity(rows: usize) -> Self {
        ThresholdFor(ThresholdRule::Capacity(rows))
    }

    /// Whether the rule minimizes costs.
    pub(super) fn has_costs(&self) -> bool {
        matches!(self.0, ThresholdRule::Cost(_) | ThresholdRule::RowCosts(_))
    }

    /// Checks that the arguments are in their ranges.
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
