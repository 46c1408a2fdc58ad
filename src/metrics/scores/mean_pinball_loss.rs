//! The loss of quantiles.

use super::number_pairs::NumberPairs;
use super::weighted::AsTruth;
use crate::as_column::AsColumn;
use crate::error::{Error, Result};

/// The mean of `max(q·(y − p), (q − 1)·(y − p))`, which is least where `p` is the quantile `q` of `y`; for 0.5 half of the mean absolute error.
///
/// Of several outputs, one in each column, it is the mean.
///
/// ```
/// assert_eq!(perceptra::metrics::mean_pinball_loss(&[1.0, 2.0], &[2.0, 1.0], 0.75)?, 0.5);
/// # Ok::<(), perceptra::Error>(())
/// ```
///
/// # Errors
///
/// [`Error::Rows`](crate::Error::Rows) for different numbers of samples, [`Error::Empty`](crate::Error::Empty) for none,
/// [`Error::NotFinite`](crate::Error::NotFinite) for a number that is NaN or infinite, [`Error::Argument`] for
/// different numbers of columns, a quantile outside `[0, 1]`, and if an error is beyond the range of `f64`.
///
/// # References
///
/// scikit-learn, *sklearn.metrics.mean_pinball_loss*.
pub fn mean_pinball_loss(
    y_true: &(impl AsTruth + ?Sized),
    y_pred: &(impl AsColumn + ?Sized),
    quantile: f64,
) -> Result<f64> {
    if !(0.0..=1.0).contains(&quantile) {
        return Err(Error::argument("mean_pinball_loss", "quantile", quantile, "a number from 0 to 1"));
    }
    let loss = |y: f64, p: f64| if y >= p { quantile * (y - p) } else { (1.0 - quantile) * (p - y) };
    NumberPairs::new("mean_pinball_loss", y_true, y_pred)?.mean(&|output| output.mean(&loss))
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
        for (field, quantile) in [("pinball_0.1", 0.1), ("pinball_0.9", 0.9)] {
            let found = [
                mean_pinball_loss(&truth, &predicted, quantile),
                mean_pinball_loss(&weighted(&truth, &weights), &predicted, quantile),
            ];
            case.assert_close(field, found.map(Result::unwrap), 1e-10);
        }
    }

    #[test]
    fn the_quantile_is_from_zero_to_one() {
        for wrong in [-0.1, 1.1, f64::NAN] {
            assert!(matches!(
                mean_pinball_loss(&[1.0], &[2.0], wrong),
                Err(Error::Argument { argument: "quantile", .. })
            ));
        }
        assert_eq!(mean_pinball_loss(&[1.0], &[2.0], 1.0).unwrap(), 0.0);
    }
}
