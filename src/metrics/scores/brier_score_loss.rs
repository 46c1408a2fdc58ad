//! The squared error of probabilities.

use super::paired::weighted_mean;
use super::scored_classes::ScoredClasses;
use super::weighted::AsTruth;
use crate::as_column::AsColumn;
use crate::error::Result;

/// The mean squared error of probabilities: `(p − y)²` for two classes, `Σₖ (pₖ − yₖ)²` for more.
///
/// `y_true` holds class indices; `y_prob` has one column, the probability of class 1 of two, or a column for each class. The sum over two
/// classes is halved, so that one and two columns have the same result; the sum over more classes is not, as with scikit-learn's
/// `scale_by_half="auto"`.
///
/// ```
/// use perceptra::dmatrix;
/// use perceptra::metrics::brier_score_loss;
///
/// assert_eq!(brier_score_loss(&[1, 0], &[0.5, 0.5])?, 0.25);
/// assert_eq!(brier_score_loss(&[2], &dmatrix![0.25, 0.25, 0.5])?, 0.375);
/// # Ok::<(), perceptra::Error>(())
/// ```
///
/// # Errors
///
/// The errors of [`log_loss`](super::log_loss()).
///
/// # References
///
/// G. W. Brier, *Verification of forecasts expressed in terms of probability* (1950); scikit-learn, *sklearn.metrics.brier_score_loss*.
pub fn brier_score_loss(y_true: &(impl AsTruth + ?Sized), y_prob: &(impl AsColumn + ?Sized)) -> Result<f64> {
    let classes = ScoredClasses::new("brier_score_loss", y_true, y_prob)?.probabilities("brier_score_loss")?;
    let count = classes.classes();
    let scale = if count == 2 { 0.5 } else { 1.0 };
    let errors = classes.labels.iter().enumerate().map(|(row, &label)| {
        let error = |class: usize| classes.score(row, class) - f64::from(u8::from(class == label));
        scale * (0..count).map(|class| error(class).powi(2)).sum::<f64>()
    });
    Ok(weighted_mean(errors, &classes.weights))
}

#[cfg(test)]
mod tests {
    use super::super::weighted::weighted;
    use super::*;
    use crate::reference;
    use nalgebra::DMatrix;

    #[test]
    fn it_is_that_of_the_reference() {
        let case = reference::case("scores_binary");
        let (truth, score, weights) = (case.numbers("truth"), case.numbers("score"), case.numbers("weights"));
        case.assert_close("brier", [brier_score_loss(&truth, &score).unwrap()], 1e-10);
        case.assert_close("brier_weighted", [brier_score_loss(&weighted(&truth, &weights), &score).unwrap()], 1e-10);
        let both =
            DMatrix::from_fn(score.len(), 2, |row, class| if class == 1 { score[row] } else { 1.0 - score[row] });
        case.assert_close("brier", [brier_score_loss(&truth, &both).unwrap()], 1e-10);
        let case = reference::case("scores_multiclass");
        let (truth, score, weights) = (case.numbers("truth"), case.matrix("score"), case.numbers("weights"));
        case.assert_close("brier", [brier_score_loss(&truth, &score).unwrap()], 1e-10);
        case.assert_close("brier_weighted", [brier_score_loss(&weighted(&truth, &weights), &score).unwrap()], 1e-10);
    }
}
