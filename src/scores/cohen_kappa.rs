use super::fitting::check;
use super::score::Score;
use super::score_input::ScoreInput;
use super::task::Task;
use crate::error::Result;
use crate::items::item;
use crate::metrics::{KappaWeights, cohen_kappa_score, weighted};

item! {
    /// The agreement of true and predicted classes beyond chance: 1 for full agreement, 0 for agreement by chance.
    ///
    /// ```
    /// use perceptra::dmatrix;
    /// use perceptra::scores::{CohenKappa, ScoreInput, Truth, score_of};
    ///
    /// let p = dmatrix![0.1; 0.4; 0.35; 0.8];
    /// let input = ScoreInput::new(Truth::Classes { labels: &[0, 0, 1, 1], n_classes: 2 }, &p);
    /// assert_eq!(score_of(CohenKappa, &input)?, 0.5);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # References
    ///
    /// scikit-learn, *sklearn.metrics.cohen_kappa_score*.
    pub struct CohenKappa: "cohen_kappa" {
        /// The weights of disagreements.
        weights: KappaWeights = KappaWeights::None,
    }
}

impl Score for CohenKappa {
    fn name(&self) -> String {
        match self.weights {
            KappaWeights::None => "cohen_kappa".into(),
            KappaWeights::Linear => "cohen_kappa_linear".into(),
            KappaWeights::Quadratic => "cohen_kappa_quadratic".into(),
        }
    }

    fn greater_is_better(&self) -> bool {
        true
    }

    fn tasks(&self) -> Vec<Task> {
        vec![Task::Binary, Task::Multiclass]
    }

    fn score(&self, input: &ScoreInput<'_>) -> Result<f64> {
        check(self, input)?;
        cohen_kappa_score(&weighted(input.labels()?, &input.sample_weights()), &input.classes()?, self.weights)
    }
}
