use super::elementwise::{Elementwise, elementwise};
use crate::kernels::{Element, Simd};
use crate::spec::spec;

spec! {
    /// The piecewise linear sigmoid, `f(z) = min(max(z + 3, 0), 6)/6`.
    ///
    /// 0 below −3 and 1 above 3. (Keras 2 had another slope, 0.2.)
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let gate = Sequential::new().add(Dense::new(12, HardSigmoid));
    /// ```
    ///
    /// # References
    ///
    /// Keras: `keras.activations.hard_sigmoid`.
    pub struct HardSigmoid: "hard_sigmoid" {}
}

impl<T: Element> Elementwise<T> for HardSigmoid {
    #[inline(always)]
    fn value<S: Simd<T>>(&self, s: S, z: S::V) -> S::V {
        let value = s.fma(z, s.literal(1.0 / 6.0), s.literal(0.5));
        s.min(s.literal(1.0), s.max(s.zero(), value))
    }

    #[inline(always)]
    fn slope<S: Simd<T>>(&self, s: S, z: S::V, _: S::V) -> S::V {
        s.select(s.gt(s.literal(3.0), s.abs(z)), s.literal(1.0 / 6.0), s.zero())
    }
}

elementwise!(HardSigmoid);
