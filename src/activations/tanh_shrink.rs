use super::forms::elementwise::{Elementwise, elementwise};
use crate::items::item;
use crate::kernels::{Element, Simd, functions};

item! {
    /// The difference between the identity and the hyperbolic tangent, `f(z) = z − tanh z`.
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let model = Sequential::new().add(Dense::new(12, TanhShrink));
    /// ```
    ///
    /// # References
    ///
    /// Keras: `keras.activations.tanh_shrink`.
    pub struct TanhShrink: "tanh_shrink" {}
}

impl<T: Element> Elementwise<T> for TanhShrink {
    #[inline(always)]
    fn value<S: Simd<T>>(&self, s: S, z: S::V) -> S::V {
        s.sub(z, functions::tanh(s, z))
    }

    #[inline(always)]
    fn derivative<S: Simd<T>>(&self, s: S, z: S::V, _: S::V) -> S::V {
        let tanh = functions::tanh(s, z);
        s.mul(tanh, tanh)
    }

    fn is_nondecreasing(&self) -> bool {
        true
    }
}

elementwise!(TanhShrink);
