use super::pointwise::{Pointwise, pointwise_metric};
use crate::kernels::{Element, Simd, distances};
use crate::spec::spec;

spec! {
    /// The squared hinge distance, `max(1 − y·p, 0)²` averaged over outputs and samples.
    ///
    /// Targets are −1 and 1; a target of 0 counts as −1, also where the batch holds other values than 0 and 1 (Keras
    /// then leaves it 0).
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let model = Sequential::new()
    ///     .add(Dense::new(1, Tanh))
    ///     .compile(Adam::default(), MeanSquaredError, metrics![metrics::SquaredHinge]);
    /// ```
    ///
    /// # References
    ///
    /// Keras: `keras.metrics.SquaredHinge`.
    pub struct SquaredHinge: "SquaredHinge" {
        /// The key in history and logs; `squared_hinge` by default.
        name: Option<String> = None,
    }
}

impl<T: Element> Pointwise<T> for SquaredHinge {
    #[inline(always)]
    fn value<S: Simd<T>>(&self, s: S, y: S::V, p: S::V) -> S::V {
        let distance = distances::hinge(s, y, p);
        s.mul(distance, distance)
    }
}

pointwise_metric!(SquaredHinge, Down);
