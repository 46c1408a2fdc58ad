use super::{Score, ScoreInput, ScoreTask};
use crate::Result;
use crate::items::item;
use crate::metrics;

item! {
    /// The correlation of true and decided classes, in [−1, 1].
    ///
    /// ```
    /// use nalgebra::dmatrix;
    /// use perceptra::scores::{MatthewsCorrelation, ScoreInput, Truth, score_of};
    ///
    /// let p = dmatrix![0.1; 0.4; 0.35; 0.8];
    /// let input = ScoreInput::new(Truth::Classes { labels: &[0, 0, 1, 1], n_classes: 2 }, &p);
    /// assert!((score_of(MatthewsCorrelation, &input)? - 0.577).abs() < 1e-3);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Argument`](crate::Error::Argument) for another task; as [`metrics::matthews_corrcoef`](crate::metrics::matthews_corrcoef).
    ///
    /// # References
    ///
    /// scikit-learn, *sklearn.metrics.matthews_corrcoef*.
    pub struct MatthewsCorrelation: "matthews_correlation" {}
}

impl Score for MatthewsCorrelation {
    fn greater_is_better(&self) -> bool {
        true
    }

    fn tasks(&self) -> Vec<ScoreTask> {
        vec![ScoreTask::Binary, ScoreTask::Multiclass]
    }

    fn score(&self, input: &ScoreInput<'_>) -> Result<f64> {
        super::fitting::check(self, input)?;
        let weights = input.sample_weights();
        metrics::matthews_corrcoef(&metrics::weighted(input.labels()?, &weights), &input.classes()?)
    }
}
