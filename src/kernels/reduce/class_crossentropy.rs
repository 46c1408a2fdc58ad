//! The cross-entropy between class probabilities as targets and predictions of several classes, sample by sample.

use super::rowwise::Columns;
use crate::kernels::distances::EPSILON;
use crate::kernels::functions::{exp, ln};
use crate::kernels::{Element, Simd};

/// The probability that the targets give to a class.
pub(crate) trait ClassTargets<T: Element> {
    /// Implementations are `#[inline(always)]`.
    fn target<S: Simd<T>>(&self, s: S, y: Columns<'_, T>, class: usize, classes: usize) -> S::V;
}

/// `−Σⱼ yⱼ·ln qⱼ`, where `q = p/Σp` clipped to `[ε, 1 − ε]`.
#[inline(always)]
pub(crate) fn of_probabilities<T: Element, S: Simd<T>>(
    s: S,
    targets: &impl ClassTargets<T>,
    y: Columns<'_, T>,
    p: Columns<'_, T>,
) -> S::V {
    let (low, high) = (s.literal(EPSILON), s.literal(1.0 - EPSILON));
    let mut sum = s.zero();
    for j in 0..p.count() {
        sum = s.add(sum, p.load(s, j));
    }
    let mut total = s.zero();
    for j in 0..p.count() {
        let q = s.max(low, s.min(high, s.div(p.load(s, j), sum)));
        total = s.mul_add(targets.target(s, y, j, p.count()), ln(s, q), total);
    }
    s.neg(total)
}

/// `−Σⱼ yⱼ·ln qⱼ`, where `q` is the softmax of logits: `Σⱼ yⱼ·(ln Σₖ e^(zₖ − m) − (zⱼ − m))` with the largest logit `m`.
#[inline(always)]
pub(crate) fn of_logits<T: Element, S: Simd<T>>(
    s: S,
    targets: &impl ClassTargets<T>,
    y: Columns<'_, T>,
    z: Columns<'_, T>,
) -> S::V {
    let mut max = z.load(s, 0);
    for j in 1..z.count() {
        max = s.max(max, z.load(s, j));
    }
    let mut sum = s.zero();
    for j in 0..z.count() {
        sum = s.add(sum, exp(s, s.sub(z.load(s, j), max)));
    }
    let log_sum = ln(s, sum);
    let mut total = s.zero();
    for j in 0..z.count() {
        let surprisal = s.sub(log_sum, s.sub(z.load(s, j), max));
        total = s.mul_add(targets.target(s, y, j, z.count()), surprisal, total);
    }
    total
}
