use super::forms::pointwise::{PointwiseMetric, pointwise_metric};
use crate::items::item;
use crate::kernels::{Element, Simd};

item! {
    /// The fraction of outputs that are equal to their targets, `[p = y]`: Keras's class `Accuracy`.
    ///
    /// It is for outputs that are labels already. For probabilities use [`Accuracy`](struct@super::Accuracy),
    /// which is what the name `"accuracy"` means.
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let model = Sequential::new()
    ///     .add(Dense::new(1, Linear))
    ///     .compile(Adam::default(), MeanSquaredError, metrics![ExactAccuracy]);
    /// ```
    ///
    /// # References
    ///
    /// Keras: `keras.metrics.Accuracy`.
    pub struct ExactAccuracy: "Accuracy" {
        /// The key in history and logs; `accuracy` by default.
        name: Option<String> = None,
    }
}

impl<T: Element> PointwiseMetric<T> for ExactAccuracy {
    #[inline(always)]
    fn value<S: Simd<T>>(&self, s: S, y: S::V, p: S::V) -> S::V {
        let at_least = s.select(s.ge(p, y), s.literal(1.0), s.zero());
        s.select(s.ge(y, p), at_least, s.zero())
    }
}

pointwise_metric!(ExactAccuracy, Up);
