//! The largest distance of predictions.

use super::number_pairs::NumberPairs;
use super::weighted::AsTruth;
use crate::as_column::AsColumn;
use crate::error::Result;

/// The largest `|p − y|`. Weights count only in so far as samples of weight 0 are left out.
///
/// Of several outputs, one in each column, it is the mean.
///
/// ```
/// assert_eq!(perceptra::metrics::max_error(&[1.0, 2.0, 3.0], &[1.0, 3.0, 5.0])?, 2.0);
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
/// scikit-learn, *sklearn.metrics.max_error*.
pub fn max_error(y_true: &(impl AsTruth + ?Sized), y_pred: &(impl AsColumn + ?Sized)) -> Result<f64> {
    NumberPairs::new("max_error", y_true, y_pred)?.mean(&|output| {
        let counted = (0..output.truth.len()).filter(|&row| output.weights[row] > 0.0);
        counted.map(|row| (output.predicted[row] - output.truth[row]).abs()).fold(0.0, f64::max)
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
        let (truth, predicted) = (case.matrix("truth"), case.matrix("predicted"));
        case.assert_close("max_error_one", [max_error(&truth.column(0), &predicted.column(0)).unwrap()], 1e-10);
        assert_eq!(max_error(&weighted(&[0.0, 0.0], &[0, 1]), &[5.0, 1.0]).unwrap(), 1.0);
    }
}
