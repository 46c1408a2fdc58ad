//! Accuracy of the classes with the highest scores.

use super::paired::weighted_mean;
use super::scored_classes::ScoredClasses;
use super::weighted::AsTruth;
use crate::as_column::AsColumn;
use crate::error::{Error, Result};

/// The fraction of samples with the true class among the `k` classes with the highest scores.
///
/// `y_true` holds class indices; `y_score` has a column of scores for each class, or for two classes one column: there a score above 0.5
/// means class 1, or above 0 if any score is outside `[0, 1]`. Among equal scores, the one in the last column is the highest, as in
/// scikit-learn.
///
/// ```
/// use perceptra::dmatrix;
/// use perceptra::metrics::top_k_accuracy_score;
///
/// let score = dmatrix![0.5, 0.2, 0.3; 0.4, 0.35, 0.25; 0.6, 0.3, 0.1];
/// assert_eq!(top_k_accuracy_score(&[0, 1, 2], &score, 2)?, 2.0 / 3.0);
/// # Ok::<(), perceptra::Error>(())
/// ```
///
/// # Errors
///
/// [`Error::Argument`] for a `k` of 0 or of at least the number of classes, which every prediction would reach; [`Error::Rows`],
/// [`Error::Empty`], [`Error::Target`] and [`Error::NotFinite`] as for [`log_loss`](super::log_loss()).
///
/// # References
///
/// scikit-learn, *sklearn.metrics.top_k_accuracy_score*.
pub fn top_k_accuracy_score(
    y_true: &(impl AsTruth + ?Sized),
    y_score: &(impl AsColumn + ?Sized),
    k: usize,
) -> Result<f64> {
    let classes = ScoredClasses::new("top_k_accuracy_score", y_true, y_score)?;
    if k == 0 || k >= classes.classes() {
        let expected = match classes.classes() {
            2 => "1 for two classes, where every class is among the two highest".into(),
            count => format!("from 1 to {}, fewer than the {count} classes", count - 1),
        };
        return Err(Error::argument("top_k_accuracy_score", "k", k, expected));
    }
    let within = classes.scores.iter().all(|score| (0.0..=1.0).contains(score));
    let threshold = if within { 0.5 } else { 0.0 };
    let hits = classes.labels.iter().enumerate().map(|(row, &label)| {
        let scores = classes.scores.row(row);
        let hit = if scores.len() == 1 {
            usize::from(scores[0] > threshold) == label
        } else {
            let above =
                |(class, score): (usize, &f64)| *score > scores[label] || (*score == scores[label] && class > label);
            scores.iter().enumerate().filter(|score| above(*score)).count() < k
        };
        f64::from(u8::from(hit))
    });
    Ok(weighted_mean(hits, &classes.weights))
}

#[cfg(test)]
mod tests {
    use super::super::weighted::weighted;
    use super::*;
    use crate::dmatrix;
    use crate::reference;

    #[test]
    fn it_is_that_of_the_reference() {
        let case = reference::case("scores_top_k");
        let (truth, score, weights) = (case.numbers("truth"), case.matrix("score"), case.numbers("weights"));
        let found = [1, 2, 3].map(|k| top_k_accuracy_score(&truth, &score, k).unwrap());
        case.assert_close("top_k", found, 1e-10);
        let found = [1, 2, 3].map(|k| top_k_accuracy_score(&weighted(&truth, &weights), &score, k).unwrap());
        case.assert_close("top_k_weighted", found, 1e-10);
        let case = reference::case("scores_binary");
        let (truth, score) = (case.numbers("truth"), case.numbers("score"));
        let logit: Vec<f64> = score.iter().map(|p| (p / (1.0 - p)).ln()).collect();
        let found = [&score, &logit].map(|score| top_k_accuracy_score(&truth, score, 1).unwrap());
        case.assert_close("top_1", found, 1e-10);
    }

    #[test]
    fn k_is_below_the_number_of_classes() {
        for k in [0, 3, usize::MAX] {
            let error = top_k_accuracy_score(&[0], &dmatrix![0.1, 0.2, 0.7], k);
            assert!(matches!(error, Err(Error::Argument { argument: "k", .. })));
        }
        assert!(top_k_accuracy_score(&[0], &[0.1], 2).is_err());
        assert_eq!(top_k_accuracy_score(&[0], &dmatrix![0.9, 0.1], 1).unwrap(), 1.0);
    }
}
