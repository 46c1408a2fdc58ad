use super::fitting::{check, unfit};
use super::score::Score;
use super::score_input::{ScoreInput, Truth};
use super::task::Task;
use crate::error::Result;
use crate::items::item;
use crate::metrics::{MultiOutput, explained_variance, weighted};

item! {
    /// The fraction of the variance of the truth that predictions explain up to a constant: `1 − Var(y − p) / Var(y)`.
    ///
    /// ```
    /// use perceptra::dmatrix;
    /// use perceptra::scores::{ExplainedVariance, ScoreInput, Truth, score_of};
    ///
    /// let (truth, prediction) = (dmatrix![1.0; 2.0; 3.0], dmatrix![1.0; 2.0; 4.0]);
    /// let input = ScoreInput::new(Truth::Numbers(&truth), &prediction);
    /// assert!((score_of(ExplainedVariance, &input)? - 2.0 / 3.0).abs() < 1e-15);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # References
    ///
    /// scikit-learn, *sklearn.metrics.explained_variance_score*.
    pub struct ExplainedVariance: "explained_variance" {
        /// The average over several outputs.
        multi_output: MultiOutput = MultiOutput::UniformAverage,
    }
}

impl Score for ExplainedVariance {
    fn name(&self) -> String {
        match self.multi_output {
            MultiOutput::UniformAverage => "explained_variance".into(),
            MultiOutput::VarianceWeighted => "explained_variance_variance_weighted".into(),
        }
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
            Truth::Numbers(truth) => {
                explained_variance(&weighted(truth, &input.sample_weights()), input.prediction, self.multi_output)
            }
            _ => Err(unfit(self, input.task())),
        }
    }
}
