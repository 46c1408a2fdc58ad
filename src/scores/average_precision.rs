use super::score_input::Truth;
use super::{Score, ScoreInput, ScoreTask};
use crate::Result;
use crate::items::item;
use crate::metrics::{self, Average};

item! {
    /// The mean precision over the recall of class 1; of several classes or labels their mean.
    ///
    /// ```
    /// use nalgebra::dmatrix;
    /// use perceptra::scores::{AveragePrecision, ScoreInput, Truth, score_of};
    ///
    /// let p = dmatrix![0.1; 0.4; 0.35; 0.8];
    /// let input = ScoreInput::new(Truth::Classes { labels: &[0, 0, 1, 1], n_classes: 2 }, &p);
    /// assert!((score_of(AveragePrecision, &input)? - 0.833).abs() < 1e-3);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Argument`](crate::Error::Argument) for another task; as [`metrics::average_precision_score`](crate::metrics::average_precision_score).
    ///
    /// # References
    ///
    /// scikit-learn, *sklearn.metrics.average_precision_score*.
    pub struct AveragePrecision: "average_precision" {
        /// How classes or labels are averaged.
        average: Average = Average::Macro,
    }
}

impl Score for AveragePrecision {
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
            Truth::Indicators(truth) => metrics::multilabel_average_precision_score(
                &metrics::weighted(truth, &weights),
                input.prediction,
                self.average,
            ),
            _ if input.task() == ScoreTask::Binary => {
                metrics::average_precision_score(&metrics::weighted(input.labels()?, &weights), &input.positive()?)
            }
            _ => metrics::multiclass_average_precision_score(
                &metrics::weighted(input.labels()?, &weights),
                input.prediction,
                self.average,
            ),
        }
    }
}
