//! Precision and recall over all thresholds.

use super::ranking::{Ranking, one_class};
use super::weighted::AsTruth;
use crate::as_column::AsColumn;
use crate::error::{Error, Result};

/// Precision and recall for every distinct score as threshold.
///
/// Thresholds ascend; a sample is positive when its score is at least the threshold. One more point, precision 1
/// and recall 0, closes the curve where nothing is positive; it has no threshold.
///
/// `y_true` holds 0 and 1, `y_score` probabilities or any other scores.
///
/// ```
/// use perceptra::metrics::precision_recall_curve;
///
/// let curve = precision_recall_curve(&[0, 0, 1, 1], &[0.1, 0.4, 0.35, 0.8])?;
/// assert_eq!(curve.thresholds, [0.1, 0.35, 0.4, 0.8]);
/// assert_eq!(curve.recall, [1.0, 1.0, 0.5, 0.5, 0.0]);
/// assert_eq!(curve.threshold_for_recall(0.9)?, 0.35);
/// # Ok::<(), perceptra::Error>(())
/// ```
///
/// # Errors
///
/// The errors of [`roc_auc_score`](super::roc_auc_score()), but only class 1 has to occur.
///
/// # References
///
/// scikit-learn, *sklearn.metrics.precision_recall_curve*.
pub fn precision_recall_curve(
    y_true: &(impl AsTruth + ?Sized),
    y_score: &(impl AsColumn + ?Sized),
) -> Result<PrecisionRecallCurve> {
    let ranking = Ranking::new("precision_recall_curve", y_true, y_score)?;
    let positives = ranking.positives();
    if positives == 0.0 {
        return Err(one_class("precision_recall_curve", 1));
    }
    let (mut precision, mut recall) = (vec![1.0], vec![0.0]);
    for (&tp, &fp) in ranking.true_positives.iter().zip(&ranking.false_positives) {
        precision.push(tp / (tp + fp));
        recall.push(tp / positives);
    }
    let mut thresholds = ranking.thresholds;
    precision.reverse();
    recall.reverse();
    thresholds.reverse();
    Ok(PrecisionRecallCurve { precision, recall, thresholds })
}

/// A precision–recall curve, from [`precision_recall_curve`](precision_recall_curve()).
#[derive(Debug, Clone, PartialEq)]
pub struct PrecisionRecallCurve {
    /// `TP / (TP + FP)` for each threshold, and 1 at the end.
    pub precision: Vec<f64>,
    /// `TP / (TP + FN)` for each threshold, and 0 at the end; it never ascends.
    pub recall: Vec<f64>,
    /// The thresholds, ascending, one fewer than the points; a sample is positive if its score is at least the threshold. For functions
    /// that require "greater than", use the number [just below](super::just_below).
    pub thresholds: Vec<f64>,
}

impl PrecisionRecallCurve {
    /// The highest threshold at which recall is at least `recall`.
    ///
    /// A sample is positive if its score is *at least* this threshold. If it has to be *greater*, as for
    /// [`to_classes`](super::to_classes()), pass the number [just below](super::just_below) it:
    ///
    /// ```
    /// use perceptra::dvector;
    /// use perceptra::metrics::{just_below, precision_recall_curve, recall_score, to_classes};
    ///
    /// let (truth, probability) = ([0, 1, 0, 1], dvector![0.1_f32, 0.3, 0.6, 0.7]);
    /// let threshold = precision_recall_curve(&truth, &probability)?.threshold_for_recall(0.9)?;
    /// let predicted = to_classes(&probability, just_below::<f32>(threshold));
    /// assert_eq!(recall_score(&truth, &predicted)?, 1.0);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] for a recall outside `(0, 1]`.
    pub fn threshold_for_recall(&self, recall: f64) -> Result<f64> {
        let reached = self.thresholds.iter().zip(&self.recall).rev().find(|pair| *pair.1 >= recall);
        match reached {
            Some((&threshold, _)) if recall > 0.0 => Ok(threshold),
            _ => Err(Error::argument(
                "threshold_for_recall",
                "recall",
                recall,
                "a fraction greater than 0 and at most 1",
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::weighted::weighted;
    use super::*;
    use crate::reference;

    #[test]
    fn it_is_that_of_the_reference() {
        let case = reference::case("binary");
        let curve = precision_recall_curve(&case.numbers("truth"), &case.numbers("score")).unwrap();
        case.assert_close("curve_precision", &curve.precision, 1e-15);
        case.assert_close("curve_recall", &curve.recall, 1e-15);
        case.assert_close("curve_thresholds", &curve.thresholds, 1e-15);
        let case = reference::case("scores_binary");
        let (truth, score, weights) = (case.numbers("truth"), case.numbers("score"), case.numbers("weights"));
        let curve = precision_recall_curve(&weighted(&truth, &weights), &score).unwrap();
        case.assert_close("recall_weighted", &curve.recall, 1e-10);
    }

    #[test]
    fn the_threshold_for_a_recall_is_the_highest() {
        let case = reference::case("binary");
        let (truth, score) = (case.numbers("truth"), case.numbers("score"));
        let curve = precision_recall_curve(&truth, &score).unwrap();
        let recall = |threshold: f64| {
            let hits = truth.iter().zip(&score).filter(|pair| *pair.0 == 1.0 && *pair.1 >= threshold);
            hits.count() as f64 / truth.iter().sum::<f64>()
        };
        for wanted in [0.1, 0.5, 0.8, 1.0] {
            let threshold = curve.threshold_for_recall(wanted).unwrap();
            assert!(recall(threshold) >= wanted);
            assert!(score.iter().filter(|&&score| score > threshold).all(|&score| recall(score) < wanted));
        }
        for wrong in [0.0, -1.0, 1.1, f64::NAN] {
            assert!(matches!(curve.threshold_for_recall(wrong), Err(Error::Argument { .. })));
        }
    }

    #[test]
    fn class_one_has_to_occur() {
        assert!(matches!(precision_recall_curve(&[0, 0], &[0.1, 0.2]), Err(Error::Empty { .. })));
        assert_eq!(precision_recall_curve(&[1], &[0.1]).unwrap().precision, [1.0, 1.0]);
    }
}
