use super::forms::elementwise::{Elementwise, elementwise};
use crate::items::item;
use crate::kernels::{Element, Simd, functions};

item! {
    /// The hyperbolic tangent, `f(z) = (eᶻ − e⁻ᶻ)/(eᶻ + e⁻ᶻ)`, with values in (−1, 1).
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let model = Sequential::new().add(Dense::new(12, Tanh));
    /// ```
    ///
    /// # References
    ///
    /// Keras: `keras.activations.tanh`.
    pub struct Tanh: "tanh" {}
}

impl<T: Element> Elementwise<T> for Tanh {
    #[inline(always)]
    fn value<S: Simd<T>>(&self, s: S, z: S::V) -> S::V {
        functions::tanh(s, z)
    }

    #[inline(always)]
    fn derivative<S: Simd<T>>(&self, s: S, _: S::V, a: S::V) -> S::V {
        s.sub(s.literal(1.0), s.mul(a, a))
    }

    fn is_nondecreasing(&self) -> bool {
        true
    }
}

elementwise!(Tanh);
