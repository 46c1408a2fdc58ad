use super::averaged::{self, averaged_name, averaged_score};
use super::score::Score;
use super::score_input::ScoreInput;
use super::task::Task;
use crate::error::Result;
use crate::items::item;
use crate::metrics::Average;

item! {
    /// Precision and recall combined, recall counting β times as much: F1 for β = 1.
    ///
    /// The name in reports holds β: `f1`, `f0.5`.
    ///
    /// ```
    /// use perceptra::dmatrix;
    /// use perceptra::scores::{FBeta, ScoreInput, Truth, score_of};
    ///
    /// let p = dmatrix![0.1; 0.4; 0.35; 0.8];
    /// let input = ScoreInput::new(Truth::Classes { labels: &[0, 0, 1, 1], n_classes: 2 }, &p);
    /// assert_eq!(score_of(FBeta, &input)?, 2.0 / 3.0);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # References
    ///
    /// scikit-learn, *sklearn.metrics.fbeta_score*.
    pub struct FBeta: "f_beta" {
        /// The weight of recall.
        beta: f64 [at least 0] = 1.0,
        /// The average over several classes or labels; without it there are two classes, and class 1 is positive.
        average: Option<Average> = None,
    }
}

impl Score for FBeta {
    fn name(&self) -> String {
        averaged_name(format!("f{}", self.beta), self.average)
    }

    fn greater_is_better(&self) -> bool {
        true
    }

    fn tasks(&self) -> Vec<Task> {
        averaged::TASKS.to_vec()
    }

    fn score(&self, input: &ScoreInput<'_>) -> Result<f64> {
        averaged_score(self, input, self.average, |class| class.f_beta(self.beta))
    }
}
