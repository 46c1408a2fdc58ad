use super::forms::elementwise::{Elementwise, elementwise};
use crate::items::item;
use crate::kernels::{Element, Simd};

item! {
    /// The piecewise quadratic SiLU, `f(z) = z·min(max(z + 3, 0), 6)/6`, also called hard swish.
    ///
    /// 0 below −3 and `z` above 3. Under its other name it is `HardSwish`.
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let model = Sequential::new().add(Dense::new(12, HardSilu));
    /// ```
    ///
    /// # References
    ///
    /// A. Howard et al., *Searching for MobileNetV3*, ICCV 2019.
    /// Keras: `keras.activations.hard_silu`, `keras.activations.hard_swish`.
    pub struct HardSilu: "hard_silu" {}
}

impl<T: Element> Elementwise<T> for HardSilu {
    #[inline(always)]
    fn value<S: Simd<T>>(&self, s: S, z: S::V) -> S::V {
        let factor = s.mul_add(z, s.literal(1.0 / 6.0), s.literal(0.5));
        s.mul(z, s.min(s.literal(1.0), s.max(s.zero(), factor)))
    }

    #[inline(always)]
    fn derivative<S: Simd<T>>(&self, s: S, z: S::V, _: S::V) -> S::V {
        let three = s.literal(3.0);
        let inside = s.mul_add(z, s.literal(1.0 / 3.0), s.literal(0.5));
        let outside = s.select(s.gt(z, three), s.literal(1.0), s.zero());
        s.select(s.gt(three, s.abs(z)), inside, outside)
    }
}

elementwise!(HardSilu);
