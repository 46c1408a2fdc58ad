use super::forms::elementwise::{Elementwise, elementwise};
use crate::items::item;
use crate::kernels::{Element, Simd};

item! {
    /// Soft shrinkage, `f(z) = sign(z)·max(|z| − threshold, 0)`.
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let model = Sequential::new().add(Dense::new(12, SoftShrink.threshold(0.2)));
    /// ```
    ///
    /// # References
    ///
    /// Keras: `keras.activations.soft_shrink`.
    pub struct SoftShrink: "soft_shrink" {
        /// The distance by which every value moves towards 0.
        threshold: f64 [at least 0] = 0.5,
    }
}

impl<T: Element> Elementwise<T> for SoftShrink {
    #[inline(always)]
    fn value<S: Simd<T>>(&self, s: S, z: S::V) -> S::V {
        let rest = s.max(s.zero(), s.sub(s.abs(z), s.literal(self.threshold)));
        s.copysign(rest, z)
    }

    #[inline(always)]
    fn derivative<S: Simd<T>>(&self, s: S, z: S::V, _: S::V) -> S::V {
        s.select(s.gt(s.abs(z), s.literal(self.threshold)), s.literal(1.0), s.zero())
    }

    fn is_nondecreasing(&self) -> bool {
        true
    }
}

elementwise!(SoftShrink);
