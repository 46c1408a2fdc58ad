use super::forms::elementwise::{Elementwise, elementwise};
use crate::items::item;
use crate::kernels::{Element, Simd, functions};

item! {
    /// The continuously differentiable exponential linear unit, `f(z) = z` above 0 and `α·(e^(z/α) − 1)` below.
    ///
    /// Unlike [`Elu`](struct@super::Elu) its derivative has no jump at 0 for any `α`.
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let model = Sequential::new().add(Dense::new(12, Celu.alpha(0.5)));
    /// ```
    ///
    /// # References
    ///
    /// J. Barron, *Continuously differentiable exponential linear units*, 2017, arXiv:1704.07483.
    /// Keras: `keras.activations.celu`.
    pub struct Celu: "celu" {
        /// `α`: the negative side saturates at `−α`.
        alpha: f64 [above 0] = 1.0,
    }
}

impl<T: Element> Elementwise<T> for Celu {
    #[inline(always)]
    fn value<S: Simd<T>>(&self, s: S, z: S::V) -> S::V {
        let below = functions::exp_m1(s, s.mul(z, s.literal(1.0 / self.alpha)));
        s.select(s.gt(z, s.zero()), z, s.mul(s.literal(self.alpha), below))
    }

    #[inline(always)]
    fn derivative<S: Simd<T>>(&self, s: S, z: S::V, a: S::V) -> S::V {
        let one = s.literal(1.0);
        s.select(s.gt(z, s.zero()), one, s.mul_add(a, s.literal(1.0 / self.alpha), one))
    }

    fn is_nondecreasing(&self) -> bool {
        true
    }
}

elementwise!(Celu);
