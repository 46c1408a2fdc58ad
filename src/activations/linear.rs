use super::Fusion;
use super::forms::elementwise::{Elementwise, elementwise};
use crate::items::item;
use crate::kernels::{Element, Simd};

item! {
    /// The identity, `f(z) = z`.
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let regression = Sequential::new().add(Dense::new(12, Relu)).add(Dense::new(1, Linear));
    /// ```
    ///
    /// # References
    ///
    /// Keras: `keras.activations.linear`.
    pub struct Linear: "linear" {}
}

impl<T: Element> Elementwise<T> for Linear {
    #[inline(always)]
    fn value<S: Simd<T>>(&self, _: S, z: S::V) -> S::V {
        z
    }

    #[inline(always)]
    fn derivative<S: Simd<T>>(&self, s: S, _: S::V, _: S::V) -> S::V {
        s.literal(1.0)
    }

    fn is_nondecreasing(&self) -> bool {
        true
    }
}

elementwise!(Linear, |_| Fusion::Linear);
