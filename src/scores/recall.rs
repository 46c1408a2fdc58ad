use super::averaged::{self, averaged_name, averaged_score};
use super::score::Score;
use super::score_input::ScoreInput;
use super::task::Task;
use crate::error::Result;
use crate::items::item;
use crate::metrics::{Average, ClassSums};

item! {
    /// The fraction of the positives that are decided positive; 0 if there are none.
    ///
    /// ```
    /// use perceptra::dmatrix;
    /// use perceptra::scores::{Recall, ScoreInput, Truth, score_of};
    ///
    /// let p = dmatrix![0.1; 0.4; 0.35; 0.8];
    /// let input = ScoreInput::new(Truth::Classes { labels: &[0, 0, 1, 1], n_classes: 2 }, &p);
    /// assert_eq!(score_of(Recall, &input)?, 0.5);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # References
    ///
    /// scikit-learn, *sklearn.metrics.recall_score*.
    pub struct Recall: "recall" {
        /// The average over several classes or labels; without it there are two classes, and class 1 is positive.
        average: Option<Average> = None,
    }
}

impl Score for Recall {
    fn name(&self) -> String {
        averaged_name("recall".into(), self.average)
    }

    fn greater_is_better(&self) -> bool {
        true
    }

    fn tasks(&self) -> Vec<Task> {
        averaged::TASKS.to_vec()
    }

    fn score(&self, input: &ScoreInput<'_>) -> Result<f64> {
        averaged_score(self, input, self.average, ClassSums::recall)
    }
}
