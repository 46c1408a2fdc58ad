use super::Outputs;
use super::forms::pointwise::{PointwiseMetric, pointwise_metric};
use crate::items::item;
use crate::kernels::{Element, Simd};

item! {
    /// The fraction of outputs on the same side of a threshold as their targets, `[p > t] = y`.
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let model = Sequential::new()
    ///     .add(Dense::new(1, Sigmoid))
    ///     .compile(Adam::default(), BinaryCrossentropy, metrics![BinaryAccuracy.threshold(0.3)]);
    /// ```
    ///
    /// # References
    ///
    /// Keras: `keras.metrics.BinaryAccuracy`.
    pub struct BinaryAccuracy: "BinaryAccuracy" {
        /// The threshold above which an output means 1.
        threshold: f64 = 0.5,
        /// The key in history and logs; `binary_accuracy` by default.
        name: Option<String> = None,
    }
}

impl<T: Element> PointwiseMetric<T> for BinaryAccuracy {
    #[inline(always)]
    fn value<S: Simd<T>>(&self, s: S, y: S::V, p: S::V) -> S::V {
        let predicted = s.select(s.gt(p, s.literal(self.threshold)), s.literal(1.0), s.zero());
        // Equality of two numbers as "not above and not below".
        let difference = s.abs(s.sub(predicted, y));
        s.select(s.gt(difference, s.zero()), s.zero(), s.literal(1.0))
    }
}

// A threshold of 0.5 is hardly meant for logits; any other may be.
pointwise_metric!(BinaryAccuracy, Up, |metric| match metric.threshold {
    0.5 => Outputs::Probabilities,
    _ => Outputs::Any,
});
