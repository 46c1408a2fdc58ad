use super::reliability_diagram::{BinEdges, bin_of};
use crate::Result;
use crate::bootstrap::{BootstrapInterval, resampled};
use crate::error::Error;
use crate::scores::{BinaryRows, ScoreInput};

/// The expected calibration error with `bins` bins of equal width, with its bootstrap standard error and 95% interval.
///
/// `ECE = Σₖ wₖ/W · |observedₖ − predictedₖ|`, with the weight `wₖ` of the rows in bin k, the sum `W` of all weights, the fraction of positives
/// `observedₖ` and the mean probability `predictedₖ`. `resamples` is the number of bootstrap samples, from 1 to 100,000 (usually 200); the
/// same seed gives the same bits. The estimate is biased upwards: sampling noise makes it positive even for calibrated predictions,
/// the more so the more bins there are. Resampling adds noise again, so that the interval can be above a small true error.
///
/// ```
/// use nalgebra::DMatrix;
/// use perceptra::calibration::expected_calibration_error;
/// use perceptra::scores::{ScoreInput, Truth};
///
/// let p = DMatrix::from_element(100, 1, 0.3);
/// let labels: Vec<usize> = (0..100).map(|row| usize::from(row < 40)).collect();
/// let input = ScoreInput::new(Truth::Classes { labels: &labels, n_classes: 2 }, &p);
/// let error = expected_calibration_error(&input, 10, 200, 1)?;
/// assert!((error.estimate - 0.1).abs() < 1e-12 && error.low < 0.1 && error.high > 0.1);
/// # Ok::<(), perceptra::Error>(())
/// ```
///
/// # Errors
///
/// The errors of [`reliability_diagram`](super::reliability_diagram()), and [`Error::Argument`] for a number of resamples out of range.
///
/// # References
///
/// C. Guo et al., *On calibration of modern neural networks*, 2017.
pub fn expected_calibration_error(
    input: &ScoreInput<'_>,
    bins: usize,
    resamples: usize,
    seed: u64,
) -> Result<BootstrapInterval> {
    let item = "expected_calibration_error";
    let rows = BinaryRows::new(item, input, false)?;
    let inner = BinEdges::Uniform(bins).inner(item, &rows.probability)?;
    if !(1..=100_000).contains(&resamples) {
        return Err(Error::argument(item, "resamples", resamples, "from 1 to 100,000"));
    }
    let of_row: Vec<usize> = rows.probability.iter().map(|p| bin_of(&inner, *p)).collect();
    let error = |counts: &dyn Fn(usize) -> f64| {
        let (mut differences, mut total) = (vec![0.0; bins], 0.0);
        for (row, (positive, p, weight)) in rows.iter().enumerate() {
            let weight = weight * counts(row);
            differences[of_row[row]] += weight * (f64::from(u8::from(positive)) - p);
            total += weight;
        }
        differences.iter().map(|difference| difference.abs()).sum::<f64>() / total
    };
    let found = resampled(of_row.len(), resamples, seed, |counts| error(&|row| counts[row]));
    Ok(BootstrapInterval::from_resamples(error(&|_| 1.0), &found))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference;
    use crate::scores::Truth;
    use nalgebra::DMatrix;

    #[test]
    fn it_is_that_of_the_reference_with_an_interval_by_the_seed() {
        let case = reference::case("calibration_curve");
        let (labels, p) = (case.indices("truth"), case.numbers("p"));
        let p = DMatrix::from_vec(p.len(), 1, p);
        let input = ScoreInput::new(Truth::Classes { labels: &labels, n_classes: 2 }, &p);
        let error = expected_calibration_error(&input, 10, 100, 1).unwrap();
        case.assert_close("uniform_error", [error.estimate], 1e-12);
        assert!(error.standard_error > 0.0 && error.low < error.high);
        assert_eq!(error, expected_calibration_error(&input, 10, 100, 1).unwrap());
        assert_ne!(error, expected_calibration_error(&input, 10, 100, 2).unwrap());
        assert!(expected_calibration_error(&input, 10, 0, 1).is_err());
        assert!(expected_calibration_error(&input, 0, 10, 1).is_err());
    }

    #[test]
    fn one_bin_has_the_known_standard_error() {
        let p = DMatrix::from_element(400, 1, 0.1);
        let labels: Vec<usize> = (0..400).map(|row| usize::from(row % 4 == 0)).collect();
        let input = ScoreInput::new(Truth::Classes { labels: &labels, n_classes: 2 }, &p);
        let error = expected_calibration_error(&input, 5, 1000, 3).unwrap();
        let expected = (0.25f64 * 0.75 / 400.0).sqrt();
        assert!((error.standard_error / expected - 1.0).abs() < 0.1, "{error:?}");
    }
}
