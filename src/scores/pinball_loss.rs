use super::fitting::{check, unfit};
use super::score::Score;
use super::score_input::{ScoreInput, Truth};
use super::task::Task;
use crate::error::Result;
use crate::items::item;
use crate::metrics::{mean_pinball_loss, weighted};

item! {
    /// The mean of `max(q·(y − p), (q − 1)·(y − p))`, which is least where `p` is the quantile `q` of `y`.
    ///
    /// The name in reports holds a quantile other than the median: `pinball_loss_0.9`.
    ///
    /// Of several outputs it is the mean over the outputs.
    ///
    /// ```
    /// use perceptra::dmatrix;
    /// use perceptra::scores::{PinballLoss, ScoreInput, Truth, score_of};
    ///
    /// let (truth, prediction) = (dmatrix![1.0; 2.0; 3.0], dmatrix![1.0; 2.0; 4.0]);
    /// let input = ScoreInput::new(Truth::Numbers(&truth), &prediction);
    /// assert_eq!(score_of(PinballLoss, &input)?, 1.0 / 6.0);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # References
    ///
    /// scikit-learn, *sklearn.metrics.mean_pinball_loss*.
    pub struct PinballLoss: "pinball_loss" {
        /// `q`, the quantile that is predicted.
        quantile: f64 [in 0..=1] = 0.5,
    }
}

impl Score for PinballLoss {
    fn name(&self) -> String {
        if self.quantile == 0.5 { "pinball_loss".into() } else { format!("pinball_loss_{}", self.quantile) }
    }

    fn greater_is_better(&self) -> bool {
        false
    }

    fn tasks(&self) -> Vec<Task> {
        vec![Task::Regression, Task::MultiRegression]
    }

    fn score(&self, input: &ScoreInput<'_>) -> Result<f64> {
        check(self, input)?;
        match input.truth {
            Truth::Numbers(truth) => {
                mean_pinball_loss(&weighted(truth, &input.sample_weights()), input.prediction, self.quantile)
            }
            _ => Err(unfit(self, input.task())),
        }
    }
}
