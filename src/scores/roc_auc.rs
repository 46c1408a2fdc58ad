use super::score_input::Truth;
use super::{Score, ScoreInput, ScoreTask};
use crate::Result;
use crate::items::item;
use crate::metrics::{self, Average, MultiClass};

item! {
    /// The area under the ROC curve; of several classes the mean over classes against the rest, or over pairs of classes, of labels the mean over the labels.
    ///
    /// ```
    /// use nalgebra::dmatrix;
    /// use perceptra::scores::{RocAuc, ScoreInput, Truth, score_of};
    ///
    /// let p = dmatrix![0.1; 0.4; 0.35; 0.8];
    /// let input = ScoreInput::new(Truth::Classes { labels: &[0, 0, 1, 1], n_classes: 2 }, &p);
    /// assert_eq!(score_of(RocAuc, &input)?, 0.75);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Argument`](crate::Error::Argument) for another task; as [`metrics::roc_auc_score`](crate::metrics::roc_auc_score).
    ///
    /// # References
    ///
    /// scikit-learn, *sklearn.metrics.roc_auc_score*.
    pub struct RocAuc: "roc_auc" {
        /// What is compared of more than two classes.
        multi_class: MultiClass = MultiClass::Ovr,
        /// How classes or labels are averaged.
        average: Average = Average::Macro,
    }
}

impl Score for RocAuc {
    fn greater_is_better(&self) -> bool {
        true
    }

    fn tasks(&self) -> Vec<ScoreTask> {
        vec![ScoreTask::Binary, ScoreTask::Multiclass, ScoreTask::Multilabel]
    }

    fn score(&self, input: &ScoreInput<'_>) -> Result<f64> {
        super::fitting::check(self, input)?;
        let weights = input.sample_weights();
        match input.truth {
            Truth::Indicators(truth) => {
                metrics::multilabel_roc_auc_score(&metrics::weighted(truth, &weights), input.prediction, self.average)
            }
            _ if input.task() == ScoreTask::Binary => {
                metrics::roc_auc_score(&metrics::weighted(input.labels()?, &weights), &input.positive()?)
            }
            _ => metrics::multiclass_roc_auc_score(
                &metrics::weighted(input.labels()?, &weights),
                input.prediction,
                self.multi_class,
                self.average,
            ),
        }
    }
}
