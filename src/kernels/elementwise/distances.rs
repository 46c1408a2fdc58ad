//! Distances between one target and one prediction, used by both a loss and the metric of the same name.

use super::functions::{exp_m1, ln, ln_1p_unit, softplus};
use crate::kernels::{Element, Simd};

/// Keras's `epsilon`: probabilities stay this far from 0 and 1, and denominators from 0.
pub(crate) const EPSILON: f64 = 1e-7;

/// `(p − y)²`.
#[inline(always)]
pub(crate) fn squared<T: Element, S: Simd<T>>(s: S, y: S::V, p: S::V) -> S::V {
    let difference = s.sub(p, y);
    s.mul(difference, difference)
}

/// `|p − y|`.
#[inline(always)]
pub(crate) fn absolute<T: Element, S: Simd<T>>(s: S, y: S::V, p: S::V) -> S::V {
    s.abs(s.sub(p, y))
}

/// `100·|p − y| / max(|y|, ε)`.
#[inline(always)]
pub(crate) fn percentage<T: Element, S: Simd<T>>(s: S, y: S::V, p: S::V) -> S::V {
    let size = s.max(s.abs(y), s.literal(EPSILON));
    s.mul(s.div(absolute(s, y, p), size), s.literal(100.0))
}

/// `(ln(max(p, ε) + 1) − ln(max(y, ε) + 1))²`.
#[inline(always)]
pub(crate) fn squared_logarithmic<T: Element, S: Simd<T>>(s: S, y: S::V, p: S::V) -> S::V {
    let (floor, one) = (s.literal(EPSILON), s.literal(1.0));
    let log_p = ln(s, s.add(s.max(floor, p), one));
    let log_y = ln(s, s.add(s.max(floor, y), one));
    squared(s, log_y, log_p)
}

/// `ln cosh(p − y)`.
#[inline(always)]
pub(crate) fn log_cosh<T: Element, S: Simd<T>>(s: S, y: S::V, p: S::V) -> S::V {
    let size = s.abs(s.sub(p, y));
    let one = s.literal(1.0);
    let u = exp_m1(s, s.neg(size));
    let decay = s.add(one, u);
    // cosh x − 1 = u²/(2(1 + u)) with u = e^(−|x|) − 1 is accurate for small x; for cosh x > 2 the direct form does not cancel.
    let excess = s.div(s.mul(u, u), s.add(decay, decay));
    let far = s.sub(s.add(size, ln_1p_unit(s, s.mul(decay, decay))), s.literal(std::f64::consts::LN_2));
    s.select(s.ge(one, excess), ln_1p_unit(s, s.min(excess, one)), far)
}

/// `p − y·ln(p + ε)`.
#[inline(always)]
pub(crate) fn poisson<T: Element, S: Simd<T>>(s: S, y: S::V, p: S::V) -> S::V {
    s.sub(p, s.mul(y, ln(s, s.add(p, s.literal(EPSILON)))))
}

/// `y·ln(y/p)` of probabilities clipped to `[ε, 1]`.
#[inline(always)]
pub(crate) fn kl_divergence<T: Element, S: Simd<T>>(s: S, y: S::V, p: S::V) -> S::V {
    let (floor, one) = (s.literal(EPSILON), s.literal(1.0));
    let y = s.max(floor, s.min(one, y));
    let p = s.max(floor, s.min(one, p));
    s.mul(y, ln(s, s.div(y, p)))
}

/// `max(1 − y·p, 0)` for a label of −1 or 1.
#[inline(always)]
pub(crate) fn hinge<T: Element, S: Simd<T>>(s: S, y: S::V, p: S::V) -> S::V {
    s.max(s.zero(), s.sub(s.literal(1.0), s.mul(y, p)))
}

/// `−y·ln p − (1 − y)·ln(1 − p)` for a probability clipped to `[ε, 1 − ε]`.
#[inline(always)]
pub(crate) fn binary_crossentropy<T: Element, S: Simd<T>>(s: S, y: S::V, p: S::V) -> S::V {
    let one = s.literal(1.0);
    let p = s.max(s.literal(EPSILON), s.min(s.literal(1.0 - EPSILON), p));
    let hit = s.mul(y, ln(s, p));
    let miss = s.mul(s.sub(one, y), ln(s, s.sub(one, p)));
    s.neg(s.add(hit, miss))
}

/// The binary cross-entropy of a logit, `ln(1 + eᶻ) − y·z`.
#[inline(always)]
pub(crate) fn binary_crossentropy_of_logit<T: Element, S: Simd<T>>(s: S, y: S::V, z: S::V) -> S::V {
    s.sub(softplus(s, z), s.mul(z, y))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::lanewise::{self, Lanewise};

    struct LogCosh;

    impl<T: Element> Lanewise<T, 1, 1> for LogCosh {
        #[inline(always)]
        fn apply<S: Simd<T>>(&self, s: S, [x]: [S::V; 1]) -> [S::V; 1] {
            [log_cosh(s, s.zero(), x)]
        }
    }

    #[test]
    fn log_cosh_is_precise_near_zero_and_does_not_overflow() {
        let x: Vec<f64> = [1e-9, 1e-3, 0.5, 1.31, 1.32, 3.0, 40.0, 1e4].into_iter().flat_map(|x| [x, -x]).collect();
        let mut values = vec![0.0; x.len()];
        lanewise::apply(&LogCosh, [&x], [&mut values]);
        for (x, value) in x.iter().zip(values) {
            let size = x.abs();
            let wanted = if size < 1e-2 {
                size * size / 2.0 - size.powi(4) / 12.0
            } else {
                size + (-2.0 * size).exp().ln_1p() - std::f64::consts::LN_2
            };
            approx::assert_relative_eq!(value, wanted, max_relative = 1e-11);
        }
    }
}
