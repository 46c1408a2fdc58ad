use super::forms::pointwise::{PointwiseMetric, pointwise_metric};
use crate::items::item;
use crate::kernels::{Element, Simd, distances};

item! {
    /// The Poisson deviance up to a constant, `p − y·ln(p + 1e-7)` averaged over outputs and samples.
    ///
    /// `y` are counts, predictions their positive expectations.
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let model = Sequential::new()
    ///     .add(Dense::new(1, Linear))
    ///     .compile(Adam::default(), MeanSquaredError, metrics![metrics::Poisson]);
    /// ```
    ///
    /// # References
    ///
    /// Keras: `keras.metrics.Poisson`.
    pub struct Poisson: "Poisson" {
        /// The key in history and logs; `poisson` by default.
        name: Option<String> = None,
    }
}

impl<T: Element> PointwiseMetric<T> for Poisson {
    #[inline(always)]
    fn value<S: Simd<T>>(&self, s: S, y: S::V, p: S::V) -> S::V {
        distances::poisson(s, y, p)
    }
}

pointwise_metric!(Poisson, Down);
