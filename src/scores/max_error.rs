use super::{Score, ScoreInput, ScoreTask};
use crate::Result;
use crate::items::item;

item! {
    /// The largest `|p − y|`, over all columns; weights do not count.
    ///
    /// ```
    /// use nalgebra::dmatrix;
    /// use perceptra::scores::{MaxError, ScoreInput, Truth, score_of};
    ///
    /// let (y, p) = (dmatrix![1.0; 2.0; 4.0], dmatrix![1.0; 3.0; 3.0]);
    /// let input = ScoreInput::new(Truth::Numbers(&y), &p);
    /// assert_eq!(score_of(MaxError, &input)?, 1.0);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Argument`](crate::Error::Argument) for another task; as [`metrics::max_error`](crate::metrics::max_error).
    ///
    /// # References
    ///
    /// scikit-learn, *sklearn.metrics.max_error*.
    pub struct MaxError: "max_error" {}
}

impl Score for MaxError {
    fn greater_is_better(&self) -> bool {
        false
    }

    fn tasks(&self) -> Vec<ScoreTask> {
        vec![ScoreTask::Regression]
    }

    fn score(&self, input: &ScoreInput<'_>) -> Result<f64> {
        super::fitting::check(self, input)?;
        let distance = |(y, p): (&f64, &f64)| (p - y).abs();
        Ok(super::numbers(input)?.iter().zip(input.prediction).map(distance).fold(0.0, f64::max))
    }
}
