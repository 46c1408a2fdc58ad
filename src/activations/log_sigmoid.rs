use super::forms::elementwise::{Elementwise, elementwise};
use crate::items::item;
use crate::kernels::{Element, Simd, functions};

item! {
    /// The logarithm of the logistic function, `f(z) = −ln(1 + e⁻ᶻ)`.
    ///
    /// Computed as a softplus: for large negative `z` the logistic function would round to 0, whose logarithm is infinite.
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let model = Sequential::new().add(Dense::new(12, LogSigmoid));
    /// ```
    ///
    /// # References
    ///
    /// Keras: `keras.activations.log_sigmoid`.
    pub struct LogSigmoid: "log_sigmoid" {}
}

impl<T: Element> Elementwise<T> for LogSigmoid {
    #[inline(always)]
    fn value<S: Simd<T>>(&self, s: S, z: S::V) -> S::V {
        s.neg(functions::softplus(s, s.neg(z)))
    }

    #[inline(always)]
    fn derivative<S: Simd<T>>(&self, s: S, z: S::V, _: S::V) -> S::V {
        functions::sigmoid(s, s.neg(z))
    }

    fn is_nondecreasing(&self) -> bool {
        true
    }
}

elementwise!(LogSigmoid);
