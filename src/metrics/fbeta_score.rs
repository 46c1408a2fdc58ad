use super::fbeta::FBeta;
use super::{Average, Direction, Metric, MetricState, Outputs, Width};
use crate::spec::{invalid, spec};
use crate::{Result, Scalar};

spec! {
    /// The F-beta score of each class, `(1 + β²)·precision·recall / (β²·precision + recall)`.
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
    ///     .compile(Adam::default(), CategoricalCrossentropy, metrics![FBetaScore.average(Average::Macro)]);
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Argument`](crate::Error::Argument) where `beta` is not above 0 or `threshold` is outside of (0, 1].
    ///
    /// # References
    ///
    /// Keras: `keras.metrics.FBetaScore`.
    pub struct FBetaScore: "FBetaScore" checked by check_arguments {
        /// How the figures of the classes become one; default none, a figure for each.
        average: Option<Average> = None,
        /// How much more recall counts than precision, above 0; default 1.
        beta: f64 = 1.0,
        /// In (0, 1]: above it an output means 1; by default the largest output does.
        threshold: Option<f64> = None,
        /// The key in history and logs; `fbeta_score` by default.
        name: Option<String> = None,
    }
}

impl FBetaScore {
    fn check_arguments(&self) -> Result<()> {
        if !(self.beta.is_finite() && self.beta > 0.0) {
            return Err(invalid(self, "beta", self.beta, "a finite number above 0"));
        }
        match self.threshold {
            Some(threshold) if !(threshold > 0.0 && threshold <= 1.0) => {
                Err(invalid(self, "threshold", threshold, "a number above 0 and at most 1"))
            }
            _ => Ok(()),
        }
    }
}

impl<T: Scalar> Metric<T> for FBetaScore {
    fn start(&self, width: Width) -> Result<Box<dyn MetricState<T>>> {
        self.check_arguments()?;
        width.matching(self)?;
        Ok(Box::new(FBeta::new(self.average, self.beta, self.threshold, width.outputs)))
    }

    fn expects(&self, _: Width) -> Outputs {
        if self.threshold.is_none() { Outputs::Classes } else { Outputs::Any }
    }

    fn given_name(&self) -> Option<String> {
        self.name.clone()
    }

    fn key(&self) -> String {
        self.name.clone().unwrap_or_else(|| "fbeta_score".into())
    }

    fn direction(&self) -> Option<Direction> {
        Some(Direction::Up)
    }
}
