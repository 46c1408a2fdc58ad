use super::forms::elementwise::{Elementwise, elementwise};
use crate::items::item;
use crate::kernels::{Element, Simd};

item! {
    /// The sparse counterpart of softplus, `f(z) = 0` below −1, `(z + 1)²/4` up to 1, `z` above.
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let model = Sequential::new().add(Dense::new(12, SparsePlus));
    /// ```
    ///
    /// # References
    ///
    /// Keras: `keras.activations.sparse_plus`.
    pub struct SparsePlus: "sparse_plus" {}
}

impl<T: Element> Elementwise<T> for SparsePlus {
    #[inline(always)]
    fn value<S: Simd<T>>(&self, s: S, z: S::V) -> S::V {
        let one = s.literal(1.0);
        let risen = s.max(s.zero(), s.add(z, one));
        s.select(s.ge(z, one), z, s.mul(s.mul(risen, risen), s.literal(0.25)))
    }

    #[inline(always)]
    fn derivative<S: Simd<T>>(&self, s: S, z: S::V, _: S::V) -> S::V {
        let half = s.literal(0.5);
        s.min(s.literal(1.0), s.max(s.zero(), s.mul_add(z, half, half)))
    }

    fn is_nondecreasing(&self) -> bool {
        true
    }
}

elementwise!(SparsePlus);
