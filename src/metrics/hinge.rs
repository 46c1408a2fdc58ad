use super::pointwise::{Pointwise, pointwise_metric};
use crate::kernels::{Element, Simd, distances};
use crate::spec::spec;

spec! {
    /// The hinge distance, `max(1 − y·p, 0)` averaged over outputs and samples.
    ///
    /// Targets are −1 and 1; a target of 0 counts as −1, also where the batch holds other values than 0 and 1 (Keras
    /// then leaves it 0).
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let model = Sequential::new()
    ///     .add(Dense::new(1, Tanh))
    ///     .compile(Adam::default(), MeanSquaredError, metrics![metrics::Hinge]);
    /// ```
    ///
    /// # References
    ///
    /// Keras: `keras.metrics.Hinge`.
    pub struct Hinge: "Hinge" {
        /// The key in history and logs; `hinge` by default.
        name: Option<String> = None,
    }
}

impl<T: Element> Pointwise<T> for Hinge {
    #[inline(always)]
    fn value<S: Simd<T>>(&self, s: S, y: S::V, p: S::V) -> S::V {
        distances::hinge(s, y, p)
    }
}

pointwise_metric!(Hinge, Down);
