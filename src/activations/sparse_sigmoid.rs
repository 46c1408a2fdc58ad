use super::forms::elementwise::{Elementwise, elementwise};
use crate::items::item;
use crate::kernels::{Element, Simd};

item! {
    /// The sparse counterpart of the sigmoid, `f(z) = min(max((z + 1)/2, 0), 1)`.
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let model = Sequential::new().add(Dense::new(12, SparseSigmoid));
    /// ```
    ///
    /// # References
    ///
    /// Keras: `keras.activations.sparse_sigmoid`.
    pub struct SparseSigmoid: "sparse_sigmoid" {}
}

impl<T: Element> Elementwise<T> for SparseSigmoid {
    #[inline(always)]
    fn value<S: Simd<T>>(&self, s: S, z: S::V) -> S::V {
        let half = s.literal(0.5);
        s.min(s.literal(1.0), s.max(s.zero(), s.mul_add(z, half, half)))
    }

    #[inline(always)]
    fn derivative<S: Simd<T>>(&self, s: S, z: S::V, _: S::V) -> S::V {
        s.select(s.gt(s.literal(1.0), s.abs(z)), s.literal(0.5), s.zero())
    }

    fn is_nondecreasing(&self) -> bool {
        true
    }
}

elementwise!(SparseSigmoid);
