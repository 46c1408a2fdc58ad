use super::forms::elementwise::{Elementwise, elementwise};
use crate::items::item;
use crate::kernels::{Element, Simd};

item! {
    /// A threshold unit, `f(z) = z` above the threshold, else `default_value`.
    ///
    /// Keras requires both arguments; here they are 0 unless given, which is the rectifier.
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let model = Sequential::new().add(Dense::new(12, Threshold.threshold(0.4).default_value(-2.0)));
    /// ```
    ///
    /// # References
    ///
    /// Keras: `keras.activations.threshold`.
    pub struct Threshold: "threshold" {
        /// Values that are not above it are replaced.
        threshold: f64 [finite] = 0.0,
        /// The value that replaces them.
        default_value: f64 [finite] = 0.0,
    }
}

impl<T: Element> Elementwise<T> for Threshold {
    #[inline(always)]
    fn value<S: Simd<T>>(&self, s: S, z: S::V) -> S::V {
        s.select(s.gt(z, s.literal(self.threshold)), z, s.literal(self.default_value))
    }

    #[inline(always)]
    fn derivative<S: Simd<T>>(&self, s: S, z: S::V, _: S::V) -> S::V {
        s.select(s.gt(z, s.literal(self.threshold)), s.literal(1.0), s.zero())
    }

    fn is_nondecreasing(&self) -> bool {
        self.default_value <= self.threshold
    }
}

elementwise!(Threshold);
