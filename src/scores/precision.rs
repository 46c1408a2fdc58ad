use super::averaged::{TASKS, averaged_name, averaged_score};
use super::{Score, ScoreInput, ScoreTask};
use crate::Result;
use crate::items::Spec;
use crate::items::item;
use crate::metrics::{Average, ClassSums};

item! {
    /// Of what is decided to be of a class, the fraction that is: `TP/(TP + FP)`.
    ///
    /// Of two classes it is that of class 1; of more, and of labels, an average is needed.
    ///
    /// ```
    /// use nalgebra::dmatrix;
    /// use perceptra::scores::{Precision, ScoreInput, Truth, score_of};
    ///
    /// let p = dmatrix![0.1; 0.4; 0.35; 0.8];
    /// let input = ScoreInput::new(Truth::Classes { labels: &[0, 0, 1, 1], n_classes: 2 }, &p);
    /// assert_eq!(score_of(Precision, &input)?, 1.0);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Argument`](crate::Error::Argument) for another task; as [`metrics::precision_score`](crate::metrics::precision_score).
    ///
    /// # References
    ///
    /// scikit-learn, *sklearn.metrics.precision_score*.
    pub struct Precision: "precision" {
        /// How the classes or labels are averaged; none for class 1 of two.
        average: Option<Average> = None,
    }
}

impl Score for Precision {
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
        averaged_score(self, input, self.average, ClassSums::precision)
    }
}
