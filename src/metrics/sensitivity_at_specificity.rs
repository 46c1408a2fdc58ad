use super::confusion::{recall, specificity};
use super::constrained::Arguments;
use super::{Direction, Metric, MetricState, Outputs, Width};
use crate::spec::spec;
use crate::{Result, Scalar};

spec! {
    /// The best sensitivity, `TP/(TP + FN)`, at a threshold where specificity, `TN/(TN + FP)`, reaches a given value.
    ///
    /// The thresholds are `0, 1/(n − 1), …, 1`; where none reaches the value the figure is 0. Targets other than
    /// 0 are ones; predictions outside of [0, 1] count as the nearer end.
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let model = Sequential::new()
    ///     .add(Dense::new(1, Sigmoid))
    ///     .compile(Adam::default(), BinaryCrossentropy, metrics![SensitivityAtSpecificity.specificity(0.8)]);
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Argument`](crate::Error::Argument) where `specificity` is not given or outside of [0, 1], without a
    /// threshold, and where `class_id` is not an output.
    ///
    /// # References
    ///
    /// Keras: `keras.metrics.SensitivityAtSpecificity`.
    pub struct SensitivityAtSpecificity: "SensitivityAtSpecificity" checked by check_arguments {
        /// The value to reach, in [0, 1]; has to be given.
        specificity: Option<f64> = None,
        /// How many thresholds, at least 1 (which is 0.5); default 200.
        num_thresholds: usize = 200,
        /// The output that alone is looked at, below the number of outputs; all by default.
        class_id: Option<usize> = None,
        /// The key in history and logs; `sensitivity_at_specificity` by default.
        name: Option<String> = None,
    }
}

impl SensitivityAtSpecificity {
    fn arguments(&self) -> Arguments {
        let SensitivityAtSpecificity { specificity: floor, num_thresholds, class_id, .. } = *self;
        Arguments { name: "specificity", floor, num_thresholds, class_id }
    }

    fn check_arguments(&self) -> Result<()> {
        self.arguments().check(self)
    }
}

impl<T: Scalar> Metric<T> for SensitivityAtSpecificity {
    fn start(&self, width: Width) -> Result<Box<dyn MetricState<T>>> {
        self.arguments().start(self, width, specificity, recall)
    }

    fn expects(&self, _: Width) -> Outputs {
        Outputs::Probabilities
    }

    fn given_name(&self) -> Option<String> {
        self.name.clone()
    }

    fn direction(&self) -> Option<Direction> {
        Some(Direction::Up)
    }
}
