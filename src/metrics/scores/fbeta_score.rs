//! Precision and recall in one number.

use super::labelled::Labelled;
use super::weighted::AsTruth;
use crate::as_column::AsColumn;
use crate::error::{Error, Result};

/// Precision and recall combined, recall counting β times as much: `(1 + β²)·TP / ((1 + β²)·TP + FP + β²·FN)`.
///
/// 1 is [`f1_score`](super::f1_score()), 0 precision. Positive is 1 of the labels 0 and 1, or −1 and 1.
///
/// ```
/// use perceptra::metrics::fbeta_score;
///
/// assert_eq!(fbeta_score(&[0, 1, 1, 0], &[0, 1, 0, 0], 2.0)?, 5.0 / 9.0);
/// # Ok::<(), perceptra::Error>(())
/// ```
///
/// # Errors
///
/// The errors of [`precision_score`](super::precision_score()), and [`Error::Argument`] for a β that is negative, NaN or infinite.
///
/// # References
///
/// scikit-learn, *sklearn.metrics.fbeta_score*.
pub fn fbeta_score(y_true: &(impl AsTruth + ?Sized), y_pred: &(impl AsColumn + ?Sized), beta: f64) -> Result<f64> {
    if !beta.is_finite() || beta < 0.0 {
        return Err(Error::argument(
            "fbeta_score",
            "beta",
            beta,
            "a finite number of at least 0, the weight of recall",
        ));
    }
    Labelled::new(y_true, y_pred)?.score("fbeta_score", None, &|class| class.f_beta(beta))
}

#[cfg(test)]
mod tests {
    use super::super::class_scores::{accuracy_score, precision_score, recall_score};
    use super::super::weighted::weighted;
    use super::*;
    use crate::reference;

    #[test]
    fn scores_of_labels_are_those_of_the_reference() {
        let case = reference::case("scores_binary");
        let (truth, label, weights) = (case.numbers("truth"), case.numbers("label"), case.numbers("weights"));
        let weighted = weighted(&truth, &weights);
        let found = [0.0, 0.5, 1.0, 2.0].map(|beta| fbeta_score(&truth, &label, beta).unwrap());
        case.assert_close("fbeta", found, 1e-10);
        let found = [0.0, 0.5, 1.0, 2.0].map(|beta| fbeta_score(&weighted, &label, beta).unwrap());
        case.assert_close("fbeta_weighted", found, 1e-10);
        let found =
            [accuracy_score(&weighted, &label), precision_score(&weighted, &label), recall_score(&weighted, &label)];
        case.assert_close("accuracy_precision_recall_weighted", found.map(Result::unwrap), 1e-10);
    }

    #[test]
    fn beta_is_finite_and_not_negative() {
        for wrong in [-1.0, f64::NAN, f64::INFINITY] {
            assert!(matches!(fbeta_score(&[0, 1], &[0, 1], wrong), Err(Error::Argument { argument: "beta", .. })));
        }
        assert_eq!(fbeta_score(&[0, 1, 1], &[1, 1, 0], 1e300).unwrap(), 0.5);
    }
}
