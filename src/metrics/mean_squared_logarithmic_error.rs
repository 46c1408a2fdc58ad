use super::forms::pointwise::{PointwiseMetric, pointwise_metric};
use crate::items::item;
use crate::kernels::{Element, Simd, distances};

item! {
    /// The mean squared logarithmic error, `(ln(p + 1) − ln(y + 1))²` averaged over outputs and samples.
    ///
    /// Targets and predictions below 1e-7 count as 1e-7.
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let model = Sequential::new()
    ///     .add(Dense::new(1, Linear))
    ///     .compile(Adam::default(), MeanSquaredError, metrics![metrics::MeanSquaredLogarithmicError]);
    /// ```
    ///
    /// # References
    ///
    /// Keras: `keras.metrics.MeanSquaredLogarithmicError`.
    pub struct MeanSquaredLogarithmicError: "MeanSquaredLogarithmicError" {
        /// The key in history and logs; `mean_squared_logarithmic_error` by default.
        name: Option<String> = None,
    }
}

impl<T: Element> PointwiseMetric<T> for MeanSquaredLogarithmicError {
    #[inline(always)]
    fn value<S: Simd<T>>(&self, s: S, y: S::V, p: S::V) -> S::V {
        distances::squared_logarithmic(s, y, p)
    }
}

pointwise_metric!(MeanSquaredLogarithmicError, Down);
