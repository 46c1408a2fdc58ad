use super::averaged;
use super::fitting::{check, unfit};
use super::score::Score;
use super::score_input::{ScoreInput, Truth};
use super::task::Task;
use crate::error::{Error, Result};
use crate::items::item;
use crate::metrics::{
    Average, MultiClass, multiclass_roc_auc_score, multilabel_roc_auc_score, roc_auc_score, weighted,
};

item! {
    /// The area under the ROC curve: the probability that a random positive has a higher score than a random negative.
    ///
    /// Of more than two classes it compares those that `multi_class` chooses: each against all others, or each pair. Of several labels it is an
    /// average over the labels. The name in reports holds what is chosen: `roc_auc_ovr`, `roc_auc_ovo_weighted`.
    ///
    /// ```
    /// use perceptra::dmatrix;
    /// use perceptra::scores::{RocAuc, ScoreInput, Truth, score_of};
    ///
    /// let p = dmatrix![0.1; 0.4; 0.35; 0.8];
    /// let input = ScoreInput::new(Truth::Classes { labels: &[0, 0, 1, 1], n_classes: 2 }, &p);
    /// assert_eq!(score_of(RocAuc, &input)?, 0.75);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # References
    ///
    /// scikit-learn, *sklearn.metrics.roc_auc_score*.
    pub struct RocAuc: "roc_auc" checked by fitting_average {
        /// The classes that are compared, for more than two.
        multi_class: MultiClass = MultiClass::Raise,
        /// The average over several classes or labels; not used for two classes.
        average: Average = Average::Macro,
    }
}

impl RocAuc {
    fn fitting_average(&self) -> Result<()> {
        if self.multi_class == MultiClass::Ovo && self.average == Average::Micro {
            let expected = "Average::Macro or Average::Weighted for pairs of classes";
            return Err(Error::argument("roc_auc", "average", "Average::Micro", expected));
        }
        Ok(())
    }
}

impl Score for RocAuc {
    fn name(&self) -> String {
        let name = match self.multi_class {
            MultiClass::Raise => "roc_auc",
            MultiClass::Ovr => "roc_auc_ovr",
            MultiClass::Ovo => "roc_auc_ovo",
        };
        match self.average {
            Average::Macro => name.into(),
            average => averaged::averaged_name(name.into(), Some(average)),
        }
    }

    fn greater_is_better(&self) -> bool {
        true
    }

    fn tasks(&self) -> Vec<Task> {
        averaged::TASKS.to_vec()
    }

    fn score(&self, input: &ScoreInput<'_>) -> Result<f64> {
        check(self, input)?;
        let weights = input.sample_weights();
        match input.truth {
            Truth::Classes { labels, n_classes: 2 } => roc_auc_score(&weighted(labels, &weights), &input.positive()?),
            Truth::Classes { n_classes, .. } if self.multi_class == MultiClass::Raise => {
                let expected = format!(
                    "what to compare of {n_classes} classes: RocAuc.multi_class(MultiClass::Ovr), each against all others, or \
                     MultiClass::Ovo, each pair"
                );
                Err(Error::argument("roc_auc", "multi_class", "MultiClass::Raise", expected))
            }
            Truth::Classes { labels, .. } => {
                let truth = weighted(labels, &weights);
                multiclass_roc_auc_score(&truth, input.prediction, self.multi_class, self.average)
            }
            Truth::Indicators(truth) => {
                multilabel_roc_auc_score(&weighted(truth, &weights), input.prediction, self.average)
            }
            Truth::Numbers(_) => Err(unfit(self, input.task())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference;
    use crate::scores::score_of;

    #[test]
    fn areas_are_those_of_the_reference() {
        let case = reference::case("scores_binary");
        let (labels, score, weights) = (case.indices("truth"), case.numbers("score"), case.numbers("weights"));
        let prediction = nalgebra::DMatrix::from_vec(score.len(), 1, score);
        let input = ScoreInput::new(Truth::Classes { labels: &labels, n_classes: 2 }, &prediction);
        let found = [input, input.with_weights(&weights)].map(|input| score_of(RocAuc, &input).unwrap());
        case.assert_close("roc_auc", found, 1e-10);
        let case = reference::case("scores_multiclass");
        let (labels, prediction) = (case.indices("truth"), case.matrix("score"));
        let input = ScoreInput::new(Truth::Classes { labels: &labels, n_classes: 4 }, &prediction);
        let of = |multi_class, average| score_of(RocAuc.multi_class(multi_class).average(average), &input);
        let found = [Average::Macro, Average::Micro, Average::Weighted].map(|a| of(MultiClass::Ovr, a).unwrap());
        case.assert_close("roc_auc_ovr", found, 1e-10);
        let found = [Average::Macro, Average::Weighted].map(|a| of(MultiClass::Ovo, a).unwrap());
        case.assert_close("roc_auc_ovo", found, 1e-10);
        let error = of(MultiClass::Raise, Average::Macro).unwrap_err().to_string();
        assert!(error.contains("MultiClass::Ovr"), "{error}");
        assert!(matches!(of(MultiClass::Ovo, Average::Micro), Err(Error::Argument { argument: "average", .. })));
        let case = reference::case("scores_multilabel");
        let (truth, prediction) = (case.matrix("truth"), case.matrix("score"));
        let input = ScoreInput::new(Truth::Indicators(&truth), &prediction);
        let found = [Average::Macro, Average::Micro, Average::Weighted]
            .map(|average| score_of(RocAuc.average(average), &input).unwrap());
        case.assert_close("roc_auc", found, 1e-10);
    }

    #[test]
    fn the_name_contains_the_options() {
        assert_eq!(RocAuc.name(), "roc_auc");
        assert_eq!(RocAuc.multi_class(MultiClass::Ovo).average(Average::Weighted).name(), "roc_auc_ovo_weighted");
    }
}
