use super::conformal::rank;
use crate::{Error, Result};

/// The CV+ prediction interval for one new record; jackknife+ is the special case with one row per fold.
///
/// `low = −Q(−(μ₋ₖ₍ᵢ₎(x) − Rᵢ))`, `high = Q(μ₋ₖ₍ᵢ₎(x) + Rᵢ)` with the ⌈(n + 1)(1 − α)⌉-th smallest number Q, the residual
/// `Rᵢ = |yᵢ − ŷᵢ|` of each training row by the model of the fold in which it was tested, and that model's prediction for the new
/// record. The interval contains the true value with probability at least 1 − 2α, and usually about 1 − α, without held-out rows.
///
/// - `residuals`, `folds`: the residual of each training row and the index of its fold.
/// - `predictions`: the prediction for the new record by the model of each fold.
///
/// ```
/// use perceptra::decisions::jackknife_plus;
///
/// let [low, high] = jackknife_plus(0.25, &[1.0, 2.0, 3.0, 1.0], &[0, 0, 1, 1], &[10.0, 11.0])?;
/// assert_eq!([low, high], [8.0, 14.0]);
/// # Ok::<(), perceptra::Error>(())
/// ```
///
/// # Errors
///
/// [`Error::Rows`] if `residuals` and `folds` differ in length; [`Error::Argument`] for an α outside (0, 1), too few rows, residuals
/// that are negative or not finite, and a fold without a prediction.
///
/// # References
///
/// R. Barber, E. Candès, A. Ramdas and R. Tibshirani, *Predictive inference with the jackknife+*, 2021.
pub fn jackknife_plus(alpha: f64, residuals: &[f64], folds: &[usize], predictions: &[f64]) -> Result<[f64; 2]> {
    let item = "jackknife_plus";
    if folds.len() != residuals.len() {
        let (right, right_rows) = ("folds", folds.len());
        return Err(Error::Rows { left: "residuals", left_rows: residuals.len(), right, right_rows });
    }
    let rank = rank(alpha, residuals.len())?;
    if let Some(row) = residuals.iter().position(|residual| !(residual.is_finite() && *residual >= 0.0)) {
        let value = format!("{} in row {row}", residuals[row]);
        return Err(Error::argument(item, "residuals", value, "finite numbers of at least 0"));
    }
    if let Some(row) = folds.iter().position(|fold| *fold >= predictions.len()) {
        let expected = format!("below {}, the number of predictions", predictions.len());
        return Err(Error::argument(item, "folds", folds[row], expected));
    }
    if let Some(prediction) = predictions.iter().find(|prediction| !prediction.is_finite()) {
        return Err(Error::argument(item, "predictions", prediction, "finite numbers"));
    }
    let quantile = |sign: f64| {
        let ends = residuals.iter().zip(folds).map(|(residual, fold)| sign * predictions[*fold] + residual);
        let mut ends: Vec<f64> = ends.collect();
        *ends.select_nth_unstable_by(rank - 1, f64::total_cmp).1
    };
    Ok([-quantile(-1.0), quantile(1.0)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference;

    #[test]
    fn it_is_that_of_the_definition() {
        let case = reference::case("jackknife_plus");
        let (residuals, folds, of_folds) = (case.numbers("residuals"), case.indices("fold"), case.matrix("of_folds"));
        let (mut low, mut high) = (Vec::new(), Vec::new());
        for alpha in case.numbers("alphas") {
            for row in of_folds.row_iter() {
                let predictions: Vec<f64> = row.iter().copied().collect();
                let ends = jackknife_plus(alpha, &residuals, &folds, &predictions).unwrap();
                low.push(ends[0]);
                high.push(ends[1]);
            }
        }
        case.assert_close("low", low, 1e-12);
        case.assert_close("high", high, 1e-12);
    }

    #[test]
    fn inconsistent_arguments_are_rejected() {
        assert!(jackknife_plus(0.5, &[1.0; 4], &[0; 3], &[1.0]).is_err());
        assert!(jackknife_plus(0.5, &[1.0; 4], &[0, 0, 1, 0], &[1.0]).is_err());
        assert!(jackknife_plus(0.5, &[1.0, f64::NAN], &[0; 2], &[1.0]).is_err());
        assert!(jackknife_plus(0.5, &[1.0; 4], &[0; 4], &[f64::INFINITY]).is_err());
        assert!(jackknife_plus(0.1, &[1.0; 8], &[0; 8], &[1.0]).unwrap_err().to_string().contains("at least 9 rows"));
    }
}
