use super::label_mean::mean_over_labels;
use super::score_input::Truth;
use super::{Score, ScoreInput, ScoreTask};
use crate::Result;
use crate::items::item;
use crate::metrics;

item! {
    /// The mean of `−ln p` of the true class; of labels the mean of their binary cross-entropies.
    ///
    /// ```
    /// use nalgebra::dmatrix;
    /// use perceptra::scores::{LogLoss, ScoreInput, Truth, score_of};
    ///
    /// let p = dmatrix![0.1; 0.4; 0.35; 0.8];
    /// let input = ScoreInput::new(Truth::Classes { labels: &[0, 0, 1, 1], n_classes: 2 }, &p);
    /// assert!((score_of(LogLoss, &input)? - 0.472).abs() < 1e-3);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Argument`](crate::Error::Argument) for another task; as [`metrics::log_loss`](crate::metrics::log_loss).
    ///
    /// # References
    ///
    /// scikit-learn, *sklearn.metrics.log_loss*.
    pub struct LogLoss: "log_loss" {}
}

impl Score for LogLoss {
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
            Truth::Indicators(truth) => {
                mean_over_labels(truth, input.prediction, |y, p| metrics::log_loss(&metrics::weighted(y, &weights), p))
            }
            _ if input.task() == ScoreTask::Binary => {
                metrics::log_loss(&metrics::weighted(input.labels()?, &weights), &input.positive()?)
            }
            _ => metrics::log_loss(&metrics::weighted(input.labels()?, &weights), input.prediction),
        }
    }
}
