use super::forms::pointwise::{PointwiseMetric, pointwise_metric};
use crate::items::item;
use crate::kernels::{Element, Simd, distances};

item! {
    /// The mean absolute error, `|p − y|` averaged over outputs and samples.
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let model = Sequential::new()
    ///     .add(Dense::new(1, Linear))
    ///     .compile(Adam::default(), MeanSquaredError, metrics![metrics::MeanAbsoluteError]);
    /// ```
    ///
    /// # References
    ///
    /// Keras: `keras.metrics.MeanAbsoluteError`.
    pub struct MeanAbsoluteError: "MeanAbsoluteError" {
        /// The key in history and logs; `mean_absolute_error` by default.
        name: Option<String> = None,
    }
}

impl<T: Element> PointwiseMetric<T> for MeanAbsoluteError {
    #[inline(always)]
    fn value<S: Simd<T>>(&self, s: S, y: S::V, p: S::V) -> S::V {
        distances::absolute(s, y, p)
    }
}

pointwise_metric!(MeanAbsoluteError, Down);
