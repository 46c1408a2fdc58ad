use super::states::hinge_distance::HingeDistance;
use super::{Direction, Metric, MetricState, Width};
use crate::items::item;
use crate::{Result, Scalar};

item! {
    /// The hinge distance, `max(1 − y·p, 0)` averaged over outputs and samples.
    ///
    /// Targets are −1 and 1; a batch that has only 0 and 1 is taken as −1 and 1.
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let model = Sequential::new()
    ///     .add(Dense::new(1, Tanh))
    ///     .compile(Adam::default(), MeanSquaredError, metrics![metrics::Hinge]);
    /// ```
    ///
    /// # References
    ///
    /// Keras: `keras.metrics.Hinge`.
    pub struct Hinge: "Hinge" {
        /// The key in history and logs; `hinge` by default.
        name: Option<String> = None,
    }
}

impl<T: Scalar> Metric<T> for Hinge {
    fn start(&self, width: Width) -> Result<Box<dyn MetricState<T>>> {
        width.matching(self)?;
        Ok(Box::new(HingeDistance::new(false)))
    }

    fn given_name(&self) -> Option<String> {
        self.name.clone()
    }

    fn direction(&self) -> Option<Direction> {
        Some(Direction::Down)
    }
}
