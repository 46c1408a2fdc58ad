//! The precision–recall curve in one number.

use super::class_average::Average;
use super::label_columns::LabelColumns;
use super::ranking::{Ranking, one_class};
use super::weighted::AsTruth;
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
/// The errors of [`precision_recall_curve`](super::precision_recall_curve()).
///
/// # References
///
/// scikit-learn, *sklearn.metrics.average_precision_score*.
pub fn average_precision_score(y_true: &(impl AsTruth + ?Sized), y_score: &(impl AsColumn + ?Sized)) -> Result<f64> {
    let ranking = Ranking::new("average_precision_score", y_true, y_score)?;
    precision_mean(&ranking).ok_or_else(|| one_class("average_precision_score", 1))
}

/// The average precision of each class against all others, averaged over the classes.
///
/// `y_true` holds one class index per sample, `y_score` a column of scores for each class.
///
/// ```
/// use perceptra::dmatrix;
/// use perceptra::metrics::{Average, multiclass_average_precision_score};
///
/// let score = dmatrix![0.7, 0.2, 0.1; 0.3, 0.4, 0.3; 0.1, 0.3, 0.6];
/// assert_eq!(multiclass_average_precision_score(&[0, 1, 2], &score, Average::Macro)?, 1.0);
/// # Ok::<(), perceptra::Error>(())
/// ```
///
/// # Errors
///
/// The errors of [`average_precision_score`] for each class; [`Error::Target`](crate::Error::Target) for a class without a column. A class without
/// samples is an [`Error::Empty`](crate::Error::Empty) for [`Average::Macro`]; the other averages leave it out.
///
/// # References
///
/// scikit-learn, *sklearn.metrics.average_precision_score*.
pub fn multiclass_average_precision_score(
    y_true: &(impl AsTruth + ?Sized),
    y_score: &(impl AsColumn + ?Sized),
    average: Average,
) -> Result<f64> {
    let item = "multiclass_average_precision_score";
    LabelColumns::one_vs_rest(item, y_true, y_score)?
        .average(item, average, &|ranking| precision_mean(ranking).ok_or(1))
}

/// The average precision of each label, averaged over the labels.
///
/// `y_true` and `y_score` have a column for each label, of 0 and 1 and of scores.
///
/// ```
/// use perceptra::dmatrix;
/// use perceptra::metrics::{Average, multilabel_average_precision_score};
///
/// let (truth, score) = (dmatrix![1, 0; 0, 1; 1, 1], dmatrix![0.7, 0.2; 0.3, 0.4; 0.6, 0.9]);
/// assert_eq!(multilabel_average_precision_score(&truth, &score, Average::Macro)?, 1.0);
/// # Ok::<(), perceptra::Error>(())
/// ```
///
/// # Errors
///
/// The errors of [`multiclass_average_precision_score`], for labels.
///
/// # References
///
/// scikit-learn, *sklearn.metrics.average_precision_score*.
pub fn multilabel_average_precision_score(
    y_true: &(impl AsTruth + ?Sized),
    y_score: &(impl AsColumn + ?Sized),
    average: Average,
) -> Result<f64> {
    let item = "multilabel_average_precision_score";
    LabelColumns::multilabel(item, y_true, y_score)?.average(item, average, &|ranking| precision_mean(ranking).ok_or(1))
}

/// The sum over thresholds; none without positives.
fn precision_mean(ranking: &Ranking) -> Option<f64> {
    let positives = ranking.positives();
    if positives == 0.0 {
        return None;
    }
    let (mut recall, mut sum) = (0.0, 0.0);
    for (&tp, &fp) in ranking.true_positives.iter().zip(&ranking.false_positives) {
        sum += (tp / positives - recall) * (tp / (tp + fp));
        recall = tp / positives;
    }
    Some(sum)
}

#[cfg(test)]
mod tests {
    use super::super::weighted::weighted;
    use super::*;
    use crate::error::Error;
    use crate::reference;

    #[test]
    fn it_is_that_of_the_reference() {
        let case = reference::case("binary");
        let score = average_precision_score(&case.numbers("truth"), &case.numbers("score")).unwrap();
        case.assert_close("average_precision", [score], 1e-14);
        let case = reference::case("scores_binary");
        let (truth, score, weights) = (case.numbers("truth"), case.numbers("score"), case.numbers("weights"));
        case.assert_close("average_precision", [average_precision_score(&truth, &score).unwrap()], 1e-10);
        let found = average_precision_score(&weighted(&truth, &weights), &score).unwrap();
        case.assert_close("average_precision_weighted", [found], 1e-10);
    }

    #[test]
    fn averages_over_classes_and_labels_are_those_of_the_reference() {
        let averages = [Average::Macro, Average::Micro, Average::Weighted];
        let case = reference::case("scores_multiclass");
        let (truth, score, weights) = (case.numbers("truth"), case.matrix("score"), case.numbers("weights"));
        let found = averages.map(|average| multiclass_average_precision_score(&truth, &score, average).unwrap());
        case.assert_close("average_precision", found, 1e-10);
        let truth = weighted(&truth, &weights);
        let found = averages.map(|average| multiclass_average_precision_score(&truth, &score, average).unwrap());
        case.assert_close("average_precision_weighted", found, 1e-10);
        let case = reference::case("scores_multilabel");
        let (truth, score, weights) = (case.matrix("truth"), case.matrix("score"), case.numbers("weights"));
        let found = averages.map(|average| multilabel_average_precision_score(&truth, &score, average).unwrap());
        case.assert_close("average_precision", found, 1e-10);
        let truth = weighted(&truth, &weights);
        let found = averages.map(|average| multilabel_average_precision_score(&truth, &score, average).unwrap());
        case.assert_close("average_precision_weighted", found, 1e-10);
    }

    #[test]
    fn uninformative_scores_have_the_fraction_of_positives() {
        assert_eq!(average_precision_score(&[0, 1, 0, 0], &[0.5; 4]).unwrap(), 0.25);
    }

    #[test]
    fn truth_without_positives_is_refused() {
        assert!(matches!(average_precision_score(&[0, 0], &[0.1, 0.2]), Err(Error::Empty { .. })));
    }
}
