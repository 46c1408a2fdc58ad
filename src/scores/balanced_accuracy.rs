use super::{Score, ScoreInput, ScoreTask};
use crate::Result;
use crate::items::item;
use crate::metrics;

item! {
    /// The mean recall of the classes.
    ///
    /// ```
    /// use nalgebra::dmatrix;
    /// use perceptra::scores::{BalancedAccuracy, ScoreInput, Truth, score_of};
    ///
    /// let p = dmatrix![0.1; 0.4; 0.35; 0.8];
    /// let input = ScoreInput::new(Truth::Classes { labels: &[0, 0, 1, 1], n_classes: 2 }, &p);
    /// assert_eq!(score_of(BalancedAccuracy, &input)?, 0.75);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Argument`](crate::Error::Argument) for another task; as [`metrics::balanced_accuracy_score`](crate::metrics::balanced_accuracy_score).
    ///
    /// # References
    ///
    /// scikit-learn, *sklearn.metrics.balanced_accuracy_score*.
    pub struct BalancedAccuracy: "balanced_accuracy" {}
}

impl Score for BalancedAccuracy {
    fn greater_is_better(&self) -> bool {
        true
    }

    fn tasks(&self) -> Vec<ScoreTask> {
        vec![ScoreTask::Binary, ScoreTask::Multiclass]
    }

    fn score(&self, input: &ScoreInput<'_>) -> Result<f64> {
        super::fitting::check(self, input)?;
        let weights = input.sample_weights();
        metrics::balanced_accuracy_score(&metrics::weighted(input.labels()?, &weights), &input.classes()?)
    }
}
