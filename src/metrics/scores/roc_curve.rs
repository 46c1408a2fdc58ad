//! True against false positive rate over all thresholds.

use super::ranking::{Ranking, one_class};
use super::weighted::AsTruth;
use crate::as_column::AsColumn;
use crate::error::Result;

/// The rates of true and false positives for every threshold.
///
/// Thresholds descend from infinity, where nothing is positive; a sample is positive when its score is at least
/// the threshold. Points on a straight line between their neighbours are left out, as they change neither the
/// curve nor its area.
///
/// `y_true` holds 0 and 1, `y_score` probabilities or any other scores.
///
/// ```
/// use perceptra::metrics::roc_curve;
///
/// let curve = roc_curve(&[0, 0, 1, 1], &[0.1, 0.4, 0.35, 0.8])?;
/// assert_eq!(curve.false_positive_rate, [0.0, 0.0, 0.5, 0.5, 1.0]);
/// assert_eq!(curve.true_positive_rate, [0.0, 0.5, 0.5, 1.0, 1.0]);
/// # Ok::<(), perceptra::Error>(())
/// ```
///
/// # Errors
///
/// The errors of [`roc_auc_score`](super::roc_auc_score()).
///
/// # References
///
/// scikit-learn, *sklearn.metrics.roc_curve*.
pub fn roc_curve(y_true: &(impl AsTruth + ?Sized), y_score: &(impl AsColumn + ?Sized)) -> Result<RocCurve> {
    let ranking = Ranking::new("roc_curve", y_true, y_score)?;
    let (positives, negatives) = (ranking.positives(), ranking.negatives());
    if let Some(class) = ranking.absent_class() {
        return Err(one_class("roc_curve", class));
    }
    let mut curve =
        RocCurve { false_positive_rate: vec![0.0], true_positive_rate: vec![0.0], thresholds: vec![f64::INFINITY] };
    let (tp, fp) = (&ranking.true_positives, &ranking.false_positives);
    for at in 0..tp.len() {
        let within = at > 0 && at + 1 < tp.len();
        if within && tp[at] - tp[at - 1] == tp[at + 1] - tp[at] && fp[at] - fp[at - 1] == fp[at + 1] - fp[at] {
            continue;
        }
        curve.false_positive_rate.push(fp[at] / negatives);
        curve.true_positive_rate.push(tp[at] / positives);
        curve.thresholds.push(ranking.thresholds[at]);
    }
    Ok(curve)
}

/// A ROC curve, three vectors of equal length, from [`roc_curve`](roc_curve()).
#[derive(Debug, Clone, PartialEq)]
pub struct RocCurve {
    /// `FP / (FP + TN)`, ascending from 0 to 1.
    pub false_positive_rate: Vec<f64>,
    /// `TP / (TP + FN)`, ascending from 0 to 1.
    pub true_positive_rate: Vec<f64>,
    /// The thresholds, descending from infinity; a sample is positive if its score is at least the threshold. For functions that
    /// require "greater than", use the number [just below](super::just_below).
    pub thresholds: Vec<f64>,
}

#[cfg(test)]
mod tests {
    use super::super::weighted::weighted;
    use super::*;
    use crate::reference;

    #[test]
    fn it_is_that_of_the_reference() {
        let case = reference::case("binary");
        let curve = roc_curve(&case.numbers("truth"), &case.numbers("score")).unwrap();
        case.assert_close("fpr", &curve.false_positive_rate, 1e-15);
        case.assert_close("tpr", &curve.true_positive_rate, 1e-15);
        case.assert_close("roc_thresholds", &curve.thresholds, 1e-15);
        let case = reference::case("scores_binary");
        let (truth, score, weights) = (case.numbers("truth"), case.numbers("score"), case.numbers("weights"));
        let curve = roc_curve(&weighted(&truth, &weights), &score).unwrap();
        case.assert_close("roc_curve_weighted", &curve.true_positive_rate, 1e-10);
    }

    #[test]
    fn its_area_is_the_score() {
        let case = reference::case("binary");
        let curve = roc_curve(&case.numbers("truth"), &case.numbers("score")).unwrap();
        let (x, y) = (&curve.false_positive_rate, &curve.true_positive_rate);
        let area: f64 = (1..x.len()).map(|at| (x[at] - x[at - 1]) * (y[at] + y[at - 1]) / 2.0).sum();
        case.assert_close("roc_auc", [area], 1e-14);
    }
}
