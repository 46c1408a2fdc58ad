use super::{Score, ScoreInput, ScoreTask};
use crate::Result;
use crate::items::item;
use crate::metrics;

item! {
    /// The mean of `|p − y|`.
    ///
    /// ```
    /// use nalgebra::dmatrix;
    /// use perceptra::scores::{MeanAbsoluteError, ScoreInput, Truth, score_of};
    ///
    /// let (y, p) = (dmatrix![1.0; 2.0; 4.0], dmatrix![1.0; 3.0; 3.0]);
    /// let input = ScoreInput::new(Truth::Numbers(&y), &p);
    /// assert!((score_of(MeanAbsoluteError, &input)? - 0.667).abs() < 1e-3);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Argument`](crate::Error::Argument) for another task; as [`metrics::mean_absolute_error`](crate::metrics::mean_absolute_error).
    ///
    /// # References
    ///
    /// scikit-learn, *sklearn.metrics.mean_absolute_error*.
    pub struct MeanAbsoluteError: "mean_absolute_error" {}
}

impl Score for MeanAbsoluteError {
    fn greater_is_better(&self) -> bool {
        false
    }

    fn tasks(&self) -> Vec<ScoreTask> {
        vec![ScoreTask::Regression]
    }

    fn score(&self, input: &ScoreInput<'_>) -> Result<f64> {
        super::fitting::check(self, input)?;
        let weights = input.sample_weights();
        metrics::mean_absolute_error(&metrics::weighted(super::numbers(input)?, &weights), input.prediction)
    }
}
