use super::averaged::{self, averaged_name, averaged_score};
use super::score::Score;
use super::score_input::ScoreInput;
use super::task::Task;
use crate::error::Result;
use crate::items::item;
use crate::metrics::{Average, ClassSums};

item! {
    /// The fraction of true positives among the samples decided positive; 0 if none is.
    ///
    /// ```
    /// use perceptra::dmatrix;
    /// use perceptra::scores::{Precision, ScoreInput, Truth, score_of};
    ///
    /// let p = dmatrix![0.1; 0.4; 0.35; 0.8];
    /// let input = ScoreInput::new(Truth::Classes { labels: &[0, 0, 1, 1], n_classes: 2 }, &p);
    /// assert_eq!(score_of(Precision, &input)?, 1.0);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # References
    ///
    /// scikit-learn, *sklearn.metrics.precision_score*.
    pub struct Precision: "precision" {
        /// The average over several classes or labels; without it there are two classes, and class 1 is positive.
        average: Option<Average> = None,
    }
}

impl Score for Precision {
    fn name(&self) -> String {
        averaged_name("precision".into(), self.average)
    }

    fn greater_is_better(&self) -> bool {
        true
    }

    fn tasks(&self) -> Vec<Task> {
        averaged::TASKS.to_vec()
    }

    fn score(&self, input: &ScoreInput<'_>) -> Result<f64> {
        averaged_score(self, input, self.average, ClassSums::precision)
    }
}
