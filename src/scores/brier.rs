use super::label_mean::mean_over_labels;
use super::score_input::Truth;
use super::{Score, ScoreInput, ScoreTask};
use crate::Result;
use crate::items::item;
use crate::metrics;

item! {
    /// The mean of `(p − y)²` of class 1 of two; of more classes the mean of its sum over the classes, of labels the mean over the labels.
    ///
    /// ```
    /// use nalgebra::dmatrix;
    /// use perceptra::scores::{Brier, ScoreInput, Truth, score_of};
    ///
    /// let p = dmatrix![0.1; 0.4; 0.35; 0.8];
    /// let input = ScoreInput::new(Truth::Classes { labels: &[0, 0, 1, 1], n_classes: 2 }, &p);
    /// assert!((score_of(Brier, &input)? - 0.158).abs() < 1e-3);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Argument`](crate::Error::Argument) for another task; as [`metrics::brier_score_loss`](crate::metrics::brier_score_loss).
    ///
    /// # References
    ///
    /// scikit-learn, *sklearn.metrics.brier_score_loss*.
    pub struct Brier: "brier" {}
}

impl Score for Brier {
    fn greater_is_better(&self) -> bool {
        false
    }

    fn tasks(&self) -> Vec<ScoreTask> {
        vec![ScoreTask::Binary, ScoreTask::Multiclass, ScoreTask::Multilabel]
    }

    fn score(&self, input: &ScoreInput<'_>) -> Result<f64> {
        super::fitting::check(self, input)?;
        let weights = input.sample_weights();
        match input.truth {
            Truth::Indicators(truth) => mean_over_labels(truth, input.prediction, |y, p| {
                metrics::brier_score_loss(&metrics::weighted(y, &weights), p)
            }),
            _ if input.task() == ScoreTask::Binary => {
                metrics::brier_score_loss(&metrics::weighted(input.labels()?, &weights), &input.positive()?)
            }
            _ => metrics::brier_score_loss(&metrics::weighted(input.labels()?, &weights), input.prediction),
        }
    }
}
