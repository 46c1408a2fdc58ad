use super::confusion::{Confusion, share};
use super::{Direction, Metric, MetricState, Width};
use crate::spec::spec;
use crate::{Result, Scalar};

spec! {
    /// Precision: of the samples predicted as ones, the share that are ones, `TP/(TP + FP)`.
    ///
    /// With no such sample the figure is 0. Targets other than 0 are ones.
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let metrics: Vec<std::sync::Arc<dyn perceptra::metrics::Metric<f32>>> = metrics![Precision, Precision.thresholds([0.3])];
    /// ```
    ///
    /// # References
    ///
    /// Keras: `keras.metrics.Precision`.
    pub struct Precision: "Precision" {
        /// Above it an output means 1; 0.5 by default, with several there is a figure for each.
        thresholds: Vec<f64> = Vec::new(),
        /// The key in history and logs; `precision` by default.
        name: Option<String> = None,
    }
}

impl<T: Scalar> Metric<T> for Precision {
    fn start(&self, _: Width) -> Result<Box<dyn MetricState<T>>> {
        Ok(Box::new(Confusion::new(&self.thresholds, |counts| share(counts.true_positives, counts.false_positives))))
    }

    fn given_name(&self) -> Option<String> {
        self.name.clone()
    }

    fn direction(&self) -> Option<Direction> {
        Some(Direction::Up)
    }
}
