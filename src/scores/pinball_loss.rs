use super::{Score, ScoreInput, ScoreTask};
use crate::Result;
use crate::items::item;
use crate::metrics;

item! {
    /// The loss of a quantile α: the mean of `α·(y − p)` where the truth is not below the prediction, else of `(1 − α)·(p − y)`.
    ///
    /// ```
    /// use nalgebra::dmatrix;
    /// use perceptra::scores::{PinballLoss, ScoreInput, Truth, score_of};
    ///
    /// let (y, p) = (dmatrix![1.0; 2.0; 4.0], dmatrix![1.0; 3.0; 3.0]);
    /// let input = ScoreInput::new(Truth::Numbers(&y), &p);
    /// assert!((score_of(PinballLoss, &input)? - 0.333).abs() < 1e-3);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Argument`](crate::Error::Argument) for another task; as [`metrics::mean_pinball_loss`](crate::metrics::mean_pinball_loss).
    ///
    /// # References
    ///
    /// scikit-learn, *sklearn.metrics.mean_pinball_loss*.
    pub struct PinballLoss: "pinball_loss" {
        /// The quantile α that is predicted.
        quantile: f64 [in 0..=1] = 0.5,
    }
}

impl Score for PinballLoss {
    fn name(&self) -> String {
        format!("pinball_loss_{}", self.quantile)
    }

    fn greater_is_better(&self) -> bool {
        false
    }

    fn tasks(&self) -> Vec<ScoreTask> {
        vec![ScoreTask::Regression]
    }

    fn score(&self, input: &ScoreInput<'_>) -> Result<f64> {
        super::fitting::check(self, input)?;
        let weights = input.sample_weights();
        metrics::mean_pinball_loss(
            &metrics::weighted(super::numbers(input)?, &weights),
            input.prediction,
            self.quantile,
        )
    }
}
