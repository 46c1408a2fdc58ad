//! The area under the ROC curve, from −1 to 1.

use super::roc_auc_score::roc_auc_score;
use super::weighted::AsTruth;
use crate::as_column::AsColumn;
use crate::error::Result;

/// The coefficient of Gini for scores: `2·AUC − 1`, 0 for chance, 1 for perfect and −1 for reversed order.
///
/// It is Somers' D of the scores, and the accuracy ratio of credit scoring.
///
/// `y_true` holds 0 and 1, `y_score` probabilities or any other scores.
///
/// ```
/// assert_eq!(perceptra::metrics::gini(&[0, 0, 1, 1], &[0.1, 0.4, 0.35, 0.8])?, 0.5);
/// # Ok::<(), perceptra::Error>(())
/// ```
///
/// # Errors
///
/// The errors of [`roc_auc_score`].
///
/// # References
///
/// B. Engelmann, E. Hayden and D. Tasche, *Measuring the discriminative power of rating systems* (2003).
pub fn gini(y_true: &(impl AsTruth + ?Sized), y_score: &(impl AsColumn + ?Sized)) -> Result<f64> {
    Ok(2.0 * roc_auc_score(y_true, y_score)? - 1.0)
}

#[cfg(test)]
mod tests {
    use super::super::weighted::weighted;
    use super::*;
    use crate::reference;

    #[test]
    fn it_follows_from_the_area_of_the_reference() {
        let case = reference::case("scores_binary");
        let (truth, score, weights) = (case.numbers("truth"), case.numbers("score"), case.numbers("weights"));
        case.assert_close("gini", [gini(&truth, &score).unwrap()], 1e-10);
        case.assert_close("gini_weighted", [gini(&weighted(&truth, &weights), &score).unwrap()], 1e-10);
        assert_eq!(gini(&[1, 0], &[0.1, 0.2]).unwrap(), -1.0);
    }
}
