use super::confusion::{Confusion, share};
use super::{Direction, Metric, MetricState, Width};
use crate::spec::spec;
use crate::{Result, Scalar};

spec! {
    /// Recall: of the samples that are ones, the share predicted as ones, `TP/(TP + FN)`.
    ///
    /// With no such sample the figure is 0. Targets other than 0 are ones.
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let metrics: Vec<std::sync::Arc<dyn perceptra::metrics::Metric<f32>>> = metrics![Recall, Recall.thresholds([0.3])];
    /// ```
    ///
    /// # References
    ///
    /// Keras: `keras.metrics.Recall`.
    pub struct Recall: "Recall" {
        /// Above it an output means 1; 0.5 by default, with several there is a figure for each.
        thresholds: Vec<f64> = Vec::new(),
        /// The key in history and logs; `recall` by default.
        name: Option<String> = None,
    }
}

impl<T: Scalar> Metric<T> for Recall {
    fn start(&self, _: Width) -> Result<Box<dyn MetricState<T>>> {
        Ok(Box::new(Confusion::new(&self.thresholds, |counts| share(counts.true_positives, counts.false_negatives))))
    }

    fn given_name(&self) -> Option<String> {
        self.name.clone()
    }

    fn direction(&self) -> Option<Direction> {
        Some(Direction::Up)
    }
}
