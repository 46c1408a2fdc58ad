use super::fitting::check;
use super::score::Score;
use super::score_input::ScoreInput;
use super::task::Task;
use crate::error::Result;
use crate::items::item;
use crate::metrics::{top_k_accuracy_score, weighted};

item! {
    /// The fraction of samples whose true class is among the `k` with the highest probabilities.
    ///
    /// It takes fewer than there are classes. The name in reports holds `k`: `top_2_accuracy`.
    ///
    /// ```
    /// use perceptra::dmatrix;
    /// use perceptra::scores::{ScoreInput, TopKAccuracy, Truth, score_of};
    ///
    /// let p = dmatrix![0.5, 0.2, 0.3; 0.4, 0.35, 0.25; 0.6, 0.3, 0.1; 0.1, 0.2, 0.7];
    /// let input = ScoreInput::new(Truth::Classes { labels: &[0, 1, 2, 2], n_classes: 3 }, &p);
    /// assert_eq!(score_of(TopKAccuracy.k(2), &input)?, 0.75);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # References
    ///
    /// scikit-learn, *sklearn.metrics.top_k_accuracy_score*.
    pub struct TopKAccuracy: "top_k_accuracy" {
        /// The number of most probable classes that count.
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

    fn tasks(&self) -> Vec<Task> {
        vec![Task::Multiclass]
    }

    fn score(&self, input: &ScoreInput<'_>) -> Result<f64> {
        check(self, input)?;
        top_k_accuracy_score(&weighted(input.labels()?, &input.sample_weights()), input.prediction, self.k)
    }
}
