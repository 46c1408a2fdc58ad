//! Smoothed targets of two classes.

use crate::kernels::{Element, Simd};

/// `y·(1 − smoothing) + smoothing/2`.
#[inline(always)]
pub(crate) fn smooth<T: Element, S: Simd<T>>(s: S, y: S::V, smoothing: f64) -> S::V {
    s.mul_add(y, s.literal(1.0 - smoothing), s.literal(0.5 * smoothing))
}
