use super::fitting::check;
use super::score::Score;
use super::score_input::ScoreInput;
use super::task::Task;
use crate::error::Result;
use crate::items::item;
use crate::metrics::{balanced_accuracy, weighted};

item! {
    /// The mean of the classes' recalls: accuracy where every class of the truth counts equally.
    ///
    /// ```
    /// use perceptra::dmatrix;
    /// use perceptra::scores::{BalancedAccuracy, ScoreInput, Truth, score_of};
    ///
    /// let p = dmatrix![0.1; 0.4; 0.35; 0.8];
    /// let input = ScoreInput::new(Truth::Classes { labels: &[0, 0, 1, 1], n_classes: 2 }, &p);
    /// assert_eq!(score_of(BalancedAccuracy, &input)?, 0.75);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # References
    ///
    /// scikit-learn, *sklearn.metrics.balanced_accuracy_score*.
    pub struct BalancedAccuracy: "balanced_accuracy" {
        /// Whether the score is rescaled so that labels drawn at random have 0: `(s − 1/K)/(1 − 1/K)` of `K` classes.
        adjusted: bool = false,
    }
}

impl Score for BalancedAccuracy {
    fn name(&self) -> String {
        if self.adjusted { "balanced_accuracy_adjusted".into() } else { "balanced_accuracy".into() }
    }

    fn greater_is_better(&self) -> bool {
        true
    }

    fn tasks(&self) -> Vec<Task> {
        vec![Task::Binary, Task::Multiclass]
    }

    fn score(&self, input: &ScoreInput<'_>) -> Result<f64> {
        check(self, input)?;
        balanced_accuracy(&weighted(input.labels()?, &input.sample_weights()), &input.classes()?, self.adjusted)
    }
}
