//! The modulating factor of the focal losses.

use crate::kernels::distances::EPSILON;
use crate::kernels::functions::{exp, ln};
use crate::kernels::{Element, Simd};

/// `x^exponent` for `x` in [0, 1], kept at least 1e-7 so that no power is infinite.
#[inline(always)]
pub(crate) fn focal_factor<T: Element, S: Simd<T>>(s: S, x: S::V, exponent: f64) -> S::V {
    if exponent == 0.0 {
        return s.literal(1.0);
    }
    let x = s.max(s.literal(EPSILON), x);
    if exponent == 1.0 {
        return x;
    }
    if exponent == 2.0 {
        return s.mul(x, x);
    }
    exp(s, s.mul(s.literal(exponent), ln(s, x)))
}
