use super::forms::elementwise::{Elementwise, elementwise};
use crate::items::item;
use crate::kernels::{Element, Simd};

item! {
    /// Hard shrinkage, `f(z) = z` where `|z| > threshold`, else 0.
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let model = Sequential::new().add(Dense::new(12, HardShrink.threshold(0.2)));
    /// ```
    ///
    /// # References
    ///
    /// Keras: `keras.activations.hard_shrink`.
    pub struct HardShrink: "hard_shrink" {
        /// Values up to this magnitude become 0.
        threshold: f64 [at least 0] = 0.5,
    }
}

impl<T: Element> Elementwise<T> for HardShrink {
    #[inline(always)]
    fn value<S: Simd<T>>(&self, s: S, z: S::V) -> S::V {
        s.select(s.gt(s.abs(z), s.literal(self.threshold)), z, s.zero())
    }

    #[inline(always)]
    fn derivative<S: Simd<T>>(&self, s: S, z: S::V, _: S::V) -> S::V {
        s.select(s.gt(s.abs(z), s.literal(self.threshold)), s.literal(1.0), s.zero())
    }

    fn is_nondecreasing(&self) -> bool {
        true
    }
}

elementwise!(HardShrink);
