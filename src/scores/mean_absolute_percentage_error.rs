use super::{Score, ScoreInput, ScoreTask};
use crate::Result;
use crate::items::item;
use crate::metrics;

item! {
    /// The mean of `|p − y|/|y|`, as a fraction.
    ///
    /// ```
    /// use nalgebra::dmatrix;
    /// use perceptra::scores::{MeanAbsolutePercentageError, ScoreInput, Truth, score_of};
    ///
    /// let (y, p) = (dmatrix![1.0; 2.0; 4.0], dmatrix![1.0; 3.0; 3.0]);
    /// let input = ScoreInput::new(Truth::Numbers(&y), &p);
    /// assert!((score_of(MeanAbsolutePercentageError, &input)? - 0.25).abs() < 1e-3);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Argument`](crate::Error::Argument) for another task; as [`metrics::mean_absolute_percentage_error`](crate::metrics::mean_absolute_percentage_error).
    ///
    /// # References
    ///
    /// scikit-learn, *sklearn.metrics.mean_absolute_percentage_error*.
    pub struct MeanAbsolutePercentageError: "mean_absolute_percentage_error" {}
}

impl Score for MeanAbsolutePercentageError {
    fn greater_is_better(&self) -> bool {
        false
    }

    fn tasks(&self) -> Vec<ScoreTask> {
        vec![ScoreTask::Regression]
    }

    fn score(&self, input: &ScoreInput<'_>) -> Result<f64> {
        super::fitting::check(self, input)?;
        let weights = input.sample_weights();
        metrics::mean_absolute_percentage_error(&metrics::weighted(super::numbers(input)?, &weights), input.prediction)
    }
}
