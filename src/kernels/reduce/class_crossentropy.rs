//! The cross-entropy between class probabilities as targets and predictions of several classes, sample by sample.

use super::rowwise::SampleColumns;
use crate::kernels::distances::EPSILON;
use crate::kernels::functions::{exp, ln};
use crate::kernels::{Element, Simd};

/// The probability of a class according to the targets.
pub(crate) trait ClassTargets<T: Element> {
    /// Implementations are `#[inline(always)]`.
    fn target<S: Simd<T>>(&self, s: S, y: SampleColumns<'_, T>, class: usize, classes: usize) -> S::V;
}

/// 1 where a class index is `class`, else 0.
#[inline(always)]
pub(crate) fn one_hot<T: Element, S: Simd<T>>(s: S, index: S::V, class: usize) -> S::V {
    let class = s.literal(class as f64);
    let at_least = s.select(s.ge(index, class), s.literal(1.0), s.zero());
    s.select(s.ge(class, index), at_least, s.zero())
}

/// The predictions of a sample as probabilities `q` that add up to 1: the softmax of logits, or values divided by their sum.
pub(crate) struct Normalized<V> {
    /// The largest logit; none for probabilities.
    pub(crate) max: Option<V>,
    /// The sum of the values, or of `e^(z − max)`.
    pub(crate) sum: V,
}

impl<V: Copy> Normalized<V> {
    #[inline(always)]
    pub(crate) fn new<T: Element, S: Simd<T, V = V>>(s: S, p: SampleColumns<'_, T>, from_logits: bool) -> Self {
        let mut sum = s.zero();
        if !from_logits {
            for class in 0..p.count() {
                sum = s.add(sum, p.load(s, class));
            }
            return Normalized { max: None, sum };
        }
        let mut max = p.load(s, 0);
        for class in 1..p.count() {
            max = s.max(max, p.load(s, class));
        }
        for class in 0..p.count() {
            sum = s.add(sum, exp(s, s.sub(p.load(s, class), max)));
        }
        Normalized { max: Some(max), sum }
    }

    /// The probability `q` of one prediction.
    #[inline(always)]
    pub(crate) fn probability<T: Element, S: Simd<T, V = V>>(&self, s: S, p: V) -> V {
        match self.max {
            Some(max) => s.div(exp(s, s.sub(p, max)), self.sum),
            None => s.div(p, self.sum),
        }
    }

    /// The derivative of `q` with respect to its prediction, with the sum held constant: `q` for logits, `1/Σp` for probabilities.
    #[inline(always)]
    pub(crate) fn derivative<T: Element, S: Simd<T, V = V>>(&self, s: S, p: V) -> V {
        match self.max {
            Some(_) => self.probability(s, p),
            None => s.div(s.literal(1.0), self.sum),
        }
    }
}

/// A probability clipped to `[ε, 1 − ε]`, so that its logarithm is finite.
#[inline(always)]
pub(crate) fn clipped<T: Element, S: Simd<T>>(s: S, q: S::V) -> S::V {
    s.max(s.literal(EPSILON), s.min(s.literal(1.0 - EPSILON), q))
}

/// The order of operations in the logarithm of a softmax, `zⱼ − m − ln Σₖ e^(zₖ − m)` with the largest logit `m`, which affects the
/// last bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LogSoftmaxForm {
    /// `zⱼ − (ln Σ + m)`, as in the kernel that fuses the softmax with the loss, so that the loss has the same bits fused and separate.
    AsJoined,
    /// `(zⱼ − m) − ln Σ`, which loses no digits even if `m` is large.
    Centered,
}

/// `−Σⱼ yⱼ·ln qⱼ` with the [`Normalized`] predictions `q`; those of probabilities are clipped.
///
/// For logits it is computed without the logarithm of a quotient: `Σⱼ yⱼ·(ln Σₖ e^(zₖ − m) − (zⱼ − m))`.
#[inline(always)]
pub(crate) fn crossentropy<T: Element, S: Simd<T>>(
    s: S,
    targets: &impl ClassTargets<T>,
    (from_logits, form): (bool, LogSoftmaxForm),
    y: SampleColumns<'_, T>,
    p: SampleColumns<'_, T>,
) -> S::V {
    let normalized = Normalized::new(s, p, from_logits);
    let mut total = s.zero();
    let Some(max) = normalized.max else {
        for class in 0..p.count() {
            let q = clipped(s, normalized.probability(s, p.load(s, class)));
            total = s.mul_add(targets.target(s, y, class, p.count()), ln(s, q), total);
        }
        return s.neg(total);
    };
    let log_sum = ln(s, normalized.sum);
    let joined = s.add(log_sum, max);
    for class in 0..p.count() {
        let z = p.load(s, class);
        let surprisal = match form {
            LogSoftmaxForm::AsJoined => s.sub(joined, z),
            LogSoftmaxForm::Centered => s.sub(log_sum, s.sub(z, max)),
        };
        total = s.mul_add(targets.target(s, y, class, p.count()), surprisal, total);
    }
    total
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::rowwise::{self, BatchColumns, Rowwise};

    struct Loss(bool, LogSoftmaxForm);

    impl<T: Element> ClassTargets<T> for Loss {
        #[inline(always)]
        fn target<S: Simd<T>>(&self, s: S, y: SampleColumns<'_, T>, class: usize, _: usize) -> S::V {
            one_hot(s, y.load(s, 0), class)
        }
    }

    impl<T: Element> Rowwise<T> for Loss {
        #[inline(always)]
        fn apply<S: Simd<T>>(&self, s: S, y: SampleColumns<'_, T>, p: SampleColumns<'_, T>) -> S::V {
            crossentropy(s, self, (self.0, self.1), y, p)
        }
    }

    #[test]
    fn equals_the_definition_from_logits_and_from_probabilities() {
        let (stride, classes) = (48, 3);
        let y: Vec<f64> = (0..stride).map(|i| ((i * 7) % classes) as f64).collect();
        let p: Vec<f64> = (0..stride * classes).map(|i| 0.125 + ((i * 5) % 13) as f64).collect();
        for (from_logits, form) in
            [(false, LogSoftmaxForm::AsJoined), (true, LogSoftmaxForm::AsJoined), (true, LogSoftmaxForm::Centered)]
        {
            let tables =
                (BatchColumns { data: &y, columns: 1, stride }, BatchColumns { data: &p, columns: classes, stride });
            let mut values = vec![0.0; 37];
            rowwise::apply(&Loss(from_logits, form), tables.0, tables.1, &mut values);
            for (i, value) in values.into_iter().enumerate() {
                let weight =
                    |class: usize| if from_logits { p[class * stride + i].exp() } else { p[class * stride + i] };
                let sum: f64 = (0..classes).map(weight).sum();
                let wanted = -(weight(y[i] as usize) / sum).ln();
                approx::assert_relative_eq!(value, wanted, max_relative = 1e-11, epsilon = 1e-14);
            }
        }
    }

    #[test]
    fn the_centered_form_keeps_its_digits_beside_a_large_logit() {
        // ln(1 + e^(−1)) of two logits that are 1 apart, in f32.
        let (y, mut z) = ([0.0f32; 16], [30_000.0f32; 32]);
        z[16..].fill(29_999.0);
        let mut values = [0.0; 1];
        let (y, z) =
            (BatchColumns { data: &y, columns: 1, stride: 16 }, BatchColumns { data: &z, columns: 2, stride: 16 });
        rowwise::apply(&Loss(true, LogSoftmaxForm::Centered), y, z, &mut values);
        approx::assert_relative_eq!(values[0], (-1.0f32).exp().ln_1p(), max_relative = 1e-6);
    }
}
