use super::forms::elementwise::{Elementwise, elementwise};
use crate::items::item;
use crate::kernels::{Element, Simd, functions};

item! {
    /// The self-regularized unit, `f(z) = z·tanh(ln(1 + eᶻ))`.
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let model = Sequential::new().add(Dense::new(12, Mish));
    /// ```
    ///
    /// # References
    ///
    /// D. Misra, *Mish: a self regularized non-monotonic activation function*, BMVC 2020.
    /// Keras: `keras.activations.mish`.
    pub struct Mish: "mish" {}
}

/// `tanh(ln(1 + eᶻ))` from one exponential, `e^(−|z|)`, which cannot overflow.
#[inline(always)]
fn tanh_softplus<T: Element, S: Simd<T>>(s: S, z: S::V) -> S::V {
    // With u = eᶻ it is u·(u + 2)/(u·(u + 2) + 2); above 0 both sides are divided by u².
    let e = functions::exp(s, s.neg(s.abs(z)));
    let (one, two) = (s.literal(1.0), s.literal(2.0));
    let below = s.mul(e, s.add(e, two));
    let above = s.mul_add(two, e, one);
    let upper = s.div(above, s.mul_add(two, s.mul(e, e), above));
    s.select(s.ge(z, s.zero()), upper, s.div(below, s.add(below, two)))
}

impl<T: Element> Elementwise<T> for Mish {
    #[inline(always)]
    fn value<S: Simd<T>>(&self, s: S, z: S::V) -> S::V {
        s.mul(z, tanh_softplus(s, z))
    }

    #[inline(always)]
    fn derivative<S: Simd<T>>(&self, s: S, z: S::V, _: S::V) -> S::V {
        let tanh = tanh_softplus(s, z);
        let tanh_derivative = s.sub(s.literal(1.0), s.mul(tanh, tanh));
        s.mul_add(s.mul(z, tanh_derivative), functions::sigmoid(s, z), tanh)
    }
}

elementwise!(Mish);
