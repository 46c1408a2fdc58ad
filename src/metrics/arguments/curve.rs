//! Areas under curves that are known at some thresholds.

use crate::items::argument::plain;
use crate::kernels::confusion_counts::ConfusionCounts;
use crate::metrics::states::confusion::{precision, ratio, recall};
use serde::{Deserialize, Serialize};

/// The curve whose area [`AUC`](struct@crate::metrics::AUC) is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Curve {
    /// True positive rate over false positive rate.
    #[default]
    #[serde(rename = "ROC", alias = "roc")]
    Roc,
    /// Precision over recall.
    #[serde(rename = "PR", alias = "pr")]
    Pr,
    /// Precision gain over recall gain: with `π = (TP + FN)/(TN + FP)`, `1 − π·FP/TP` over `1 − π·FN/TP` (not
    /// below 0); 1 over 0 where `TP` is 0.
    #[serde(rename = "PRGAIN", alias = "prgain")]
    PrGain,
}

/// The approximation of the area between two neighbouring points of a curve.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SummationMethod {
    /// The mean of the two heights. For the precision–recall curve the interpolation of Davis and Goadrich: true
    /// positives grow linearly with predicted positives.
    #[default]
    #[serde(alias = "Interpolation")]
    Interpolation,
    /// The larger height.
    #[serde(alias = "Majoring")]
    Majoring,
    /// The smaller height.
    #[serde(alias = "Minoring")]
    Minoring,
}

impl Curve {
    /// The area under the curve, from counts at increasing thresholds.
    pub(crate) fn area(self, counts: &[ConfusionCounts], method: SummationMethod) -> f64 {
        let pairs = counts.windows(2).filter_map(|pair| match pair {
            [low, high] => Some((low, high)),
            _ => None,
        });
        if (self, method) == (Curve::Pr, SummationMethod::Interpolation) {
            return pairs.map(|(low, high)| interpolated(low, high)).sum();
        }
        pairs
            .map(|(low, high)| {
                let ((x, y), (next_x, next_y)) = (self.point(low), self.point(high));
                let height = match method {
                    SummationMethod::Interpolation => 0.5 * (y + next_y),
                    SummationMethod::Majoring => y.max(next_y),
                    SummationMethod::Minoring => y.min(next_y),
                };
                (x - next_x) * height
            })
            .sum()
    }

    /// A threshold's point on the curve.
    fn point(self, counts: &ConfusionCounts) -> (f64, f64) {
        match self {
            Curve::Roc => (ratio(counts.false_positives, counts.true_negatives), recall(counts)),
            Curve::Pr => (recall(counts), precision(counts)),
            Curve::PrGain if counts.true_positives == 0.0 => (0.0, 1.0),
            Curve::PrGain => {
                let negatives = counts.true_negatives + counts.false_positives;
                let positives = counts.true_positives + counts.false_negatives;
                let odds = if negatives == 0.0 { 0.0 } else { positives / negatives };
                let gain = |misses: f64| 1.0 - odds * misses / counts.true_positives;
                (gain(counts.false_negatives).max(0.0), gain(counts.false_positives))
            }
        }
    }
}

/// The area under the precision–recall curve between two thresholds, as Davis and Goadrich interpolate it.
///
/// With `TP = a + s·P` between them, where `P = TP + FP`, the integral of `TP/P` over `TP` is
/// `s·(ΔTP + a·ln(P₁/P₂))`; divided by the positives it is an integral over recall.
fn interpolated(low: &ConfusionCounts, high: &ConfusionCounts) -> f64 {
    let predicted = [low, high].map(|counts| counts.true_positives + counts.false_positives);
    let gained = low.true_positives - high.true_positives;
    let span = predicted[0] - predicted[1];
    let slope = if span > 0.0 { gained / span } else { 0.0 };
    let intercept = high.true_positives - slope * predicted[1];
    let ratio = if predicted.iter().all(|predicted| *predicted > 0.0) { predicted[0] / predicted[1] } else { 1.0 };
    let positives = high.true_positives + high.false_negatives;
    if positives > 0.0 { slope * (gained + intercept * ratio.ln()) / positives } else { 0.0 }
}

plain!(Curve, SummationMethod);

#[cfg(test)]
mod tests {
    use super::*;

    fn counts([tp, fp, tn, fn_]: [f64; 4]) -> ConfusionCounts {
        ConfusionCounts { true_positives: tp, false_positives: fp, true_negatives: tn, false_negatives: fn_ }
    }

    #[test]
    fn a_perfect_ranking_has_area_one_and_no_data_none() {
        let perfect = [counts([2.0, 3.0, 0.0, 0.0]), counts([2.0, 0.0, 3.0, 0.0]), counts([0.0, 0.0, 3.0, 2.0])];
        for curve in [Curve::Roc, Curve::Pr] {
            assert_eq!(curve.area(&perfect, SummationMethod::Interpolation), 1.0, "{curve:?}");
            assert_eq!(curve.area(&[ConfusionCounts::default(); 3], SummationMethod::Majoring), 0.0, "{curve:?}");
        }
        assert_eq!(Curve::PrGain.area(&perfect, SummationMethod::Majoring), 1.0);
    }

    #[test]
    fn interpolation_is_between_the_two_bounds() {
        let points = [
            counts([4.0, 6.0, 0.0, 0.0]),
            counts([3.0, 2.0, 4.0, 1.0]),
            counts([1.0, 1.0, 5.0, 3.0]),
            counts([0.0, 0.0, 6.0, 4.0]),
        ];
        for curve in [Curve::Roc, Curve::Pr, Curve::PrGain] {
            let area = |method| curve.area(&points, method);
            let middle = area(SummationMethod::Interpolation);
            assert!(
                area(SummationMethod::Minoring) <= middle && middle <= area(SummationMethod::Majoring),
                "{curve:?}"
            );
        }
    }
}
