use super::forms::elementwise::{Elementwise, elementwise};
use crate::items::item;
use crate::kernels::{Element, Simd, functions};

item! {
    /// The scaled exponential linear unit, `f(z) = λ·z` above 0 and `λ·α·(eᶻ − 1)` below.
    ///
    /// `λ ≈ 1.0507` and `α ≈ 1.6733` keep mean and variance of the units from layer to layer, given weights drawn with
    /// variance `1/inputs` (`LecunNormal`).
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let model = Sequential::new().add(Dense::new(12, Selu));
    /// ```
    ///
    /// # References
    ///
    /// G. Klambauer et al., *Self-normalizing neural networks*, NIPS 2017.
    /// Keras: `keras.activations.selu`.
    pub struct Selu: "selu" {}
}

const SCALE: f64 = 1.050_700_987_355_480_5;
const ALPHA: f64 = 1.673_263_242_354_377_2;

impl<T: Element> Elementwise<T> for Selu {
    #[inline(always)]
    fn value<S: Simd<T>>(&self, s: S, z: S::V) -> S::V {
        let below = s.mul(s.literal(SCALE * ALPHA), functions::exp_m1(s, z));
        s.select(s.gt(z, s.zero()), s.mul(s.literal(SCALE), z), below)
    }

    #[inline(always)]
    fn derivative<S: Simd<T>>(&self, s: S, z: S::V, a: S::V) -> S::V {
        s.select(s.gt(z, s.zero()), s.literal(SCALE), s.add(a, s.literal(SCALE * ALPHA)))
    }

    fn is_nondecreasing(&self) -> bool {
        true
    }
}

elementwise!(Selu);
