use super::averaged::{TASKS, averaged_name, averaged_score};
use super::{Score, ScoreInput, ScoreTask};
use crate::Result;
use crate::items::Spec;
use crate::items::item;
use crate::metrics::{Average, ClassSums};

item! {
    /// Of what is of a class, the fraction that is decided to be: `TP/(TP + FN)`.
    ///
    /// Of two classes it is that of class 1; of more, and of labels, an average is needed.
    ///
    /// ```
    /// use nalgebra::dmatrix;
    /// use perceptra::scores::{Recall, ScoreInput, Truth, score_of};
    ///
    /// let p = dmatrix![0.1; 0.4; 0.35; 0.8];
    /// let input = ScoreInput::new(Truth::Classes { labels: &[0, 0, 1, 1], n_classes: 2 }, &p);
    /// assert_eq!(score_of(Recall, &input)?, 0.5);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Argument`](crate::Error::Argument) for another task; as [`metrics::recall_score`](crate::metrics::recall_score).
    ///
    /// # References
    ///
    /// scikit-learn, *sklearn.metrics.recall_score*.
    pub struct Recall: "recall" {
        /// How the classes or labels are averaged; none for class 1 of two.
        average: Option<Average> = None,
    }
}

impl Score for Recall {
    fn name(&self) -> String {
        averaged_name(self.class_name(), self.average)
    }

    fn greater_is_better(&self) -> bool {
        true
    }

    fn tasks(&self) -> Vec<ScoreTask> {
        TASKS.to_vec()
    }

    fn score(&self, input: &ScoreInput<'_>) -> Result<f64> {
        averaged_score(self, input, self.average, ClassSums::recall)
    }
}
