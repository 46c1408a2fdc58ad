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

/// A rule whose slots become zero where they are nearly subnormal, so that none of them ever is, unless ε is tiny: those that decay by
/// a fraction in each step would become subnormal at the same time where units have died together. The first output, the
/// weights, is left as it is.
#[derive(Clone, Copy)]
pub(crate) struct Flushed<R> {
    rule: R,
    /// The smallest magnitude that a slot keeps.
    least: f64,
}

impl<R> Flushed<R> {
    /// The rule, with the ε that it adds to the root of a slot, if it divides by one.
    ///
    /// The smallest magnitude is chosen so that its product with a learning rate, of at least the rounding error of 1, is not subnormal
    /// either, and that its root is lost in rounding beside ε.
    pub(crate) fn new<T: Element>(rule: R, epsilon: Option<f64>) -> Self {
        let hidden = epsilon.map_or(f64::INFINITY, |epsilon| (epsilon * T::EPSILON / 4.0).powi(2));
        Flushed { rule, least: hidden.min(T::MIN_POSITIVE / T::EPSILON) }
    }
}

impl<T: Element, R: Lanewise<T, I, O>, const I: usize, const O: usize> Lanewise<T, I, O> for Flushed<R> {
    #[inline(always)]
    fn apply<S: Simd<T>>(&self, s: S, inputs: [S::V; I]) -> [S::V; O] {
        let mut results = self.rule.apply(s, inputs);
        let [_, slots @ ..] = &mut results[..] else { return results };
        for slot in slots {
            *slot = flushed(s, *slot, s.literal(self.least));
        }
        results
    }
}

/// `x`, or zero where its magnitude is below `least`.
#[inline(always)]
fn flushed<T: Element, S: Simd<T>>(s: S, x: S::V, least: S::V) -> S::V {
    // In this order NaN stays NaN.
    s.select(s.gt(least, s.abs(x)), s.zero(), x)
}

/// `x`, or zero where `x` is subnormal.
struct Flush;

impl<T: Element> Lanewise<T, 1, 1> for Flush {
    #[inline(always)]
    fn apply<S: Simd<T>>(&self, s: S, [x]: [S::V; 1]) -> [S::V; 1] {
        [flushed(s, x, s.literal(T::MIN_POSITIVE))]
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
