use super::states::fbeta::FBetaState;
use super::{Average, Direction, Metric, MetricState, Outputs, Width};
use crate::items::{Spec, item};
use crate::{Result, Scalar};

item! {
    /// The F1 score of each class, `2·precision·recall / (precision + recall)`.
    ///
    /// `y` and the predictions are samples × classes. Without a threshold the largest output of a sample is the predicted
    /// class (several if they are equal, none if it is 0); with a threshold, every output above it is. Without an average
    /// there is a value for each class, named with the key and the index of the class.
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
    /// [`Error::Argument`](crate::Error::Argument) if `threshold` is outside (0, 1].
    ///
    /// # References
    ///
    /// Keras: `keras.metrics.F1Score`.
    pub struct F1Score: "F1Score" {
        /// The average over the classes; without it there is a score for each.
        average: Option<Average> = None,
        /// The threshold above which an output means 1; without one the largest output does.
        threshold: Option<f64> [above 0 up to 1] = None,
        /// The key in history and logs; `f1_score` by default.
        name: Option<String> = None,
    }
}

impl<T: Scalar> Metric<T> for F1Score {
    fn start(&self, width: Width) -> Result<Box<dyn MetricState<T>>> {
        self.check()?;
        width.matching(self)?;
        Ok(Box::new(FBetaState::new(self.average, 1.0, self.threshold, width.outputs)))
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
