use super::{Score, ScoreInput, ScoreTask};
use crate::Result;
use crate::items::item;
use crate::metrics;

item! {
    /// The fraction of the variance that predictions explain, `1 − Var(y − p)/Var(y)`; the mean over the columns.
    ///
    /// ```
    /// use nalgebra::dmatrix;
    /// use perceptra::scores::{ExplainedVariance, ScoreInput, Truth, score_of};
    ///
    /// let (y, p) = (dmatrix![1.0; 2.0; 4.0], dmatrix![1.0; 3.0; 3.0]);
    /// let input = ScoreInput::new(Truth::Numbers(&y), &p);
    /// assert!((score_of(ExplainedVariance, &input)? - 0.571).abs() < 1e-3);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Argument`](crate::Error::Argument) for another task; as [`metrics::explained_variance_score`](crate::metrics::explained_variance_score).
    ///
    /// # References
    ///
    /// scikit-learn, *sklearn.metrics.explained_variance_score*.
    pub struct ExplainedVariance: "explained_variance" {}
}

impl Score for ExplainedVariance {
    fn greater_is_better(&self) -> bool {
        true
    }

    fn tasks(&self) -> Vec<ScoreTask> {
        vec![ScoreTask::Regression]
    }

    fn score(&self, input: &ScoreInput<'_>) -> Result<f64> {
        super::fitting::check(self, input)?;
        let weights = input.sample_weights();
        metrics::explained_variance_score(&metrics::weighted(super::numbers(input)?, &weights), input.prediction)
    }
}
