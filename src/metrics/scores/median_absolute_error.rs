//! The median distance of predictions.

use super::number_pairs::{NumberPairs, Output};
use super::weighted::AsTruth;
use crate::as_column::AsColumn;
use crate::error::Result;

/// The median of `|p − y|`, which outliers do not change.
///
/// Of an even number of samples it is the mean of the two in the middle; with weights it is the smallest error at which the cumulative
/// weight reaches half of the total, or, if it is exactly half, the mean of that error and the next.
///
/// Of several outputs, one in each column, it is the mean.
///
/// ```
/// assert_eq!(perceptra::metrics::median_absolute_error(&[1.0, 2.0, 3.0], &[1.5, 3.0, 90.0])?, 1.0);
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
/// scikit-learn, *sklearn.metrics.median_absolute_error*.
pub fn median_absolute_error(y_true: &(impl AsTruth + ?Sized), y_pred: &(impl AsColumn + ?Sized)) -> Result<f64> {
    NumberPairs::new("median_absolute_error", y_true, y_pred)?.mean(&median)
}

/// The weighted median, as scikit-learn's `_weighted_percentile` with `average`.
fn median(output: &Output<'_>) -> f64 {
    let errors = output.truth.iter().zip(output.predicted).map(|(y, p)| (p - y).abs());
    let mut errors: Vec<(f64, f64)> = errors
        .zip(output.weights)
        .map(|(error, weight)| (error, *weight))
        .filter(|(_, weight)| *weight > 0.0)
        .collect();
    errors.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    let half = errors.iter().map(|(_, weight)| weight).sum::<f64>() / 2.0;
    let mut below = 0.0;
    for (at, (error, weight)) in errors.iter().enumerate() {
        below += weight;
        if below >= half {
            // Where exactly half of the weight is below, the median is in the middle.
            let next =
                if below - half > f64::EPSILON { *error } else { errors.get(at + 1).map_or(*error, |next| next.0) };
            return error / 2.0 + next / 2.0;
        }
    }
    errors.last().map_or(f64::NAN, |(error, _)| *error)
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
            [median_absolute_error(&truth, &predicted), median_absolute_error(&weighted(&truth, &weights), &predicted)];
        case.assert_close("median_absolute_error", found.map(Result::unwrap), 1e-10);
        let (truth, predicted) = (truth.column(0), predicted.column(0));
        let found =
            [median_absolute_error(&truth, &predicted), median_absolute_error(&weighted(&truth, &weights), &predicted)];
        case.assert_close("median_absolute_error_one", found.map(Result::unwrap), 1e-10);
    }

    #[test]
    fn a_weight_of_two_is_two_samples() {
        let found = median_absolute_error(&weighted(&[0.0; 4], &[2, 1, 0, 1]), &[1.0, 3.0, 70.0, 9.0]).unwrap();
        assert_eq!(found, median_absolute_error(&[0.0; 4], &[1.0, 1.0, 3.0, 9.0]).unwrap());
        assert_eq!(found, 2.0);
        let found = median_absolute_error(&weighted(&[0.0; 2], &[0.5, 0.25]), &[1.0, 3.0]).unwrap();
        assert_eq!(found, 1.0);
    }
}
