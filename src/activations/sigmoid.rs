use super::Fusion;
use super::forms::elementwise::{Elementwise, elementwise};
use crate::items::item;
use crate::kernels::{Element, Simd, functions};

item! {
    /// The logistic function, `f(z) = 1/(1 + e⁻ᶻ)`, with values in (0, 1).
    ///
    /// At the end of a network with binary cross-entropy the two are computed together from the logits, which
    /// is exact where `f` rounds to 0 or 1.
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let probability = Sequential::new().add(Dense::new(1, Sigmoid));
    /// ```
    ///
    /// # References
    ///
    /// Keras: `keras.activations.sigmoid`.
    pub struct Sigmoid: "sigmoid" {}
}

impl<T: Element> Elementwise<T> for Sigmoid {
    #[inline(always)]
    fn value<S: Simd<T>>(&self, s: S, z: S::V) -> S::V {
        functions::sigmoid(s, z)
    }

    #[inline(always)]
    fn derivative<S: Simd<T>>(&self, s: S, _: S::V, a: S::V) -> S::V {
        s.mul(a, s.sub(s.literal(1.0), a))
    }

    fn is_nondecreasing(&self) -> bool {
        true
    }
}

elementwise!(Sigmoid, |_| Fusion::Sigmoid);
