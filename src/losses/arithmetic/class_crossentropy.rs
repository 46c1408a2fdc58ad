//! The arithmetic of the categorical cross-entropies, for class indices and for one-hot targets.

use crate::kernels::class_crossentropy::{self, ClassTargets, LogSoftmaxForm, Normalized};
use crate::kernels::distances::EPSILON;
use crate::kernels::{Element, Simd};
use crate::losses::forms::rowwise::{GradientLanes, SampleLanes};

/// The target value of one class.
#[inline(always)]
fn target<T: Element, S: Simd<T>>(
    s: S,
    targets: &impl ClassTargets<T>,
    samples: &SampleLanes<'_, T>,
    class: usize,
) -> S::V {
    targets.target(s, samples.targets, class, samples.outputs())
}

/// Returns `value`, or 0 if the probability is clipped, since the loss is then constant.
#[inline(always)]
pub(crate) fn unless_clipped<T: Element, S: Simd<T>>(s: S, q: S::V, value: S::V) -> S::V {
    let above = s.select(s.ge(q, s.literal(EPSILON)), value, s.zero());
    s.select(s.ge(s.literal(1.0 - EPSILON), q), above, s.zero())
}

/// `−Σⱼ yⱼ·ln qⱼ`, where `q` is the softmax of logits or the probabilities divided by their sum.
#[inline(always)]
pub(crate) fn crossentropy<T: Element, S: Simd<T>>(
    s: S,
    targets: &impl ClassTargets<T>,
    from_logits: bool,
    samples: &SampleLanes<'_, T>,
) -> S::V {
    let form = (from_logits, LogSoftmaxForm::AsJoined);
    class_crossentropy::crossentropy(s, targets, form, samples.targets, samples.predictions)
}

/// The gradient of the cross-entropy: `q·Σy − y` for logits; with `q = p/Σp`, `Σy/Σp − y/p` over the classes that are
/// not clipped.
#[inline(always)]
pub(crate) fn gradient<T: Element, S: Simd<T>>(
    s: S,
    targets: &impl ClassTargets<T>,
    from_logits: bool,
    samples: &SampleLanes<'_, T>,
    scale: S::V,
    to: &mut GradientLanes<'_, T>,
) {
    let normalized = Normalized::new(s, samples.predictions, from_logits);
    let mut total = s.zero();
    if from_logits {
        for class in 0..samples.outputs() {
            total = s.add(total, target(s, targets, samples, class));
        }
        for class in 0..samples.outputs() {
            let q = normalized.probability(s, samples.p(s, class));
            let derivative = s.sub(s.mul(q, total), target(s, targets, samples, class));
            to.set(s, class, s.mul(scale, derivative));
        }
        return;
    }
    for class in 0..samples.outputs() {
        let q = normalized.probability(s, samples.p(s, class));
        total = s.add(total, unless_clipped(s, q, target(s, targets, samples, class)));
    }
    let common = s.div(total, normalized.sum);
    for class in 0..samples.outputs() {
        let p = samples.p(s, class);
        let direct = unless_clipped(s, normalized.probability(s, p), s.div(target(s, targets, samples, class), p));
        to.set(s, class, s.mul(scale, s.sub(common, direct)));
    }
}
