use super::fitting::check;
use super::score::Score;
use super::score_input::ScoreInput;
use super::task::Task;
use crate::error::Result;
use crate::items::item;
use crate::metrics::{matthews_corrcoef, weighted};

item! {
    /// The correlation coefficient of true and decided classes, from −1 to 1; 0 if one of the two has a single class.
    ///
    /// ```
    /// use perceptra::dmatrix;
    /// use perceptra::scores::{MatthewsCorrelation, ScoreInput, Truth, score_of};
    ///
    /// let p = dmatrix![0.1; 0.4; 0.35; 0.8];
    /// let input = ScoreInput::new(Truth::Classes { labels: &[0, 0, 1, 1], n_classes: 2 }, &p);
    /// assert!((score_of(MatthewsCorrelation, &input)? - 1.0 / 3_f64.sqrt()).abs() < 1e-15);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # References
    ///
    /// scikit-learn, *sklearn.metrics.matthews_corrcoef*.
    pub struct MatthewsCorrelation: "matthews_correlation" {}
}

impl Score for MatthewsCorrelation {
    fn greater_is_better(&self) -> bool {
        true
    }

    fn tasks(&self) -> Vec<Task> {
        vec![Task::Binary, Task::Multiclass]
    }

    fn score(&self, input: &ScoreInput<'_>) -> Result<f64> {
        check(self, input)?;
        matthews_corrcoef(&weighted(input.labels()?, &input.sample_weights()), &input.classes()?)
    }
}
