//! The coefficient of determination.

use super::explained_fraction::{MultiOutput, explained};
use super::number_pairs::NumberPairs;
use super::weighted::AsTruth;
use crate::as_column::AsColumn;
use crate::error::{Error, Result};

/// The fraction of the variance of the truth that predictions explain: `R² = 1 − Σ (p − y)² / Σ (y − ȳ)²`.
///
/// It is 1 for perfect predictions, 0 for predicting the mean, and negative for worse predictions. For a constant truth it is 1 for
/// perfect predictions, otherwise 0. For several outputs, one in each column, it is the mean.
///
/// ```
/// assert_eq!(perceptra::metrics::r2_score(&[1.0, 2.0, 3.0], &[1.0, 2.0, 4.0])?, 0.5);
/// # Ok::<(), perceptra::Error>(())
/// ```
///
/// # Errors
///
/// The errors of [`mean_absolute_error`](super::mean_absolute_error()), and [`Error::Argument`] for fewer than two samples that count.
///
/// # References
///
/// scikit-learn, *sklearn.metrics.r2_score*.
pub fn r2_score(y_true: &(impl AsTruth + ?Sized), y_pred: &(impl AsColumn + ?Sized)) -> Result<f64> {
    r2(y_true, y_pred, MultiOutput::UniformAverage)
}

pub(crate) fn r2(
    y_true: &(impl AsTruth + ?Sized),
    y_pred: &(impl AsColumn + ?Sized),
    multi_output: MultiOutput,
) -> Result<f64> {
    let pairs = NumberPairs::new("r2_score", y_true, y_pred)?;
    if pairs.samples() < 2 {
        let expected = "at least two samples, since a single one has no variance; take mean_absolute_error";
        return Err(Error::argument("r2_score", "y_true", "of one sample", expected));
    }
    explained(&pairs, multi_output, &|output| output.mean(&|y, p| (p - y).powi(2)))
}

#[cfg(test)]
mod tests {
    use super::super::weighted::weighted;
    use super::*;
    use crate::reference;
    use nalgebra::DMatrix;

    #[test]
    fn it_is_that_of_the_reference() {
        let case = reference::case("scores_numbers");
        let (truth, predicted, weights) = (case.matrix("truth"), case.matrix("predicted"), case.numbers("weights"));
        for (field, multi_output) in
            [("r2_score", MultiOutput::UniformAverage), ("r2_score_variance", MultiOutput::VarianceWeighted)]
        {
            let found =
                [r2(&truth, &predicted, multi_output), r2(&weighted(&truth, &weights), &predicted, multi_output)];
            case.assert_close(field, found.map(Result::unwrap), 1e-10);
        }
        let (truth, predicted) = (truth.column(0), predicted.column(0));
        let found = [r2_score(&truth, &predicted), r2_score(&weighted(&truth, &weights), &predicted)];
        case.assert_close("r2_score_one", found.map(Result::unwrap), 1e-10);
    }

    #[test]
    fn a_constant_truth_is_explained_or_not() {
        let case = reference::case("scores_constant");
        let found = [[1.5, 1.5, 1.5], [1.5, 1.5, 1.0]].map(|predicted| r2_score(&[1.5; 3], &predicted).unwrap());
        case.assert_close("r2", found, 1e-10);
        // The mean of such numbers is not one of them.
        assert_eq!(r2_score(&[0.1; 7], &[0.1, 0.2, 0.1, 0.1, 0.1, 0.1, 0.1]).unwrap(), 0.0);
        let (truth, predicted) = (DMatrix::from_element(3, 2, 1.0), DMatrix::from_element(3, 2, 2.0));
        assert_eq!(r2(&truth, &predicted, MultiOutput::VarianceWeighted).unwrap(), 0.0);
    }

    #[test]
    fn one_sample_has_no_variance() {
        assert!(matches!(r2_score(&[1.0], &[1.0]), Err(Error::Argument { .. })));
        assert!(matches!(r2_score(&weighted(&[1.0, 2.0], &[1, 0]), &[1.0, 2.0]), Err(Error::Argument { .. })));
    }
}
