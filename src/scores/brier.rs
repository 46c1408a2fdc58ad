use super::averaged;
use super::fitting::check;
use super::score::Score;
use super::score_input::{ScoreInput, Truth};
use super::task::Task;
use crate::error::Result;
use crate::items::item;
use crate::metrics::{brier_score_loss, weighted};

item! {
    /// The mean squared error of probabilities: `(p − y)²` for two classes, `Σₖ (pₖ − yₖ)²` for more.
    ///
    /// Of several labels that apply at the same time it is the mean over the labels of the first.
    ///
    /// ```
    /// use perceptra::dmatrix;
    /// use perceptra::scores::{Brier, ScoreInput, Truth, score_of};
    ///
    /// let p = dmatrix![0.5; 0.5];
    /// let input = ScoreInput::new(Truth::Classes { labels: &[0, 1], n_classes: 2 }, &p);
    /// assert_eq!(score_of(Brier, &input)?, 0.25);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
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

    fn tasks(&self) -> Vec<Task> {
        averaged::TASKS.to_vec()
    }

    fn score(&self, input: &ScoreInput<'_>) -> Result<f64> {
        check(self, input)?;
        let weights = input.sample_weights();
        if let Truth::Indicators(truth) = input.truth {
            let labels = truth.column_iter().zip(input.prediction.column_iter());
            let scores = labels.map(|(truth, prediction)| brier_score_loss(&weighted(&truth, &weights), &prediction));
            return Ok(scores.sum::<Result<f64>>()? / truth.ncols() as f64);
        }
        brier_score_loss(&weighted(input.labels()?, &weights), input.prediction)
    }
}
