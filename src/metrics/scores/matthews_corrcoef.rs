//! The Matthews correlation coefficient.

use super::labelled::Labelled;
use super::weighted::AsTruth;
use crate::as_column::AsColumn;
use crate::error::Result;

/// The Matthews correlation coefficient of true and predicted classes, from −1 to 1.
///
/// `MCC = (c·s − Σ pₖ·tₖ) / √((s² − Σ pₖ²)·(s² − Σ tₖ²))` with `s` samples, of which `c` are predicted correctly, `tₖ` are of class k and `pₖ` are
/// predicted as class k. For two classes this is Pearson's correlation. It is 0 if the truth or the predictions have a single class.
///
/// ```
/// use perceptra::metrics::matthews_corrcoef;
///
/// assert!((matthews_corrcoef(&[1, 1, 1, 0], &[1, 0, 1, 1])? + 1.0 / 3.0).abs() < 1e-15);
/// # Ok::<(), perceptra::Error>(())
/// ```
///
/// # Errors
///
/// The errors of [`accuracy_score`](super::accuracy_score()).
///
/// # References
///
/// J. Gorodkin, *Comparing two K-category assignments by a K-category correlation coefficient* (2004); scikit-learn,
/// *sklearn.metrics.matthews_corrcoef*.
pub fn matthews_corrcoef(y_true: &(impl AsTruth + ?Sized), y_pred: &(impl AsColumn + ?Sized)) -> Result<f64> {
    let mut samples = Labelled::new(y_true, y_pred)?;
    // Products of sums must not overflow or underflow for any weights; sums of whole numbers stay exact without scaling.
    let total: f64 = samples.weights.iter().sum();
    if samples.weights.iter().any(|weight| weight.fract() != 0.0) || total > 1e9 {
        samples.weights.iter_mut().for_each(|weight| *weight /= total);
    }
    let (truth, predicted) = samples.margins();
    let total: f64 = truth.iter().sum();
    let correct = samples.accuracy() * total;
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    let several = |sums: &[f64]| sums.iter().filter(|sum| **sum > 0.0).count() > 1;
    if !several(&truth) || !several(&predicted) {
        return Ok(0.0);
    }
    let of_truth = (total * total - dot(&truth, &truth)).sqrt();
    let of_predicted = (total * total - dot(&predicted, &predicted)).sqrt();
    Ok((correct * total - dot(&truth, &predicted)) / (of_truth * of_predicted))
}

#[cfg(test)]
mod tests {
    use super::super::weighted::weighted;
    use super::*;
    use crate::reference;

    #[test]
    fn it_is_that_of_the_reference() {
        for case in reference::case("scores_labels").list("cases") {
            let (truth, label, weights) = (case.numbers("truth"), case.numbers("label"), case.numbers("weights"));
            let found = [matthews_corrcoef(&truth, &label), matthews_corrcoef(&weighted(&truth, &weights), &label)];
            case.assert_close("matthews", found.map(Result::unwrap), 1e-10);
        }
    }

    #[test]
    fn a_single_class_has_no_correlation() {
        assert_eq!(matthews_corrcoef(&[1, 1, 1], &[0, 1, 0]).unwrap(), 0.0);
        assert_eq!(matthews_corrcoef(&[0, 1, 0], &[1, 1, 1]).unwrap(), 0.0);
        assert_eq!(matthews_corrcoef(&weighted(&[0, 1, 0], &[0.1, 0.0, 0.2]), &[0, 1, 1]).unwrap(), 0.0);
    }

    #[test]
    fn weights_of_any_size_give_the_same() {
        let (truth, label) = ([0, 1, 2, 2, 1, 0], [0, 1, 1, 2, 1, 2]);
        let expected = matthews_corrcoef(&truth, &label).unwrap();
        for weight in [1e-200, 0.1, 1e150] {
            let found = matthews_corrcoef(&weighted(&truth, &[weight; 6]), &label).unwrap();
            assert!((found - expected).abs() < 1e-14, "{weight}: {found}");
        }
    }
}
