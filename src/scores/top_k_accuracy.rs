use super::{Score, ScoreInput, ScoreTask};
use crate::Result;
use crate::items::item;
use crate::metrics;

item! {
    /// The fraction of samples whose true class is among the `k` most probable ones.
    ///
    /// ```
    /// use nalgebra::dmatrix;
    /// use perceptra::scores::{ScoreInput, TopKAccuracy, Truth, score_of};
    ///
    /// let p = dmatrix![0.7, 0.2, 0.1; 0.3, 0.4, 0.3];
    /// let input = ScoreInput::new(Truth::Classes { labels: &[1, 1], n_classes: 3 }, &p);
    /// assert_eq!(score_of(TopKAccuracy, &input)?, 1.0);
    /// assert_eq!(score_of(TopKAccuracy.k(1), &input)?, 0.5);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Argument`](crate::Error::Argument) for another task; as [`metrics::top_k_accuracy_score`](crate::metrics::top_k_accuracy_score).
    ///
    /// # References
    ///
    /// scikit-learn, *sklearn.metrics.top_k_accuracy_score*.
    pub struct TopKAccuracy: "top_k_accuracy" {
        /// The number of classes that count as right.
        k: usize [at least 1] = 2,
    }
}

impl Score for TopKAccuracy {
    fn name(&self) -> String {
        format!("top_{}_accuracy", self.k)
    }

    fn greater_is_better(&self) -> bool {
        true
    }

    fn tasks(&self) -> Vec<ScoreTask> {
        vec![ScoreTask::Multiclass]
    }

    fn score(&self, input: &ScoreInput<'_>) -> Result<f64> {
        super::fitting::check(self, input)?;
        let weights = input.sample_weights();
        metrics::top_k_accuracy_score(&metrics::weighted(input.labels()?, &weights), input.prediction, self.k)
    }
}
