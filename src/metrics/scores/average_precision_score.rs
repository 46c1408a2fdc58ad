//! The precision–recall curve in one number.

use super::precision_recall_curve::precision_recall_curve;
use crate::as_column::AsColumn;
use crate::error::Result;

/// The mean of the precisions at all thresholds, weighted with the rise of recall.
///
/// `AP = Σ (Rₖ − Rₖ₋₁) · Pₖ`, without interpolation. For uninformative scores it is the fraction of positives.
///
/// `y_true` holds 0 and 1, `y_score` probabilities or any other scores.
///
/// ```
/// use perceptra::metrics::average_precision_score;
///
/// let score = average_precision_score(&[0, 0, 1, 1], &[0.1, 0.4, 0.35, 0.8])?;
/// assert!((score - 5.0 / 6.0).abs() < 1e-15);
/// # Ok::<(), perceptra::Error>(())
/// ```
///
/// # Errors
///
/// As [`precision_recall_curve`](super::precision_recall_curve()).
///
/// # References
///
/// scikit-learn, *sklearn.metrics.average_precision_score*.
pub fn average_precision_score(y_true: &(impl AsColumn + ?Sized), y_score: &(impl AsColumn + ?Sized)) -> Result<f64> {
    let curve = precision_recall_curve(y_true, y_score)?;
    let rises = curve.recall.windows(2).map(|pair| pair[0] - pair[1]);
    Ok(rises.zip(&curve.precision).map(|(rise, precision)| rise * precision).sum())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference;

    #[test]
    fn it_is_that_of_the_reference() {
        let case = reference::case("binary");
        let score = average_precision_score(&case.numbers("truth"), &case.numbers("score")).unwrap();
        case.assert_close("average_precision", [score], 1e-14);
    }

    #[test]
    fn uninformative_scores_have_the_fraction_of_positives() {
        assert_eq!(average_precision_score(&[0, 1, 0, 0], &[0.5; 4]).unwrap(), 0.25);
    }
}
