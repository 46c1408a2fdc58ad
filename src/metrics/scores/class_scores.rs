//! Scores of predicted labels.

use super::class_sums::ClassSums;
use super::labelled::Labelled;
use super::weighted::AsTruth;
use crate::as_column::AsColumn;
use crate::error::Result;

/// The fraction of labels that are predicted correctly.
///
/// ```
/// assert_eq!(perceptra::metrics::accuracy_score(&[0, 1, 2, 2], &[0, 1, 2, 1])?, 0.75);
/// # Ok::<(), perceptra::Error>(())
/// ```
///
/// # Errors
///
/// The errors of [`confusion_matrix`](super::confusion_matrix()) and of [`weighted`](super::weighted()) truth.
///
/// # References
///
/// scikit-learn, *sklearn.metrics.accuracy_score*.
pub fn accuracy_score(y_true: &(impl AsTruth + ?Sized), y_pred: &(impl AsColumn + ?Sized)) -> Result<f64> {
    Ok(Labelled::new(y_true, y_pred)?.accuracy())
}

/// The fraction of true positives among the predicted positives, `TP / (TP + FP)`; 0 if none is predicted.
///
/// Positive is 1 of the labels 0 and 1, or −1 and 1. For other labels choose with
/// [`ConfusionMatrix::one_vs_rest`](super::ConfusionMatrix::one_vs_rest); for more classes see also
/// [`ConfusionMatrix::average`](super::ConfusionMatrix::average).
///
/// ```
/// assert_eq!(perceptra::metrics::precision_score(&[0, 1, 1, 0], &[0, 1, 0, 1])?, 0.5);
/// # Ok::<(), perceptra::Error>(())
/// ```
///
/// # Errors
///
/// The errors of [`accuracy_score`], and [`Error::Argument`](crate::Error::Argument) for other labels and for more than two classes.
///
/// # References
///
/// scikit-learn, *sklearn.metrics.precision_score*.
pub fn precision_score(y_true: &(impl AsTruth + ?Sized), y_pred: &(impl AsColumn + ?Sized)) -> Result<f64> {
    Labelled::new(y_true, y_pred)?.score("precision_score", None, &ClassSums::precision)
}

/// The fraction of the positives that are predicted positive, `TP / (TP + FN)`; 0 if there are no positives.
///
/// Positive is 1 of the labels 0 and 1, or −1 and 1. For other labels choose with
/// [`ConfusionMatrix::one_vs_rest`](super::ConfusionMatrix::one_vs_rest); for more classes see also
/// [`ConfusionMatrix::average`](super::ConfusionMatrix::average).
///
/// ```
/// assert_eq!(perceptra::metrics::recall_score(&[0, 1, 1, 0], &[0, 1, 0, 0])?, 0.5);
/// # Ok::<(), perceptra::Error>(())
/// ```
///
/// # Errors
///
/// The errors of [`precision_score`].
///
/// # References
///
/// scikit-learn, *sklearn.metrics.recall_score*.
pub fn recall_score(y_true: &(impl AsTruth + ?Sized), y_pred: &(impl AsColumn + ?Sized)) -> Result<f64> {
    Labelled::new(y_true, y_pred)?.score("recall_score", None, &ClassSums::recall)
}

/// The harmonic mean of precision and recall: `2·TP / (2·TP + FP + FN)`; 0 if there are neither positives nor predicted positives.
///
/// Positive is 1 of the labels 0 and 1, or −1 and 1. For other labels choose with
/// [`ConfusionMatrix::one_vs_rest`](super::ConfusionMatrix::one_vs_rest); for more classes see also
/// [`ConfusionMatrix::average`](super::ConfusionMatrix::average).
///
/// ```
/// assert_eq!(perceptra::metrics::f1_score(&[0, 1, 1, 0], &[0, 1, 0, 0])?, 2.0 / 3.0);
/// # Ok::<(), perceptra::Error>(())
/// ```
///
/// # Errors
///
/// The errors of [`precision_score`].
///
/// # References
///
/// scikit-learn, *sklearn.metrics.f1_score*.
pub fn f1_score(y_true: &(impl AsTruth + ?Sized), y_pred: &(impl AsColumn + ?Sized)) -> Result<f64> {
    Labelled::new(y_true, y_pred)?.score("f1_score", None, &|class| class.f_beta(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;
    use crate::reference;

    #[test]
    fn scores_are_those_of_the_reference() {
        let case = reference::case("binary");
        let (truth, label) = (case.numbers("truth"), case.numbers("label"));
        case.assert_close("precision", [precision_score(&truth, &label).unwrap()], 1e-15);
        case.assert_close("recall", [recall_score(&truth, &label).unwrap()], 1e-15);
        case.assert_close("f1", [f1_score(&truth, &label).unwrap()], 1e-15);
        case.assert_close("accuracy", [accuracy_score(&truth, &label).unwrap()], 1e-15);
    }

    #[test]
    fn nothing_positive_scores_zero_and_many_classes_are_refused() {
        assert_eq!(precision_score(&[1, 1], &[0, 0]).unwrap(), 0.0);
        assert_eq!(recall_score(&[0, 0], &[1, 0]).unwrap(), 0.0);
        assert_eq!(f1_score(&[0, 0], &[0, 0]).unwrap(), 0.0);
        assert!(matches!(f1_score(&[0, 1, 2], &[0, 1, 2]), Err(Error::Argument { .. })));
        for score in [precision_score, recall_score, f1_score] {
            assert!(matches!(score(&[1, 2], &[1, 2]), Err(Error::Argument { .. })));
            assert_eq!(score(&[-1, 1], &[-1, 1]).unwrap(), 1.0);
        }
    }
}
