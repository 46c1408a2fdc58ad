//! The distance of the scores of two classes.

use super::ranking::{Ranking, one_class};
use super::weighted::AsTruth;
use crate::as_column::AsColumn;
use crate::error::Result;

/// The two-sample Kolmogorov–Smirnov statistic: the largest difference between the score distributions of the two classes.
///
/// `KS = max |F₁(s) − F₀(s)|` over all scores, which is the largest difference of true and false positive rate over all thresholds; 0 for
/// uninformative scores, 1 if a threshold separates the classes.
///
/// `y_true` holds 0 and 1, `y_score` probabilities or any other scores.
///
/// ```
/// use perceptra::metrics::ks_statistic;
///
/// assert_eq!(ks_statistic(&[0, 0, 1, 1], &[0.1, 0.4, 0.35, 0.8])?, 0.5);
/// # Ok::<(), perceptra::Error>(())
/// ```
///
/// # Errors
///
/// The errors of [`roc_auc_score`](super::roc_auc_score()).
///
/// # References
///
/// SciPy, *scipy.stats.ks_2samp*.
pub fn ks_statistic(y_true: &(impl AsTruth + ?Sized), y_score: &(impl AsColumn + ?Sized)) -> Result<f64> {
    let ranking = Ranking::new("ks_statistic", y_true, y_score)?;
    if let Some(class) = ranking.absent_class() {
        return Err(one_class("ks_statistic", class));
    }
    let (positives, negatives) = (ranking.positives(), ranking.negatives());
    let rates = ranking.true_positives.iter().zip(&ranking.false_positives);
    Ok(rates.map(|(tp, fp)| (tp / positives - fp / negatives).abs()).fold(0.0, f64::max))
}

#[cfg(test)]
mod tests {
    use super::super::weighted::weighted;
    use super::*;
    use crate::error::Error;
    use crate::reference;

    #[test]
    fn it_is_that_of_the_reference() {
        for (name, score) in [("scores_binary", "score"), ("scores_binary", "coarse")] {
            let case = reference::case(name);
            let (truth, score) = (case.numbers("truth"), (score, case.numbers(score)));
            case.assert_close(&format!("ks_{}", score.0), [ks_statistic(&truth, &score.1).unwrap()], 1e-10);
        }
    }

    #[test]
    fn it_is_symmetric_and_weighted() {
        let (truth, score) = ([0, 1, 1, 0, 1], [0.1, 0.2, 0.3, 0.4, 0.5]);
        let found = ks_statistic(&weighted(&truth, &[1, 2, 1, 3, 1]), &score).unwrap();
        let twice = ([0, 1, 1, 1, 0, 0, 0, 1], [0.1, 0.2, 0.2, 0.3, 0.4, 0.4, 0.4, 0.5]);
        assert_eq!(found, ks_statistic(&twice.0, &twice.1).unwrap());
        assert_eq!(ks_statistic(&[1, 1, 0], &[0.1, 0.2, 0.3]).unwrap(), 1.0);
        assert!(matches!(ks_statistic(&[1, 1], &[0.1, 0.2]), Err(Error::Empty { .. })));
    }
}
