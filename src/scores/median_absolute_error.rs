use super::fitting::{check, unfit};
use super::score::Score;
use super::score_input::{ScoreInput, Truth};
use super::task::Task;
use crate::error::Result;
use crate::items::item;
use crate::metrics::{median_absolute_error, weighted};

item! {
    /// The median of `|p − y|`, which outliers do not change.
    ///
    /// Of several outputs it is the mean over the outputs.
    ///
    /// ```
    /// use perceptra::dmatrix;
    /// use perceptra::scores::{MedianAbsoluteError, ScoreInput, Truth, score_of};
    ///
    /// let (truth, prediction) = (dmatrix![1.0; 2.0; 3.0], dmatrix![1.0; 2.0; 4.0]);
    /// let input = ScoreInput::new(Truth::Numbers(&truth), &prediction);
    /// assert_eq!(score_of(MedianAbsoluteError, &input)?, 0.0);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # References
    ///
    /// scikit-learn, *sklearn.metrics.median_absolute_error*.
    pub struct MedianAbsoluteError: "median_absolute_error" {}
}

impl Score for MedianAbsoluteError {
    fn greater_is_better(&self) -> bool {
        false
    }

    fn tasks(&self) -> Vec<Task> {
        vec![Task::Regression, Task::MultiRegression]
    }

    fn score(&self, input: &ScoreInput<'_>) -> Result<f64> {
        check(self, input)?;
        match input.truth {
            Truth::Numbers(truth) => median_absolute_error(&weighted(truth, &input.sample_weights()), input.prediction),
            _ => Err(unfit(self, input.task())),
        }
    }
}
