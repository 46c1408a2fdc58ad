//! The negative log-likelihood of classes.

use super::paired::weighted_mean;
use super::scored_classes::ScoredClasses;
use super::weighted::AsTruth;
use crate::as_column::AsColumn;
use crate::error::Result;

/// The mean of `−ln p(true class)`: crossentropy, the negative log-likelihood per sample.
///
/// `y_true` holds class indices; `y_prob` has one column, the probability of class 1 of two, or a column for each class. Probabilities
/// are limited to `[ε, 1 − ε]` with the precision ε of `f64`, so that a certain error costs 36.04 and not infinity.
///
/// ```
/// use perceptra::dmatrix;
/// use perceptra::metrics::log_loss;
///
/// assert!((log_loss(&[1, 0], &[0.5, 0.5])? - 2_f64.ln()).abs() < 1e-15);
/// assert!((log_loss(&[2], &dmatrix![0.25, 0.25, 0.5])? - 2_f64.ln()).abs() < 1e-15);
/// # Ok::<(), perceptra::Error>(())
/// ```
///
/// # Errors
///
/// [`Error::Rows`](crate::Error::Rows) for different numbers of samples, [`Error::Empty`](crate::Error::Empty) for none,
/// [`Error::Target`](crate::Error::Target) for a label without a column, [`Error::NotFinite`](crate::Error::NotFinite) and
/// [`Error::Argument`](crate::Error::Argument) for values outside [0, 1], and for rows of several classes that do not sum to 1.
///
/// # References
///
/// scikit-learn, *sklearn.metrics.log_loss*.
pub fn log_loss(y_true: &(impl AsTruth + ?Sized), y_prob: &(impl AsColumn + ?Sized)) -> Result<f64> {
    let classes = ScoredClasses::new("log_loss", y_true, y_prob)?.probabilities("log_loss")?;
    let losses = classes.labels.iter().enumerate().map(|(row, &label)| {
        let p = classes.score(row, label);
        -p.clamp(f64::EPSILON, 1.0 - f64::EPSILON).ln()
    });
    Ok(weighted_mean(losses, &classes.weights))
}

#[cfg(test)]
mod tests {
    use super::super::weighted::weighted;
    use super::*;
    use crate::reference;

    #[test]
    fn it_is_that_of_the_reference() {
        let case = reference::case("scores_binary");
        let (truth, score, weights) = (case.numbers("truth"), case.numbers("score"), case.numbers("weights"));
        case.assert_close("log_loss", [log_loss(&truth, &score).unwrap()], 1e-10);
        case.assert_close("log_loss_weighted", [log_loss(&weighted(&truth, &weights), &score).unwrap()], 1e-10);
        let case = reference::case("scores_multiclass");
        let (truth, score, weights) = (case.numbers("truth"), case.matrix("score"), case.numbers("weights"));
        case.assert_close("log_loss", [log_loss(&truth, &score).unwrap()], 1e-10);
        case.assert_close("log_loss_weighted", [log_loss(&weighted(&truth, &weights), &score).unwrap()], 1e-10);
    }

    #[test]
    fn certain_errors_are_finite_and_one_class_is_enough() {
        let case = reference::case("scores_extreme");
        let found = log_loss(&case.numbers("truth"), &case.numbers("score")).unwrap();
        case.assert_close("log_loss", [found], 1e-10);
        assert!((log_loss(&[1, 1], &[0.5, 0.5]).unwrap() - 2_f64.ln()).abs() < 1e-15);
    }
}
