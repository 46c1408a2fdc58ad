//! Agreement beyond chance.

use serde::{Deserialize, Serialize};

use super::labelled::{Labelled, shown};
use super::weighted::AsTruth;
use crate::as_column::AsColumn;
use crate::error::{Error, Result};
use crate::items::argument::plain;

/// The weight of a disagreement of two labels; labels are taken by their positions in ascending order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KappaWeights {
    /// Every disagreement counts equally.
    None,
    /// The distance of their positions.
    Linear,
    /// The squared distance of their positions.
    Quadratic,
}

plain!(KappaWeights);

/// The agreement of two labelings beyond chance: 1 for full agreement, 0 for agreement by chance.
///
/// `κ = 1 − Σ wᵢⱼ·oᵢⱼ / Σ wᵢⱼ·eᵢⱼ` with the observed fraction `oᵢⱼ` of samples that are of class i and predicted to be of class j, that
/// expected of independent labels with the same frequencies, `eᵢⱼ`, and the weight `wᵢⱼ` of their disagreement. The labels are those
/// that occur.
///
/// ```
/// use perceptra::metrics::{KappaWeights, cohen_kappa_score};
///
/// let kappa = cohen_kappa_score(&[0, 1, 2, 2], &[0, 1, 1, 2], KappaWeights::Quadratic)?;
/// assert!((kappa - 0.8).abs() < 1e-15);
/// # Ok::<(), perceptra::Error>(())
/// ```
///
/// # Errors
///
/// The errors of [`accuracy_score`](super::accuracy_score()), and [`Error::Empty`] if truth and prediction together have a single class,
/// since agreement by chance is then complete.
///
/// # References
///
/// J. Cohen, *A coefficient of agreement for nominal scales* (1960); scikit-learn, *sklearn.metrics.cohen_kappa_score*.
pub fn cohen_kappa_score(
    y_true: &(impl AsTruth + ?Sized),
    y_pred: &(impl AsColumn + ?Sized),
    weights: KappaWeights,
) -> Result<f64> {
    let samples = Labelled::new(y_true, y_pred)?;
    let total: f64 = samples.weights.iter().sum();
    let distance = |a: usize, b: usize| match weights {
        KappaWeights::None => f64::from(u8::from(a != b)),
        KappaWeights::Linear => a.abs_diff(b) as f64,
        KappaWeights::Quadratic => (a.abs_diff(b) as f64).powi(2),
    };
    let pairs = samples.truth.iter().zip(&samples.predicted);
    let observed: f64 = pairs.zip(&samples.weights).map(|((&a, &b), weight)| distance(a, b) * (weight / total)).sum();
    let (mut truth, mut predicted) = samples.margins();
    truth.iter_mut().chain(&mut predicted).for_each(|sum| *sum /= total);
    let present = truth.iter().zip(&predicted).filter(|(a, b)| **a + **b > 0.0).count();
    if present < 2 {
        return Err(Error::Empty {
            what: format!("cohen_kappa_score: all classes but one of the labels {}", shown(&samples.labels)),
            advice:
                "agreement is compared with that of chance, so truth and prediction together need two classes; for one \
                     class take accuracy_score"
                    .into(),
        });
    }
    Ok(1.0 - observed / expected(weights, &truth, &predicted))
}

/// The expected disagreement of independent labels with these frequencies.
fn expected(weights: KappaWeights, truth: &[f64], predicted: &[f64]) -> f64 {
    let pairs = || truth.iter().zip(predicted);
    match weights {
        // A sum of positive terms: 1 − Σ tᵢ·pᵢ would lose digits where nearly all samples are of one class.
        KappaWeights::None => pairs().map(|(t, p)| t * (1.0 - p)).sum(),
        // The distance of two positions is the number of borders between them.
        KappaWeights::Linear => {
            let (mut below_t, mut below_p) = (0.0, 0.0);
            pairs()
                .map(|(t, p)| {
                    (below_t, below_p) = (below_t + t, below_p + p);
                    below_t * (1.0 - below_p) + below_p * (1.0 - below_t)
                })
                .sum()
        }
        // The mean squared distance of two independent positions: their variances and the squared distance of their means.
        KappaWeights::Quadratic => {
            let mean = |of: &[f64]| of.iter().enumerate().map(|(at, weight)| at as f64 * weight).sum::<f64>();
            let (of_t, of_p) = (mean(truth), mean(predicted));
            let variance = |of: &[f64], mean: f64| {
                of.iter().enumerate().map(|(at, weight)| (at as f64 - mean).powi(2) * weight).sum::<f64>()
            };
            variance(truth, of_t) + variance(predicted, of_p) + (of_t - of_p).powi(2)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::weighted::weighted;
    use super::*;
    use crate::reference;

    #[test]
    fn it_is_that_of_the_reference() {
        for case in reference::case("scores_labels").list("cases") {
            let (truth, label, sample_weight) = (case.numbers("truth"), case.numbers("label"), case.numbers("weights"));
            for (field, weights) in [
                ("kappa", KappaWeights::None),
                ("kappa_linear", KappaWeights::Linear),
                ("kappa_quadratic", KappaWeights::Quadratic),
            ] {
                let truth_weighted = weighted(&truth, &sample_weight);
                let found =
                    [cohen_kappa_score(&truth, &label, weights), cohen_kappa_score(&truth_weighted, &label, weights)];
                case.assert_close(field, found.map(Result::unwrap), 1e-10);
            }
        }
    }

    #[test]
    fn one_class_is_rejected_and_two_suffice() {
        let error = cohen_kappa_score(&[1, 1], &[1, 1], KappaWeights::None).unwrap_err().to_string();
        assert!(error.contains("accuracy_score"), "{error}");
        assert_eq!(cohen_kappa_score(&[1, 1], &[0, 0], KappaWeights::Linear).unwrap(), 0.0);
        let labels: Vec<u32> = (0..100_000).collect();
        assert_eq!(cohen_kappa_score(&labels, &labels, KappaWeights::Quadratic).unwrap(), 1.0);
    }
}
