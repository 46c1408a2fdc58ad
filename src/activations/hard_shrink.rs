use super::elementwise::{Elementwise, elementwise};
use crate::Result;
use crate::kernels::{Element, Simd};
use crate::spec::{invalid, spec};

spec! {
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
    pub struct HardShrink: "hard_shrink" checked by check_arguments {
        /// What is not beyond it, on either side, becomes 0; default 0.5, at least 0.
        threshold: f64 = 0.5,
    }
}

impl HardShrink {
    fn check_arguments(&self) -> Result<()> {
        if self.threshold.is_finite() && self.threshold >= 0.0 {
            Ok(())
        } else {
            Err(invalid(self, "threshold", self.threshold, "a finite number of at least 0"))
        }
    }
}

impl<T: Element> Elementwise<T> for HardShrink {
    #[inline(always)]
    fn value<S: Simd<T>>(&self, s: S, z: S::V) -> S::V {
        s.select(s.gt(s.abs(z), s.literal(self.threshold)), z, s.zero())
    }

    #[inline(always)]
    fn slope<S: Simd<T>>(&self, s: S, z: S::V, _: S::V) -> S::V {
        s.select(s.gt(s.abs(z), s.literal(self.threshold)), s.literal(1.0), s.zero())
    }
}

elementwise!(HardShrink);
