//! The mean relative distance of predictions.

use super::number_pairs::NumberPairs;
use super::weighted::AsTruth;
use crate::as_column::AsColumn;
use crate::error::Result;

/// The mean of `|p − y| / |y|`, as a fraction: 0.1 is ten percent.
///
/// A truth of 0 is taken to be the precision of `f64`, 2.2e-16, so that any error there is very large.
///
/// Of several outputs, one in each column, it is the mean.
///
/// ```
/// assert_eq!(perceptra::metrics::mean_absolute_percentage_error(&[1.0, 2.0], &[1.5, 2.0])?, 0.25);
/// # Ok::<(), perceptra::Error>(())
/// ```
///
/// # Errors
///
/// [`Error::Rows`](crate::Error::Rows) for different numbers of samples, [`Error::Empty`](crate::Error::Empty) for none,
/// [`Error::NotFinite`](crate::Error::NotFinite) for a number that is NaN or infinite, [`Error::Argument`](crate::Error::Argument) for
/// different numbers of columns, and if an error is beyond the range of `f64`.
///
/// # References
///
/// scikit-learn, *sklearn.metrics.mean_absolute_percentage_error*.
pub fn mean_absolute_percentage_error(
    y_true: &(impl AsTruth + ?Sized),
    y_pred: &(impl AsColumn + ?Sized),
) -> Result<f64> {
    let pairs = NumberPairs::new("mean_absolute_percentage_error", y_true, y_pred)?;
    pairs.mean(&|output| output.mean(&|y, p| (p - y).abs() / y.abs().max(f64::EPSILON)))
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
        let found = [
            mean_absolute_percentage_error(&truth, &predicted),
            mean_absolute_percentage_error(&weighted(&truth, &weights), &predicted),
        ];
        case.assert_close("mean_absolute_percentage_error", found.map(Result::unwrap), 1e-10);
        let (truth, predicted) = (truth.column(0), predicted.column(0));
        let found = [
            mean_absolute_percentage_error(&truth, &predicted),
            mean_absolute_percentage_error(&weighted(&truth, &weights), &predicted),
        ];
        case.assert_close("mean_absolute_percentage_error_one", found.map(Result::unwrap), 1e-10);
    }

    #[test]
    fn an_error_at_zero_is_large_and_none_is_nothing() {
        assert_eq!(mean_absolute_percentage_error(&[0.0, 1.0], &[0.0, 1.0]).unwrap(), 0.0);
        assert_eq!(mean_absolute_percentage_error(&[0.0], &[1.0]).unwrap(), 1.0 / f64::EPSILON);
    }
}
