//! The elastic net penalty `Σ (l1·|w| + l2·w²)`, of which `L1`, `L2` and `L1L2` are special cases.

use crate::Scalar;
use crate::kernels::lanewise::{self, Lanewise};
use crate::kernels::{Element, Simd, sums};

/// The factors of the magnitudes and squares of weights.
#[derive(Debug, Clone, Copy)]
pub(super) struct Elastic {
    pub(super) l1: f64,
    pub(super) l2: f64,
}

impl Elastic {
    pub(super) fn penalty<T: Scalar>(self, values: &[T]) -> f64 {
        let term = |factor: f64, sum: fn(&[T]) -> f64| if factor == 0.0 { 0.0 } else { factor * sum(values) };
        term(self.l1, sums::magnitudes) + term(self.l2, sums::squares)
    }

    pub(super) fn add_gradient<T: Scalar>(self, values: &[T], scale: f64, gradient: &mut [T]) {
        let rule = AddElasticGradient { sign: self.l1 * scale, factor: 2.0 * self.l2 * scale };
        lanewise::update(&rule, [values], [gradient]);
    }
}

/// `g + sign·sign(w) + factor·w`, where the sign of zero is zero.
struct AddElasticGradient {
    sign: f64,
    factor: f64,
}

impl<T: Element> Lanewise<T, 2, 1> for AddElasticGradient {
    #[inline(always)]
    fn apply<S: Simd<T>>(&self, s: S, [w, g]: [S::V; 2]) -> [S::V; 1] {
        let sign = s.copysign(s.literal(self.sign), w);
        let sign = s.select(s.gt(s.abs(w), s.zero()), sign, s.zero());
        [s.mul_add(w, s.literal(self.factor), s.add(g, sign))]
    }
}
