//! The area under the ROC curve.

use super::ranking::{Ranking, one_class};
use super::weighted::AsTruth;
use crate::as_column::AsColumn;
use crate::error::Result;

/// The probability that a random positive has a higher score than a random negative, a tie counting half.
///
/// `AUC = (Σ 1[s⁺ > s⁻] + ½ Σ 1[s⁺ = s⁻]) / (n⁺ · n⁻)`, computed exactly from counts after one sort; this is the
/// area under the [ROC curve](super::roc_curve()) and the statistic of Mann and Whitney. 0.5 is chance, 1 perfect.
///
/// `y_true` holds 0 and 1, `y_score` probabilities or any other scores. For more classes see [`multiclass_roc_auc_score`](super::multiclass_roc_auc_score())
/// and [`multilabel_roc_auc_score`](super::multilabel_roc_auc_score()).
///
/// ```
/// use perceptra::metrics::roc_auc_score;
///
/// assert_eq!(roc_auc_score(&[0, 0, 1, 1], &[0.1, 0.4, 0.35, 0.8])?, 0.75);
/// # Ok::<(), perceptra::Error>(())
/// ```
///
/// # Errors
///
/// [`Error::Rows`](crate::Error::Rows) for different lengths, [`Error::Target`](crate::Error::Target) for truth
/// other than 0 and 1, [`Error::NotFinite`](crate::Error::NotFinite) for such a score,
/// [`Error::Empty`](crate::Error::Empty) if one of the classes does not occur.
///
/// # References
///
/// T. Fawcett, *An introduction to ROC analysis* (2006); scikit-learn, *sklearn.metrics.roc_auc_score*.
pub fn roc_auc_score(y_true: &(impl AsTruth + ?Sized), y_score: &(impl AsColumn + ?Sized)) -> Result<f64> {
    let ranking = Ranking::new("roc_auc_score", y_true, y_score)?;
    match ranking.absent_class() {
        Some(class) => Err(one_class("roc_auc_score", class)),
        None => Ok(area(&ranking)),
    }
}

/// The area under the ROC curve of samples of both classes.
pub(super) fn area(ranking: &Ranking) -> f64 {
    // Twice the area in units of the weights: whole numbers where these are, so that no rounding enters before the division.
    let mut doubled = 0.0;
    let (mut tp, mut fp) = (0.0, 0.0);
    for (&next_tp, &next_fp) in ranking.true_positives.iter().zip(&ranking.false_positives) {
        doubled += (next_fp - fp) * (next_tp + tp);
        (tp, fp) = (next_tp, next_fp);
    }
    doubled / (2.0 * tp * fp)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;
    use crate::{random_cases, reference};
    use rand::RngExt;

    #[test]
    fn it_is_that_of_the_reference() {
        let case = reference::case("binary");
        let auc = roc_auc_score(&case.numbers("truth"), &case.numbers("score")).unwrap();
        case.assert_close("roc_auc", [auc], 1e-15);
    }

    #[test]
    fn extremes_and_a_single_class() {
        assert_eq!(roc_auc_score(&[0, 1], &[0.1, 0.2]).unwrap(), 1.0);
        assert_eq!(roc_auc_score(&[1, 0], &[0.1, 0.2]).unwrap(), 0.0);
        assert_eq!(roc_auc_score(&[1, 0, 0], &[0.3, 0.3, 0.3]).unwrap(), 0.5);
        assert!(matches!(roc_auc_score(&[1, 1], &[0.1, 0.2]), Err(Error::Empty { .. })));
    }

    #[test]
    fn it_counts_ordered_pairs() {
        random_cases::check(256, |random| {
            let samples = random.random_range(2..60);
            let (truth, scores): (Vec<bool>, Vec<u8>) =
                (0..samples).map(|_| (random.random::<bool>(), random.random_range(0..8))).unzip();
            let of = |class: bool| {
                truth.iter().zip(&scores).filter(move |pair| *pair.0 == class).map(|pair| *pair.1).collect::<Vec<_>>()
            };
            let (positives, negatives) = (of(true), of(false));
            if positives.is_empty() || negatives.is_empty() {
                return;
            }
            let pairs = positives.iter().flat_map(|p| negatives.iter().map(move |n| p.cmp(n)));
            let sum: f64 = pairs.map(|order| [0.0, 0.5, 1.0][(order as i8 + 1) as usize]).sum();
            let expected = sum / (positives.len() * negatives.len()) as f64;
            assert!((roc_auc_score(&truth, &scores).unwrap() - expected).abs() < 1e-14);
        });
    }
}
