use super::forms::elementwise::{Elementwise, elementwise};
use crate::items::item;
use crate::kernels::{Element, Simd, functions};

item! {
    /// The smooth rectifier, `f(z) = ln(1 + eᶻ)`.
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let spread = Sequential::new().add(Dense::new(1, Softplus));
    /// ```
    ///
    /// # References
    ///
    /// X. Glorot, A. Bordes and Y. Bengio, *Deep sparse rectifier neural networks*, AISTATS 2011.
    /// Keras: `keras.activations.softplus`.
    pub struct Softplus: "softplus" {}
}

impl<T: Element> Elementwise<T> for Softplus {
    #[inline(always)]
    fn value<S: Simd<T>>(&self, s: S, z: S::V) -> S::V {
        functions::softplus(s, z)
    }

    #[inline(always)]
    fn derivative<S: Simd<T>>(&self, s: S, z: S::V, _: S::V) -> S::V {
        functions::sigmoid(s, z)
    }

    fn is_nondecreasing(&self) -> bool {
        true
    }
}

elementwise!(Softplus);
