//! The arithmetic that the categorical cross-entropies share, whatever form their targets have.

use super::binary_crossentropy::CLIP;
use super::rowwise::{Gradient, Samples};
use crate::kernels::functions::{exp, ln};
use crate::kernels::{Element, Simd};

/// Targets as the probability of each class.
pub(super) trait ClassTargets<T: Element> {
    fn target<S: Simd<T>>(&self, s: S, samples: &Samples<'_, T>, class: usize) -> S::V;
}

/// Class indices as probabilities: 1 for the class that the only column of `y` holds, else 0.
#[inline(always)]
pub(super) fn one_hot<T: Element, S: Simd<T>>(s: S, samples: &Samples<'_, T>, class: usize) -> S::V {
    let (index, class) = (samples.y(s, 0), s.literal(class as f64));
    let at_least = s.select(s.ge(index, class), s.literal(1.0), s.zero());
    s.select(s.ge(class, index), at_least, s.zero())
}

/// The predictions of a sample as shares `q` of 1: the softmax of logits, or probabilities divided by their sum.
pub(super) struct Shares<V> {
    /// The largest logit.
    top: Option<V>,
    /// The sum of the probabilities, or of `e^(z − top)`.
    sum: V,
}

impl<V: Copy> Shares<V> {
    #[inline(always)]
    pub(super) fn of<T: Element, S: Simd<T, V = V>>(s: S, samples: &Samples<'_, T>, from_logits: bool) -> Self {
        let mut sum = s.zero();
        if !from_logits {
            for class in 0..samples.outputs() {
                sum = s.add(sum, samples.p(s, class));
            }
            return Shares { top: None, sum };
        }
        let mut top = samples.p(s, 0);
        for class in 1..samples.outputs() {
            top = s.max(top, samples.p(s, class));
        }
        for class in 0..samples.outputs() {
            sum = s.add(sum, exp(s, s.sub(samples.p(s, class), top)));
        }
        Shares { top: Some(top), sum }
    }

    /// The share of one prediction.
    #[inline(always)]
    pub(super) fn share<T: Element, S: Simd<T, V = V>>(&self, s: S, p: V) -> V {
        match self.top {
            Some(top) => s.div(exp(s, s.sub(p, top)), self.sum),
            None => s.div(p, self.sum),
        }
    }

    /// What a share moves with its prediction, apart from the sum: `q` for logits, `1/Σp` for probabilities.
    #[inline(always)]
    pub(super) fn derivative<T: Element, S: Simd<T, V = V>>(&self, s: S, p: V) -> V {
        match self.top {
            Some(_) => self.share(s, p),
            None => s.div(s.literal(1.0), self.sum),
        }
    }
}

/// A share kept in `[1e-7, 1 − 1e-7]`, so that its logarithm is finite.
#[inline(always)]
pub(super) fn clipped<T: Element, S: Simd<T>>(s: S, share: S::V) -> S::V {
    s.max(s.literal(CLIP), s.min(s.literal(1.0 - CLIP), share))
}

/// `value` where the share is not clipped, else 0: what is clipped does not move the loss.
#[inline(always)]
pub(super) fn unless_clipped<T: Element, S: Simd<T>>(s: S, share: S::V, value: S::V) -> S::V {
    let above = s.select(s.ge(share, s.literal(CLIP)), value, s.zero());
    s.select(s.ge(s.literal(1.0 - CLIP), share), above, s.zero())
}

/// `−Σⱼ yⱼ·ln qⱼ`, where `q` is the softmax of logits or the shares of probabilities.
#[inline(always)]
pub(super) fn crossentropy<T: Element, S: Simd<T>>(
    s: S,
    targets: &impl ClassTargets<T>,
    from_logits: bool,
    samples: &Samples<'_, T>,
) -> S::V {
    let shares = Shares::of(s, samples, from_logits);
    let mut value = s.zero();
    if let Some(top) = shares.top {
        let log_sum = s.add(ln(s, shares.sum), top);
        for class in 0..samples.outputs() {
            let y = targets.target(s, samples, class);
            value = s.mul_add(y, s.sub(log_sum, samples.p(s, class)), value);
        }
        return value;
    }
    for class in 0..samples.outputs() {
        let q = clipped(s, shares.share(s, samples.p(s, class)));
        value = s.mul_add(targets.target(s, samples, class), ln(s, q), value);
    }
    s.neg(value)
}

/// Its gradient: `q·Σy − y` for logits; with `q = p/Σp`, `Σy/Σp − y/p` over the classes that are not clipped.
#[inline(always)]
pub(super) fn gradient<T: Element, S: Simd<T>>(
    s: S,
    targets: &impl ClassTargets<T>,
    from_logits: bool,
    samples: &Samples<'_, T>,
    scale: S::V,
    to: &mut Gradient<'_, T>,
) {
    let shares = Shares::of(s, samples, from_logits);
    let mut total = s.zero();
    if from_logits {
        for class in 0..samples.outputs() {
            total = s.add(total, targets.target(s, samples, class));
        }
        for class in 0..samples.outputs() {
            let q = shares.share(s, samples.p(s, class));
            let derivative = s.sub(s.mul(q, total), targets.target(s, samples, class));
            to.set(s, class, s.mul(scale, derivative));
        }
        return;
    }
    for class in 0..samples.outputs() {
        let q = shares.share(s, samples.p(s, class));
        total = s.add(total, unless_clipped(s, q, targets.target(s, samples, class)));
    }
    let common = s.div(total, shares.sum);
    for class in 0..samples.outputs() {
        let p = samples.p(s, class);
        let own = unless_clipped(s, shares.share(s, p), s.div(targets.target(s, samples, class), p));
        to.set(s, class, s.mul(scale, s.sub(common, own)));
    }
}
