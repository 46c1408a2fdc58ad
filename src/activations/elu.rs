use super::forms::elementwise::{Elementwise, elementwise};
use crate::items::item;
use crate::kernels::{Element, Simd, functions};

item! {
    /// The exponential linear unit, `f(z) = z` above 0 and `α·(eᶻ − 1)` below.
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let model = Sequential::new().add(Dense::new(12, Elu));
    /// ```
    ///
    /// # References
    ///
    /// D.-A. Clevert, T. Unterthiner and S. Hochreiter, *Fast and accurate deep network learning by exponential linear
    /// units (ELUs)*, ICLR 2016. Keras: `keras.activations.elu`.
    pub struct Elu: "elu" {
        /// `α`: the negative side saturates at `−α`.
        alpha: f64 [finite] = 1.0,
    }
}

impl<T: Element> Elementwise<T> for Elu {
    #[inline(always)]
    fn value<S: Simd<T>>(&self, s: S, z: S::V) -> S::V {
        let below = s.mul(s.literal(self.alpha), functions::exp_m1(s, z));
        s.select(s.gt(z, s.zero()), z, below)
    }

    #[inline(always)]
    fn derivative<S: Simd<T>>(&self, s: S, z: S::V, a: S::V) -> S::V {
        s.select(s.gt(z, s.zero()), s.literal(1.0), s.add(a, s.literal(self.alpha)))
    }

    fn is_nondecreasing(&self) -> bool {
        self.alpha >= 0.0
    }
}

elementwise!(Elu);
