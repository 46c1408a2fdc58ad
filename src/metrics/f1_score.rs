use super::fbeta::FBeta;
use super::{Average, Direction, Metric, MetricState, Outputs, Width};
use crate::spec::{invalid, spec};
use crate::{Result, Scalar};

spec! {
    /// The F1 score of each class, `2·precision·recall / (precision + recall)`.
    ///
    /// `y` and the predictions are samples × classes. Without a threshold the largest output of a sample predicts
    /// its class (several where they are equal; none where it is 0), with one every output above it does. Without
    /// an average there is a figure for each class, named with its number behind the key.
    ///
    /// ```
    /// use perceptra::prelude::*;
    /// use perceptra::metrics::Average;
    ///
    /// let model = Sequential::new()
    ///     .add(Dense::new(3, Softmax))
    ///     .compile(Adam::default(), CategoricalCrossentropy, metrics![F1Score.average(Average::Macro)]);
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Argument`](crate::Error::Argument) where `threshold` is outside of (0, 1].
    ///
    /// # References
    ///
    /// Keras: `keras.metrics.F1Score`.
    pub struct F1Score: "F1Score" checked by check_arguments {
        /// How the figures of the classes become one; default none, a figure for each.
        average: Option<Average> = None,
        /// In (0, 1]: above it an output means 1; by default the largest output does.
        threshold: Option<f64> = None,
        /// The key in history and logs; `f1_score` by default.
        name: Option<String> = None,
    }
}

impl F1Score {
    fn check_arguments(&self) -> Result<()> {
        match self.threshold {
            Some(threshold) if !(threshold > 0.0 && threshold <= 1.0) => {
                Err(invalid(self, "threshold", threshold, "a number above 0 and at most 1"))
            }
            _ => Ok(()),
        }
    }
}

impl<T: Scalar> Metric<T> for F1Score {
    fn start(&self, width: Width) -> Result<Box<dyn MetricState<T>>> {
        self.check_arguments()?;
        width.matching(self)?;
        Ok(Box::new(FBeta::new(self.average, 1.0, self.threshold, width.outputs)))
    }

    fn expects(&self, _: Width) -> Outputs {
        if self.threshold.is_none() { Outputs::Classes } else { Outputs::Any }
    }

    fn given_name(&self) -> Option<String> {
        self.name.clone()
    }

    fn direction(&self) -> Option<Direction> {
        Some(Direction::Up)
    }
}
