//! Numbers below the smallest normal number, set to zero.
//!
//! The moments of a weight whose gradient has become zero, such as those of a relu unit that is never positive, halve every few
//! steps until they are subnormal, and stay there: a fraction of the smallest numbers is rounded to themselves. Arithmetic on subnormal
//! numbers takes some processors a hundred times as long, so that a single such unit can double the time of a step.

use crate::Scalar;
use crate::kernels::lanewise::{self, Lanewise};
use crate::kernels::{Element, Simd};

/// The least ε beside which the root of a subnormal number is lost in rounding, in `f32` and `f64`.
const HIDING_EPSILON: f64 = 1e-12;

/// Whether `√v + ε` and `√(v + ε)` are the same for a subnormal `v` as for zero.
pub(crate) fn hides_subnormals(epsilon: f64) -> bool {
    epsilon >= HIDING_EPSILON
}

/// `x`, or zero where `x` is subnormal.
struct Flush;

impl<T: Element> Lanewise<T, 1, 1> for Flush {
    #[inline(always)]
    fn apply<S: Simd<T>>(&self, s: S, [x]: [S::V; 1]) -> [S::V; 1] {
        // In this order NaN stays NaN.
        let subnormal = s.gt(s.literal(T::MIN_POSITIVE), s.abs(x));
        [s.select(subnormal, s.zero(), x)]
    }
}

/// Sets subnormal numbers to zero.
pub(crate) fn flush<T: Scalar>(values: &mut [T]) {
    lanewise::update(&Flush, [], [values]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_subnormal_numbers_become_zero() {
        let normal = [f32::MIN_POSITIVE, -f32::MIN_POSITIVE, 0.0, 1.0, -3e38, f32::INFINITY, f32::NEG_INFINITY];
        let subnormal = [f32::from_bits(1), -f32::from_bits(1), f32::MIN_POSITIVE / 2.0, -f32::MIN_POSITIVE / 4.0];
        let mut values = [&normal[..], &subnormal, &[f32::NAN]].concat();
        flush(&mut values);
        assert_eq!(values[..7], normal);
        assert!(values[7..11].iter().all(|value| *value == 0.0));
        assert!(values[11].is_nan());
        let mut values = [f64::MIN_POSITIVE, f64::MIN_POSITIVE / 2.0];
        flush(&mut values);
        assert_eq!(values, [f64::MIN_POSITIVE, 0.0]);
    }
}
