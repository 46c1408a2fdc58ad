use super::fitting::{check, unfit};
use super::score::Score;
use super::score_input::{ScoreInput, Truth};
use super::task::Task;
use crate::error::Result;
use crate::items::item;
use crate::metrics::{MultiOutput, r2, weighted};

item! {
    /// The fraction of the variance of the truth that predictions explain: `1 − Σ (p − y)² / Σ (y − ȳ)²`.
    ///
    /// ```
    /// use perceptra::dmatrix;
    /// use perceptra::scores::{R2, ScoreInput, Truth, score_of};
    ///
    /// let (truth, prediction) = (dmatrix![1.0; 2.0; 3.0], dmatrix![1.0; 2.0; 4.0]);
    /// let input = ScoreInput::new(Truth::Numbers(&truth), &prediction);
    /// assert_eq!(score_of(R2, &input)?, 0.5);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # References
    ///
    /// scikit-learn, *sklearn.metrics.r2_score*.
    pub struct R2: "r2" {
        /// The average over several outputs.
        multi_output: MultiOutput = MultiOutput::UniformAverage,
    }
}

impl Score for R2 {
    fn name(&self) -> String {
        if self.multi_output == MultiOutput::VarianceWeighted { "r2_variance_weighted".into() } else { "r2".into() }
    }

    fn greater_is_better(&self) -> bool {
        true
    }

    fn tasks(&self) -> Vec<Task> {
        vec![Task::Regression, Task::MultiRegression]
    }

    fn score(&self, input: &ScoreInput<'_>) -> Result<f64> {
        check(self, input)?;
        match input.truth {
            Truth::Numbers(truth) => r2(&weighted(truth, &input.sample_weights()), input.prediction, self.multi_output),
            _ => Err(unfit(self, input.task())),
        }
    }
}
