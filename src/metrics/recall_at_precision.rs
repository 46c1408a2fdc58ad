use super::states::confusion::{precision, recall};
use super::states::constrained::ConstrainedArguments;
use super::{Direction, Metric, MetricState, Outputs, Width};
use crate::items::item;
use crate::{Result, Scalar};

item! {
    /// The best recall at a threshold where precision reaches a given value.
    ///
    /// The thresholds are `0, 1/(n − 1), …, 1`; if none reaches the precision, the metric is 0. Targets other than 0
    /// are positive; predictions outside [0, 1] are clipped.
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let model = Sequential::new()
    ///     .add(Dense::new(1, Sigmoid))
    ///     .compile(Adam::default(), BinaryCrossentropy, metrics![RecallAtPrecision.precision(0.8)]);
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Argument`](crate::Error::Argument) if `precision` is not given or outside [0, 1], without a
    /// threshold, and where `class_id` is not an output.
    ///
    /// # References
    ///
    /// Keras: `keras.metrics.RecallAtPrecision`.
    pub struct RecallAtPrecision: "RecallAtPrecision" checked by check_given {
        /// The least precision that is acceptable; it has to be given.
        precision: Option<f64> [in 0..=1] = None,
        /// The number of thresholds; a single one is 0.5.
        num_thresholds: usize [in 1..=1000000] = 200,
        /// The only output that counts, below the number of outputs; by default all count.
        class_id: Option<usize> = None,
        /// The key in history and logs; `recall_at_precision` by default.
        name: Option<String> = None,
    }
}

impl RecallAtPrecision {
    fn arguments(&self) -> ConstrainedArguments {
        let RecallAtPrecision { precision: floor, num_thresholds, class_id, .. } = *self;
        ConstrainedArguments { name: "precision", floor, num_thresholds, class_id }
    }

    fn check_given(&self) -> Result<()> {
        self.arguments().check_given(self)
    }
}

impl<T: Scalar> Metric<T> for RecallAtPrecision {
    fn start(&self, width: Width) -> Result<Box<dyn MetricState<T>>> {
        self.arguments().start(self, width, precision, recall)
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
