use super::elementwise::{Elementwise, elementwise};
use crate::Result;
use crate::kernels::{Element, Simd};
use crate::spec::{invalid, spec};

spec! {
    /// A cut, `f(z) = z` above the threshold, else `default_value`.
    ///
    /// Keras asks for both arguments; here they are 0 unless given, which is the rectifier.
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
    pub struct Threshold: "threshold" checked by check_arguments {
        /// What is not above it is replaced; default 0, any finite number.
        threshold: f64 = 0.0,
        /// The value that replaces it; default 0, any finite number.
        default_value: f64 = 0.0,
    }
}

impl Threshold {
    fn check_arguments(&self) -> Result<()> {
        for (argument, value) in [("threshold", self.threshold), ("default_value", self.default_value)] {
            if !value.is_finite() {
                return Err(invalid(self, argument, value, "a finite number"));
            }
        }
        Ok(())
    }
}

impl<T: Element> Elementwise<T> for Threshold {
    #[inline(always)]
    fn value<S: Simd<T>>(&self, s: S, z: S::V) -> S::V {
        s.select(s.gt(z, s.literal(self.threshold)), z, s.literal(self.default_value))
    }

    #[inline(always)]
    fn slope<S: Simd<T>>(&self, s: S, z: S::V, _: S::V) -> S::V {
        s.select(s.gt(z, s.literal(self.threshold)), s.literal(1.0), s.zero())
    }
}

elementwise!(Threshold);
