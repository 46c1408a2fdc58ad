use super::averaged;
use super::fitting::check;
use super::score::Score;
use super::score_input::{ScoreInput, Truth};
use super::task::Task;
use crate::error::Result;
use crate::items::item;
use crate::metrics::{log_loss, weighted};

item! {
    /// The mean of `−ln p(true class)`: crossentropy.
    ///
    /// Of several labels that apply at the same time it is the mean over the labels.
    ///
    /// ```
    /// use perceptra::dmatrix;
    /// use perceptra::scores::{LogLoss, ScoreInput, Truth, score_of};
    ///
    /// let p = dmatrix![0.5; 0.5];
    /// let input = ScoreInput::new(Truth::Classes { labels: &[0, 1], n_classes: 2 }, &p);
    /// assert_eq!(score_of(LogLoss, &input)?, 2_f64.ln());
    /// # Ok::<(), perceptra::Error>(())
    /// ```
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

    fn tasks(&self) -> Vec<Task> {
        averaged::TASKS.to_vec()
    }

    fn score(&self, input: &ScoreInput<'_>) -> Result<f64> {
        check(self, input)?;
        let weights = input.sample_weights();
        if let Truth::Indicators(truth) = input.truth {
            let labels = truth.column_iter().zip(input.prediction.column_iter());
            let scores = labels.map(|(truth, prediction)| log_loss(&weighted(&truth, &weights), &prediction));
            return Ok(scores.sum::<Result<f64>>()? / truth.ncols() as f64);
        }
        log_loss(&weighted(input.labels()?, &weights), input.prediction)
    }
}
