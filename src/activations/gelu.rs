use super::forms::elementwise::{Elementwise, elementwise};
use crate::items::item;
use crate::kernels::{Element, Simd, functions};

item! {
    /// The Gaussian error linear unit, `f(z) = z·Φ(z)` with `Φ(z) = (1 + erf(z/√2))/2`.
    ///
    /// With `approximate(true)` it is `z·(1 + tanh u)/2 = z/(1 + e^(−2u))` with `u = √(2/π)·(z + 0.044715·z³)`, which differs from
    /// the exact form by at most 0.0005.
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let model = Sequential::new().add(Dense::new(12, Gelu));
    /// let quicker = Sequential::new().add(Dense::new(12, Gelu.approximate(true)));
    /// ```
    ///
    /// # References
    ///
    /// D. Hendrycks and K. Gimpel, *Gaussian error linear units (GELUs)*, 2016, arXiv:1606.08415.
    /// Keras: `keras.activations.gelu`.
    pub struct Gelu: "gelu" {
        /// Whether to use the approximation with `tanh`.
        approximate: bool = false,
    }
}

/// `√(2/π)`.
const ROOT: f64 = 0.797_884_560_802_865_4;
const CUBIC: f64 = 0.044_715;

/// `2·√(2/π)·(z + 0.044715·z³)`.
#[inline(always)]
fn twice_u<T: Element, S: Simd<T>>(s: S, z: S::V) -> S::V {
    s.mul(z, s.mul_add(s.mul(z, z), s.literal(2.0 * ROOT * CUBIC), s.literal(2.0 * ROOT)))
}

impl<T: Element> Elementwise<T> for Gelu {
    #[inline(always)]
    fn value<S: Simd<T>>(&self, s: S, z: S::V) -> S::V {
        let factor = if self.approximate { functions::sigmoid(s, twice_u(s, z)) } else { functions::normal_cdf(s, z) };
        s.mul(z, factor)
    }

    #[inline(always)]
    fn derivative<S: Simd<T>>(&self, s: S, z: S::V, a: S::V) -> S::V {
        if self.approximate {
            let factor = functions::sigmoid(s, twice_u(s, z));
            let inner = s.mul_add(s.mul(z, z), s.literal(6.0 * ROOT * CUBIC), s.literal(2.0 * ROOT));
            return s.mul_add(s.mul(a, s.sub(s.literal(1.0), factor)), inner, factor);
        }
        let bell = functions::exp(s, s.mul(s.mul(z, z), s.literal(-0.5)));
        s.mul_add(s.mul(z, bell), s.literal(0.5 * ROOT), functions::normal_cdf(s, z))
    }
}

elementwise!(Gelu);
