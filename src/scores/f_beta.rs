use super::averaged::{TASKS, averaged_name, averaged_score};
use super::{Score, ScoreInput, ScoreTask};
use crate::Result;
use crate::items::item;
use crate::metrics::Average;

item! {
    /// The weighted harmonic mean of precision and recall, `(1 + β²)·TP / ((1 + β²)·TP + FP + β²·FN)`; F1 by default.
    ///
    /// Of two classes it is that of class 1; of more, and of labels, an average is needed.
    ///
    /// ```
    /// use nalgebra::dmatrix;
    /// use perceptra::scores::{FBeta, ScoreInput, Truth, score_of};
    ///
    /// let p = dmatrix![0.1; 0.4; 0.35; 0.8];
    /// let input = ScoreInput::new(Truth::Classes { labels: &[0, 0, 1, 1], n_classes: 2 }, &p);
    /// assert!((score_of(FBeta, &input)? - 0.667).abs() < 1e-3);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Argument`](crate::Error::Argument) for another task; as [`metrics::fbeta_score`](crate::metrics::fbeta_score).
    ///
    /// # References
    ///
    /// scikit-learn, *sklearn.metrics.fbeta_score*.
    pub struct FBeta: "f_beta" {
        /// How much more recall counts than precision.
        beta: f64 [above 0] = 1.0,
        /// How the classes or labels are averaged; none for class 1 of two.
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

    fn tasks(&self) -> Vec<ScoreTask> {
        TASKS.to_vec()
    }

    fn score(&self, input: &ScoreInput<'_>) -> Result<f64> {
        averaged_score(self, input, self.average, |class| class.f_beta(self.beta))
    }
}
