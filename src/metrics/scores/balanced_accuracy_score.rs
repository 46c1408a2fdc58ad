//! Accuracy that counts every class equally.

use super::labelled::Labelled;
use super::weighted::AsTruth;
use crate::as_column::AsColumn;
use crate::error::{Error, Result};

/// The mean of the classes' recalls: accuracy where every class of the truth counts equally.
///
/// For `K` classes, labels drawn at random score `1/K`.
///
/// ```
/// use perceptra::metrics::balanced_accuracy_score;
///
/// assert_eq!(balanced_accuracy_score(&[0, 0, 0, 1], &[0, 0, 0, 0])?, 0.5);
/// # Ok::<(), perceptra::Error>(())
/// ```
///
/// # Errors
///
/// The errors of [`accuracy_score`](super::accuracy_score()).
///
/// # References
///
/// scikit-learn, *sklearn.metrics.balanced_accuracy_score*.
pub fn balanced_accuracy_score(y_true: &(impl AsTruth + ?Sized), y_pred: &(impl AsColumn + ?Sized)) -> Result<f64> {
    balanced_accuracy(y_true, y_pred, false)
}

/// The mean of the classes' recalls; if `adjusted`, rescaled so that labels drawn at random score 0: `(s − 1/K)/(1 − 1/K)`.
pub(crate) fn balanced_accuracy(
    y_true: &(impl AsTruth + ?Sized),
    y_pred: &(impl AsColumn + ?Sized),
    adjusted: bool,
) -> Result<f64> {
    let classes = Labelled::new(y_true, y_pred)?.classes();
    let recalls: Vec<f64> = classes.iter().filter(|class| class.support() > 0.0).map(|class| class.recall()).collect();
    let score = recalls.iter().sum::<f64>() / recalls.len() as f64;
    if !adjusted {
        return Ok(score);
    }
    if recalls.len() < 2 {
        let advice = "compared with chance there have to be two classes; take it without adjusted".into();
        return Err(Error::Empty { what: "balanced_accuracy_score: all classes of y_true but one".into(), advice });
    }
    let chance = 1.0 / recalls.len() as f64;
    Ok((score - chance) / (1.0 - chance))
}

#[cfg(test)]
mod tests {
    use super::super::weighted::weighted;
    use super::*;
    use crate::reference;

    #[test]
    fn it_is_that_of_the_reference() {
        for case in reference::case("scores_labels").list("cases") {
            let (truth, label, weights) = (case.numbers("truth"), case.numbers("label"), case.numbers("weights"));
            let both = |adjusted| {
                let weighted = weighted(&truth, &weights);
                [balanced_accuracy(&truth, &label, adjusted), balanced_accuracy(&weighted, &label, adjusted)]
                    .map(Result::unwrap)
            };
            case.assert_close("balanced_accuracy", both(false), 1e-10);
            case.assert_close("balanced_accuracy_adjusted", both(true), 1e-10);
        }
    }

    #[test]
    fn one_class_has_its_recall_and_no_chance() {
        assert_eq!(balanced_accuracy_score(&[1, 1], &[1, 0]).unwrap(), 0.5);
        assert!(matches!(balanced_accuracy(&[1, 1], &[1, 0], true), Err(Error::Empty { .. })));
    }
}
