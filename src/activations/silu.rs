use super::forms::elementwise::{Elementwise, elementwise};
use crate::items::item;
use crate::kernels::{Element, Simd, functions};

item! {
    /// The sigmoid linear unit, `f(z) = z/(1 + e⁻ᶻ)`, also called swish.
    ///
    /// Under its other name it is `Swish`.
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let model = Sequential::new().add(Dense::new(12, Silu));
    /// ```
    ///
    /// # References
    ///
    /// S. Elfwing, E. Uchibe and K. Doya, *Sigmoid-weighted linear units for neural network function approximation in
    /// reinforcement learning*, Neural Networks 107, 2018.
    /// Keras: `keras.activations.silu`, `keras.activations.swish`.
    pub struct Silu: "silu" {}
}

impl<T: Element> Elementwise<T> for Silu {
    #[inline(always)]
    fn value<S: Simd<T>>(&self, s: S, z: S::V) -> S::V {
        s.mul(z, functions::sigmoid(s, z))
    }

    #[inline(always)]
    fn derivative<S: Simd<T>>(&self, s: S, z: S::V, a: S::V) -> S::V {
        let sigmoid = functions::sigmoid(s, z);
        s.mul_add(a, s.sub(s.literal(1.0), sigmoid), sigmoid)
    }
}

elementwise!(Silu);
