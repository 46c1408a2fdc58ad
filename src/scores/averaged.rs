//! Scores of decided labels, averaged over classes or labels.

use super::fitting::{check, unfit};
use super::score::Score;
use super::score_input::{ScoreInput, Truth};
use super::task::Task;
use crate::error::{Error, Result};
use crate::metrics::{Average, ClassSums, class_score, label_score, weighted};

/// The tasks of such scores.
pub(super) const TASKS: [Task; 3] = [Task::Binary, Task::Multiclass, Task::Multilabel];

/// The score of class 1 of two, or the average over classes or labels.
pub(super) fn averaged_score(
    score: &dyn Score,
    input: &ScoreInput<'_>,
    average: Option<Average>,
    of: impl Fn(&ClassSums) -> f64,
) -> Result<f64> {
    check(score, input)?;
    let weights = input.sample_weights();
    if average.is_none() && input.task() != Task::Binary {
        let expected = format!(
            "for {} Average::Macro, Average::Micro or Average::Weighted: .average(Average::Macro)",
            input.task()
        );
        return Err(Error::argument(score.class_name(), "average", "none", expected));
    }
    match (input.truth, average) {
        (Truth::Classes { labels, .. }, average) => {
            class_score(&weighted(labels, &weights), &input.classes()?, average, &of)
        }
        (Truth::Indicators(truth), Some(average)) => {
            Ok(label_score(truth, &input.indicators(), &weights, average, &of))
        }
        _ => Err(unfit(score, input.task())),
    }
}

/// A name with the average as its end.
pub(super) fn averaged_name(name: String, average: Option<Average>) -> String {
    match average {
        None => name,
        Some(Average::Macro) => name + "_macro",
        Some(Average::Micro) => name + "_micro",
        Some(Average::Weighted) => name + "_weighted",
    }
}

#[cfg(test)]
mod tests {
    use super::super::{FBeta, Precision, Recall, score_of};
    use super::*;
    use crate::reference;

    #[test]
    fn averages_are_those_of_the_reference() {
        for name in ["scores_multiclass", "scores_multilabel"] {
            let case = reference::case(name);
            let (prediction, weights) = (case.matrix("score"), case.numbers("weights"));
            let (labels, indicators);
            let truth = if name == "scores_multiclass" {
                labels = case.indices("truth");
                Truth::Classes { labels: &labels, n_classes: 4 }
            } else {
                indicators = case.matrix("truth");
                Truth::Indicators(&indicators)
            };
            let input = ScoreInput::new(truth, &prediction);
            let mut found = [const { Vec::new() }; 3];
            for input in [input, input.with_weights(&weights)] {
                for average in [Average::Macro, Average::Micro, Average::Weighted] {
                    found[0].push(score_of(Precision.average(average), &input).unwrap());
                    found[1].push(score_of(Recall.average(average), &input).unwrap());
                    found[2].push(score_of(FBeta.beta(2.0).average(average), &input).unwrap());
                }
            }
            for (field, found) in ["precision", "recall", "f2"].into_iter().zip(found) {
                case.assert_close(field, found, 1e-10);
            }
            let error = score_of(Precision, &input).unwrap_err().to_string();
            assert!(error.contains(".average(Average::Macro)"), "{error}");
        }
    }

    #[test]
    fn two_classes_have_a_positive_one() {
        let p = crate::dmatrix![0.1; 0.6; 0.7; 0.2];
        let input = ScoreInput::new(Truth::Classes { labels: &[0, 0, 1, 1], n_classes: 2 }, &p);
        assert_eq!(score_of(Precision, &input.with_threshold(0.65)).unwrap(), 1.0);
        assert_eq!(score_of(Recall, &input).unwrap(), 0.5);
        let error = score_of(FBeta, &ScoreInput::new(Truth::Numbers(&p), &p)).unwrap_err().to_string();
        assert!(error.contains("for regression there are explained_variance, max_error"), "{error}");
    }
}
