use super::forms::elementwise::{Elementwise, elementwise};
use crate::items::item;
use crate::kernels::{Element, Simd};

item! {
    /// The algebraic sigmoid, `f(z) = z/(1 + |z|)`, with values in (−1, 1).
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let model = Sequential::new().add(Dense::new(12, Softsign));
    /// ```
    ///
    /// # References
    ///
    /// Keras: `keras.activations.softsign`.
    pub struct Softsign: "softsign" {}
}

impl<T: Element> Elementwise<T> for Softsign {
    #[inline(always)]
    fn value<S: Simd<T>>(&self, s: S, z: S::V) -> S::V {
        s.div(z, s.add(s.literal(1.0), s.abs(z)))
    }

    #[inline(always)]
    fn derivative<S: Simd<T>>(&self, s: S, z: S::V, _: S::V) -> S::V {
        let reciprocal = s.div(s.literal(1.0), s.add(s.literal(1.0), s.abs(z)));
        s.mul(reciprocal, reciprocal)
    }

    fn is_nondecreasing(&self) -> bool {
        true
    }
}

elementwise!(Softsign);
