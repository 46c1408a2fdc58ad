use super::forms::pointwise::{PointwiseMetric, pointwise_metric};
use crate::items::item;
use crate::kernels::{Element, Simd, distances};

item! {
    /// The mean absolute percentage error, `100·|p − y| / max(|y|, 1e-7)` averaged over outputs and samples.
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let model = Sequential::new()
    ///     .add(Dense::new(1, Linear))
    ///     .compile(Adam::default(), MeanSquaredError, metrics![metrics::MeanAbsolutePercentageError]);
    /// ```
    ///
    /// # References
    ///
    /// Keras: `keras.metrics.MeanAbsolutePercentageError`.
    pub struct MeanAbsolutePercentageError: "MeanAbsolutePercentageError" {
        /// The key in history and logs; `mean_absolute_percentage_error` by default.
        name: Option<String> = None,
    }
}

impl<T: Element> PointwiseMetric<T> for MeanAbsolutePercentageError {
    #[inline(always)]
    fn value<S: Simd<T>>(&self, s: S, y: S::V, p: S::V) -> S::V {
        distances::percentage(s, y, p)
    }
}

pointwise_metric!(MeanAbsolutePercentageError, Down);
