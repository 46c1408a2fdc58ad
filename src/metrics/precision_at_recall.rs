use super::states::confusion::{precision, recall};
use super::states::constrained::ConstrainedArguments;
use super::{Direction, Metric, MetricState, Outputs, Width};
use crate::items::item;
use crate::{Result, Scalar};

item! {
    /// The best precision at a threshold where recall reaches a given value.
    ///
    /// The thresholds are `0, 1/(n − 1), …, 1`; if none reaches the recall, the metric is 0. Targets other than 0
    /// are positive; predictions outside [0, 1] are clipped.
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
    /// [`Error::Argument`](crate::Error::Argument) if `recall` is not given or outside [0, 1], without a
    /// threshold, and where `class_id` is not an output.
    ///
    /// # References
    ///
    /// Keras: `keras.metrics.PrecisionAtRecall`.
    pub struct PrecisionAtRecall: "PrecisionAtRecall" checked by check_given {
        /// The least recall that is acceptable; it has to be given.
        recall: Option<f64> [in 0..=1] = None,
        /// The number of thresholds; a single one is 0.5.
        num_thresholds: usize [in 1..=1000000] = 200,
        /// The only output that counts, below the number of outputs; by default all count.
        class_id: Option<usize> = None,
        /// The key in history and logs; `precision_at_recall` by default.
        name: Option<String> = None,
    }
}

impl PrecisionAtRecall {
    fn arguments(&self) -> ConstrainedArguments {
        let PrecisionAtRecall { recall: floor, num_thresholds, class_id, .. } = *self;
        ConstrainedArguments { name: "recall", floor, num_thresholds, class_id }
    }

    fn check_given(&self) -> Result<()> {
        self.arguments().check_given(self)
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
