use super::confusion::{precision, recall};
use super::constrained::Arguments;
use super::{Direction, Metric, MetricState, Outputs, Width};
use crate::spec::spec;
use crate::{Result, Scalar};

spec! {
    /// The best precision at a threshold where recall reaches a given value.
    ///
    /// The thresholds are `0, 1/(n − 1), …, 1`; where none reaches the value the figure is 0. Targets other than
    /// 0 are ones; predictions outside of [0, 1] count as the nearer end.
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let model = Sequential::new()
    ///     .add(Dense::new(1, Sigmoid))
    ///     .compile(Adam::default(), BinaryCrossentropy, metrics![PrecisionAtRecall.recall(0.8)]);
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Argument`](crate::Error::Argument) where `recall` is not given or outside of [0, 1], without a
    /// threshold, and where `class_id` is not an output.
    ///
    /// # References
    ///
    /// Keras: `keras.metrics.PrecisionAtRecall`.
    pub struct PrecisionAtRecall: "PrecisionAtRecall" checked by check_arguments {
        /// The value to reach, in [0, 1]; has to be given.
        recall: Option<f64> = None,
        /// How many thresholds, at least 1 (which is 0.5); default 200.
        num_thresholds: usize = 200,
        /// The output that alone is looked at, below the number of outputs; all by default.
        class_id: Option<usize> = None,
        /// The key in history and logs; `precision_at_recall` by default.
        name: Option<String> = None,
    }
}

impl PrecisionAtRecall {
    fn arguments(&self) -> Arguments {
        let PrecisionAtRecall { recall: floor, num_thresholds, class_id, .. } = *self;
        Arguments { name: "recall", floor, num_thresholds, class_id }
    }

    fn check_arguments(&self) -> Result<()> {
        self.arguments().check(self)
    }
}

impl<T: Scalar> Metric<T> for PrecisionAtRecall {
    fn start(&self, width: Width) -> Result<Box<dyn MetricState<T>>> {
        self.arguments().start(self, width, recall, precision)
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
