use super::forms::elementwise::{Elementwise, elementwise};
use crate::items::item;
use crate::kernels::{Element, Simd};

item! {
    /// The rectified linear unit with an upper bound, `f(z) = min(max(0, z), 6)`.
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let model = Sequential::new().add(Dense::new(12, Relu6));
    /// ```
    ///
    /// # References
    ///
    /// A. Krizhevsky, *Convolutional deep belief networks on CIFAR-10*, 2010.
    /// Keras: `keras.activations.relu6`.
    pub struct Relu6: "relu6" {}
}

impl<T: Element> Elementwise<T> for Relu6 {
    #[inline(always)]
    fn value<S: Simd<T>>(&self, s: S, z: S::V) -> S::V {
        s.min(s.literal(6.0), s.max(s.zero(), z))
    }

    #[inline(always)]
    fn derivative<S: Simd<T>>(&self, s: S, z: S::V, _: S::V) -> S::V {
        let above = s.select(s.gt(z, s.zero()), s.literal(1.0), s.zero());
        s.select(s.gt(s.literal(6.0), z), above, s.zero())
    }

    fn is_nondecreasing(&self) -> bool {
        true
    }
}

elementwise!(Relu6);
