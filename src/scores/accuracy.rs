use super::{Score, ScoreInput, ScoreTask};
use crate::Result;
use crate::items::item;
use crate::metrics;

item! {
    /// The fraction of samples whose decided class is the true one.
    ///
    /// Of two classes that is class 1 where its probability is above the threshold, of more the most probable one.
    ///
    /// ```
    /// use nalgebra::dmatrix;
    /// use perceptra::scores::{Accuracy, ScoreInput, Truth, score_of};
    ///
    /// let p = dmatrix![0.1; 0.4; 0.35; 0.8];
    /// let input = ScoreInput::new(Truth::Classes { labels: &[0, 0, 1, 1], n_classes: 2 }, &p);
    /// assert_eq!(score_of(Accuracy, &input)?, 0.75);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Argument`](crate::Error::Argument) for another task; as [`metrics::accuracy_score`](crate::metrics::accuracy_score).
    ///
    /// # References
    ///
    /// scikit-learn, *sklearn.metrics.accuracy_score*.
    pub struct Accuracy: "accuracy" {}
}

impl Score for Accuracy {
    fn greater_is_better(&self) -> bool {
        true
    }

    fn tasks(&self) -> Vec<ScoreTask> {
        vec![ScoreTask::Binary, ScoreTask::Multiclass]
    }

    fn score(&self, input: &ScoreInput<'_>) -> Result<f64> {
        super::fitting::check(self, input)?;
        let weights = input.sample_weights();
        metrics::accuracy_score(&metrics::weighted(input.labels()?, &weights), &input.classes()?)
    }
}
