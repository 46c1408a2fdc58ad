use super::forms::elementwise::{Elementwise, elementwise};
use crate::items::item;
use crate::kernels::{Element, Simd};

item! {
    /// The piecewise linear tanh, `f(z) = min(max(z, −1), 1)`.
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let model = Sequential::new().add(Dense::new(12, HardTanh));
    /// ```
    ///
    /// # References
    ///
    /// Keras: `keras.activations.hard_tanh`.
    pub struct HardTanh: "hard_tanh" {}
}

impl<T: Element> Elementwise<T> for HardTanh {
    #[inline(always)]
    fn value<S: Simd<T>>(&self, s: S, z: S::V) -> S::V {
        s.min(s.literal(1.0), s.max(s.literal(-1.0), z))
    }

    #[inline(always)]
    fn derivative<S: Simd<T>>(&self, s: S, z: S::V, _: S::V) -> S::V {
        let one = s.literal(1.0);
        s.select(s.gt(one, s.abs(z)), one, s.zero())
    }

    fn is_nondecreasing(&self) -> bool {
        true
    }
}

elementwise!(HardTanh);
