use super::forms::pointwise::{PointwiseMetric, pointwise_metric};
use crate::items::item;
use crate::kernels::{Element, Simd, distances};

item! {
    /// The mean squared error, `(p − y)²` averaged over outputs and samples.
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let model = Sequential::new()
    ///     .add(Dense::new(1, Linear))
    ///     .compile(Adam::default(), MeanSquaredError, metrics![metrics::MeanSquaredError]);
    /// ```
    ///
    /// # References
    ///
    /// Keras: `keras.metrics.MeanSquaredError`.
    pub struct MeanSquaredError: "MeanSquaredError" {
        /// The key in history and logs; `mean_squared_error` by default.
        name: Option<String> = None,
    }
}

impl<T: Element> PointwiseMetric<T> for MeanSquaredError {
    #[inline(always)]
    fn value<S: Simd<T>>(&self, s: S, y: S::V, p: S::V) -> S::V {
        distances::squared(s, y, p)
    }
}

pointwise_metric!(MeanSquaredError, Down);
