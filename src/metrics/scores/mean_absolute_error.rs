//! The mean distance of predictions.

use super::number_pairs::NumberPairs;
use super::weighted::AsTruth;
use crate::as_column::AsColumn;
use crate::error::Result;

/// The mean of `|p − y|`.
///
/// Of several outputs, one in each column, it is the mean.
///
/// ```
/// assert_eq!(perceptra::metrics::mean_absolute_error(&[1.0, 2.0, 3.0], &[1.0, 3.0, 5.0])?, 1.0);
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
/// scikit-learn, *sklearn.metrics.mean_absolute_error*.
pub fn mean_absolute_error(y_true: &(impl AsTruth + ?Sized), y_pred: &(impl AsColumn + ?Sized)) -> Result<f64> {
    NumberPairs::new("mean_absolute_error", y_true, y_pred)?.mean(&|output| output.mean(&|y, p| (p - y).abs()))
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
        let found =
            [mean_absolute_error(&truth, &predicted), mean_absolute_error(&weighted(&truth, &weights), &predicted)];
        case.assert_close("mean_absolute_error", found.map(Result::unwrap), 1e-10);
        let (truth, predicted) = (truth.column(0), predicted.column(0));
        let found =
            [mean_absolute_error(&truth, &predicted), mean_absolute_error(&weighted(&truth, &weights), &predicted)];
        case.assert_close("mean_absolute_error_one", found.map(Result::unwrap), 1e-10);
    }
}
