//! The area under ROC curves of several classes or labels.

use serde::{Deserialize, Serialize};

use super::class_average::Average;
use super::label_columns::LabelColumns;
use super::ranking::{Ranking, Sample, one_class};
use super::roc_auc_score::area;
use super::scored_classes::ScoredClasses;
use super::weighted::AsTruth;
use crate::as_column::AsColumn;
use crate::error::{Error, Result};
use crate::items::argument::plain;

/// The classes between which areas under the ROC curve are computed, for more than two classes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MultiClass {
    /// More than two classes are an error.
    Raise,
    /// Compares each class with all others.
    Ovr,
    /// Compares each pair of classes.
    Ovo,
}

plain!(MultiClass);

/// The area under the ROC curve for several classes: of each class against all others, or of each pair of classes.
///
/// [`MultiClass::Ovr`] averages `AUC(class, rest)` over the classes; [`Average::Weighted`] weights with their samples.
/// [`MultiClass::Ovo`] averages `½·(AUC(a, b) + AUC(b, a))` over the pairs `a < b`, where `AUC(a, b)` ranks the samples of both classes by
/// the score of `a`; [`Average::Weighted`] weights with the samples of the pair. Sample weights count in both, in scikit-learn in the
/// first only.
///
/// `y_true` holds one class index per sample, `y_prob` a column of probabilities for each class.
///
/// ```
/// use perceptra::dmatrix;
/// use perceptra::metrics::{Average, MultiClass, multiclass_roc_auc_score};
///
/// let p = dmatrix![0.7, 0.2, 0.1; 0.3, 0.4, 0.3; 0.4, 0.3, 0.3; 0.1, 0.3, 0.6];
/// let score = multiclass_roc_auc_score(&[0, 1, 2, 2], &p, MultiClass::Ovr, Average::Macro)?;
/// assert!((score - 23.0 / 24.0).abs() < 1e-12);
/// # Ok::<(), perceptra::Error>(())
/// ```
///
/// # Errors
///
/// The errors of [`log_loss`](super::log_loss()); [`Error::Empty`] for a class without samples, except one-vs-rest with [`Average::Weighted`] or
/// [`Average::Micro`], and for one that all samples have; [`Error::Argument`] for [`MultiClass::Raise`], and for
/// [`Average::Micro`] of pairs.
///
/// # References
///
/// D. J. Hand and R. J. Till, *A simple generalisation of the area under the ROC curve for multiple class classification problems*
/// (2001); scikit-learn, *sklearn.metrics.roc_auc_score*.
pub fn multiclass_roc_auc_score(
    y_true: &(impl AsTruth + ?Sized),
    y_prob: &(impl AsColumn + ?Sized),
    multi_class: MultiClass,
    average: Average,
) -> Result<f64> {
    const ITEM: &str = "multiclass_roc_auc_score";
    let classes = ScoredClasses::several(ITEM, y_true, y_prob)?.probabilities(ITEM)?;
    match multi_class {
        MultiClass::Ovr => LabelColumns::of_classes(classes).average(ITEM, average, &defined_area),
        MultiClass::Ovo => one_vs_one(&classes, average),
        MultiClass::Raise => {
            let expected = "MultiClass::Ovr, each class against all others, or MultiClass::Ovo, each pair of classes";
            Err(Error::argument(ITEM, "multi_class", "MultiClass::Raise", expected))
        }
    }
}

/// The area under the ROC curve of each label, averaged over the labels.
///
/// `y_true` and `y_score` have a column for each label, of 0 and 1 and of scores.
///
/// ```
/// use perceptra::dmatrix;
/// use perceptra::metrics::{Average, multilabel_roc_auc_score};
///
/// let (truth, score) = (dmatrix![1, 0; 0, 1; 1, 1], dmatrix![0.7, 0.2; 0.3, 0.4; 0.6, 0.9]);
/// assert_eq!(multilabel_roc_auc_score(&truth, &score, Average::Macro)?, 1.0);
/// # Ok::<(), perceptra::Error>(())
/// ```
///
/// # Errors
///
/// [`Error::Rows`] and [`Error::Argument`] for different numbers of rows and columns, [`Error::Target`] for truth other than 0 and 1,
/// [`Error::NotFinite`] for such a score, [`Error::Empty`] for a label that all samples have, or none unless the average is
/// [`Average::Weighted`] or [`Average::Micro`].
///
/// # References
///
/// scikit-learn, *sklearn.metrics.roc_auc_score*.
pub fn multilabel_roc_auc_score(
    y_true: &(impl AsTruth + ?Sized),
    y_score: &(impl AsColumn + ?Sized),
    average: Average,
) -> Result<f64> {
    let item = "multilabel_roc_auc_score";
    LabelColumns::multilabel(item, y_true, y_score)?.average(item, average, &defined_area)
}

/// The area, or the class that has no samples.
fn defined_area(ranking: &Ranking) -> std::result::Result<f64, u8> {
    ranking.absent_class().map_or_else(|| Ok(area(ranking)), Err)
}

fn one_vs_one(classes: &ScoredClasses, average: Average) -> Result<f64> {
    if average == Average::Micro {
        let expected = "Average::Macro or Average::Weighted for pairs of classes";
        return Err(Error::argument("multiclass_roc_auc_score", "average", "Average::Micro", expected));
    }
    // The rows of each class.
    let mut rows = vec![Vec::new(); classes.classes()];
    for (row, &label) in classes.labels.iter().enumerate() {
        if classes.weights[row] > 0.0 {
            rows[label].push(row);
        }
    }
    if let Some(class) = rows.iter().position(Vec::is_empty) {
        return Err(Error::Empty {
            what: format!("multiclass_roc_auc_score: class {class} of y_true"),
            advice: "each pair of classes needs samples of both; MultiClass::Ovr with Average::Weighted leaves it out"
                .into(),
        });
    }
    let (mut sum, mut total) = (0.0, 0.0);
    for a in 0..rows.len() {
        for b in a + 1..rows.len() {
            let ranked = |class: usize| {
                let samples = rows[a].iter().chain(&rows[b]).map(|&row| Sample {
                    score: classes.scores[(row, class)],
                    positive: classes.labels[row] == class,
                    weight: classes.weights[row],
                });
                Ranking::from_samples(samples.collect())
            };
            let (of_a, of_b) = (ranked(a), ranked(b));
            let value =
                |ranking: &Ranking| defined_area(ranking).map_err(|class| one_class("multiclass_roc_auc_score", class));
            let weight = if average == Average::Weighted { of_a.positives() + of_a.negatives() } else { 1.0 };
            sum += weight * (value(&of_a)? + value(&of_b)?) / 2.0;
            total += weight;
        }
    }
    Ok(sum / total)
}

#[cfg(test)]
mod tests {
    use super::super::weighted::weighted;
    use super::*;
    use crate::dmatrix;
    use crate::reference;

    #[test]
    fn areas_of_classes_are_those_of_the_reference() {
        let case = reference::case("scores_multiclass");
        let (truth, score) = (case.numbers("truth"), case.matrix("score"));
        let found = [Average::Macro, Average::Micro, Average::Weighted]
            .map(|average| multiclass_roc_auc_score(&truth, &score, MultiClass::Ovr, average).unwrap());
        case.assert_close("roc_auc_ovr", found, 1e-10);
        let found = [Average::Macro, Average::Weighted]
            .map(|average| multiclass_roc_auc_score(&truth, &score, MultiClass::Ovo, average).unwrap());
        case.assert_close("roc_auc_ovo", found, 1e-10);
        let (weights, averages) = (case.numbers("weights"), [Average::Macro, Average::Micro, Average::Weighted]);
        let truth = weighted(&truth, &weights);
        let found = averages.map(|average| multiclass_roc_auc_score(&truth, &score, MultiClass::Ovr, average).unwrap());
        case.assert_close("roc_auc_ovr_weighted", found, 1e-10);
    }

    #[test]
    fn areas_of_labels_are_those_of_the_reference() {
        let case = reference::case("scores_multilabel");
        let (truth, score, weights) = (case.matrix("truth"), case.matrix("score"), case.numbers("weights"));
        let averages = [Average::Macro, Average::Micro, Average::Weighted];
        let found = averages.map(|average| multilabel_roc_auc_score(&truth, &score, average).unwrap());
        case.assert_close("roc_auc", found, 1e-10);
        let truth = weighted(&truth, &weights);
        let found = averages.map(|average| multilabel_roc_auc_score(&truth, &score, average).unwrap());
        case.assert_close("roc_auc_weighted", found, 1e-10);
    }

    #[test]
    fn a_weight_of_two_is_two_samples_of_a_pair() {
        let p = dmatrix![0.7, 0.2, 0.1; 0.3, 0.4, 0.3; 0.4, 0.3, 0.3; 0.1, 0.3, 0.6; 0.2, 0.5, 0.3];
        let twice = p.select_rows(&[0, 1, 2, 2, 3, 4]);
        for average in [Average::Macro, Average::Weighted] {
            let truth = weighted(&[0, 1, 2, 2, 0], &[1, 1, 2, 1, 1]);
            let found = multiclass_roc_auc_score(&truth, &p, MultiClass::Ovo, average).unwrap();
            let expected = multiclass_roc_auc_score(&[0, 1, 2, 2, 2, 0], &twice, MultiClass::Ovo, average).unwrap();
            assert!((found - expected).abs() < 1e-15);
        }
    }

    #[test]
    fn a_class_without_samples_is_refused_or_left_out() {
        let p = dmatrix![0.7, 0.2, 0.1; 0.3, 0.4, 0.3; 0.4, 0.3, 0.3];
        let of = |multi_class, average| multiclass_roc_auc_score(&[0, 1, 0], &p, multi_class, average);
        assert!(matches!(of(MultiClass::Ovo, Average::Macro), Err(Error::Empty { .. })));
        assert!(matches!(of(MultiClass::Ovr, Average::Macro), Err(Error::Empty { .. })));
        assert_eq!(of(MultiClass::Ovr, Average::Weighted).unwrap(), 1.0);
        assert!(matches!(of(MultiClass::Raise, Average::Macro), Err(Error::Argument { argument: "multi_class", .. })));
        assert!(matches!(of(MultiClass::Ovo, Average::Micro), Err(Error::Argument { argument: "average", .. })));
    }
}
