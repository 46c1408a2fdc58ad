use super::{Score, ScoreInput, ScoreTask};
use crate::Result;
use crate::items::item;
use crate::metrics;

item! {
    /// The square root of the mean of `(p − y)²`; the mean over the columns.
    ///
    /// ```
    /// use nalgebra::dmatrix;
    /// use perceptra::scores::{RootMeanSquaredError, ScoreInput, Truth, score_of};
    ///
    /// let (y, p) = (dmatrix![1.0; 2.0; 4.0], dmatrix![1.0; 3.0; 3.0]);
    /// let input = ScoreInput::new(Truth::Numbers(&y), &p);
    /// assert!((score_of(RootMeanSquaredError, &input)? - 0.816).abs() < 1e-3);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Argument`](crate::Error::Argument) for another task; as [`metrics::root_mean_squared_error`](crate::metrics::root_mean_squared_error).
    ///
    /// # References
    ///
    /// scikit-learn, *sklearn.metrics.root_mean_squared_error*.
    pub struct RootMeanSquaredError: "root_mean_squared_error" {}
}

impl Score for RootMeanSquaredError {
    fn greater_is_better(&self) -> bool {
        false
    }

    fn tasks(&self) -> Vec<ScoreTask> {
        vec![ScoreTask::Regression]
    }

    fn score(&self, input: &ScoreInput<'_>) -> Result<f64> {
        super::fitting::check(self, input)?;
        let weights = input.sample_weights();
        metrics::root_mean_squared_error(&metrics::weighted(super::numbers(input)?, &weights), input.prediction)
    }
}
