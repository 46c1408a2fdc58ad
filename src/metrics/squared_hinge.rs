use super::states::hinge_distance::HingeDistance;
use super::{Direction, Metric, MetricState, Width};
use crate::items::item;
use crate::{Result, Scalar};

item! {
    /// The squared hinge distance, `max(1 − y·p, 0)²` averaged over outputs and samples.
    ///
    /// Targets are −1 or 1; if all targets of a batch are 0 or 1, zeros are converted to −1.
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let model = Sequential::new()
    ///     .add(Dense::new(1, Tanh))
    ///     .compile(Adam::default(), MeanSquaredError, metrics![metrics::SquaredHinge]);
    /// ```
    ///
    /// # References
    ///
    /// Keras: `keras.metrics.SquaredHinge`.
    pub struct SquaredHinge: "SquaredHinge" {
        /// The key in history and logs; `squared_hinge` by default.
        name: Option<String> = None,
    }
}

impl<T: Scalar> Metric<T> for SquaredHinge {
    fn start(&self, width: Width) -> Result<Box<dyn MetricState<T>>> {
        width.matching(self)?;
        Ok(Box::new(HingeDistance::new(true)))
    }

    fn given_name(&self) -> Option<String> {
        self.name.clone()
    }

    fn direction(&self) -> Option<Direction> {
        Some(Direction::Down)
    }
}
