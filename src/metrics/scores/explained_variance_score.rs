//! The explained variance.

use super::explained_fraction::{MultiOutput, explained, variance};
use super::number_pairs::NumberPairs;
use super::weighted::AsTruth;
use crate::as_column::AsColumn;
use crate::error::Result;

/// The fraction of the variance of the truth that predictions explain up to a constant: `1 − Var(y − p) / Var(y)`.
///
/// Like [`r2_score`](super::r2_score()), except that a constant bias of the predictions is ignored. For a constant truth it is 1 if the
/// error is constant too, otherwise 0. For several outputs, one in each column, it is the mean.
///
/// ```
/// assert_eq!(perceptra::metrics::explained_variance_score(&[1.0, 2.0, 3.0], &[2.0, 3.0, 4.0])?, 1.0);
/// # Ok::<(), perceptra::Error>(())
/// ```
///
/// # Errors
///
/// The errors of [`mean_absolute_error`](super::mean_absolute_error()).
///
/// # References
///
/// scikit-learn, *sklearn.metrics.explained_variance_score*.
pub fn explained_variance_score(y_true: &(impl AsTruth + ?Sized), y_pred: &(impl AsColumn + ?Sized)) -> Result<f64> {
    explained_variance(y_true, y_pred, MultiOutput::UniformAverage)
}

pub(crate) fn explained_variance(
    y_true: &(impl AsTruth + ?Sized),
    y_pred: &(impl AsColumn + ?Sized),
    multi_output: MultiOutput,
) -> Result<f64> {
    let pairs = NumberPairs::new("explained_variance_score", y_true, y_pred)?;
    explained(&pairs, multi_output, &|output| {
        let errors: Vec<f64> = output.truth.iter().zip(output.predicted).map(|(y, p)| y - p).collect();
        variance(&errors, output.weights)
    })
}

#[cfg(test)]
mod tests {
    use super::super::weighted::weighted;
    use super::*;
    use crate::reference;

    #[test]
    fn it_is_that_of_the_reference() {
        let case = reference::case("scores_numbers");
        let (truth, predicted, weights) = (case.matrix("truth"), case.matrix("predicted"), case.numbers("weights"));
        for (field, multi_output) in [
            ("explained_variance_score", MultiOutput::UniformAverage),
            ("explained_variance_score_variance", MultiOutput::VarianceWeighted),
        ] {
            let found = [
                explained_variance(&truth, &predicted, multi_output),
                explained_variance(&weighted(&truth, &weights), &predicted, multi_output),
            ];
            case.assert_close(field, found.map(Result::unwrap), 1e-10);
        }
    }

    #[test]
    fn a_bias_does_not_count_and_a_constant_truth_is_explained_or_not() {
        let case = reference::case("scores_constant");
        let found = [[1.0, 1.0, 1.0], [1.5, 1.5, 1.0]].map(|p| explained_variance_score(&[1.5; 3], &p).unwrap());
        case.assert_close("explained_variance", found, 1e-10);
    }
}
