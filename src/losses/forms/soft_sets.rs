//! Losses of two soft sets, the targets and the predictions as degrees of membership, over a sample or over a whole batch.

use super::rowwise::{self, GradientLanes, RowwiseLoss, SampleLanes};
use crate::kernels::{Element, Kernel, Simd, run, sums};
use crate::{Batch, BatchMut, Scalar};

/// The sizes of the sets and of their intersection.
pub(crate) struct Totals<V> {
    /// `Σ y·p`.
    pub(crate) intersection: V,
    /// `Σ y`.
    pub(crate) y: V,
    /// `Σ p`.
    pub(crate) p: V,
}

/// A function of the three totals.
pub(crate) trait SoftSets<T: Element> {
    /// Whether the totals are over the whole batch, and not over each sample.
    fn whole_batch(&self) -> bool;

    /// The loss.
    fn value<S: Simd<T>>(&self, s: S, totals: &Totals<S::V>) -> S::V;

    /// The derivatives of the loss with respect to `Σ y·p` and to `Σ p`.
    fn derivatives<S: Simd<T>>(&self, s: S, totals: &Totals<S::V>) -> (S::V, S::V);
}

/// The totals of each sample.
struct PerSample<'a, L>(&'a L);

#[inline(always)]
fn of_samples<T: Element, S: Simd<T>>(s: S, samples: &SampleLanes<'_, T>) -> Totals<S::V> {
    let mut totals = Totals { intersection: s.zero(), y: s.zero(), p: s.zero() };
    for output in 0..samples.outputs() {
        add(s, &mut totals, samples.y(s, output), samples.p(s, output));
    }
    totals
}

#[inline(always)]
fn add<T: Element, S: Simd<T>>(s: S, totals: &mut Totals<S::V>, y: S::V, p: S::V) {
    totals.intersection = s.mul_add(y, p, totals.intersection);
    totals.y = s.add(totals.y, y);
    totals.p = s.add(totals.p, p);
}

impl<T: Element, L: SoftSets<T>> RowwiseLoss<T> for PerSample<'_, L> {
    #[inline(always)]
    fn value<S: Simd<T>>(&self, s: S, samples: &SampleLanes<'_, T>) -> S::V {
        self.0.value(s, &of_samples(s, samples))
    }

    /// `∂L/∂pⱼ = scale·(∂L/∂(Σ y·p)·yⱼ + ∂L/∂(Σ p))`.
    #[inline(always)]
    fn gradient<S: Simd<T>>(&self, s: S, samples: &SampleLanes<'_, T>, scale: S::V, to: &mut GradientLanes<'_, T>) {
        let (intersection, total) = self.0.derivatives(s, &of_samples(s, samples));
        for output in 0..samples.outputs() {
            to.set(s, output, s.mul(scale, s.mul_add(intersection, samples.y(s, output), total)));
        }
    }
}

/// The totals of a batch over the samples, without the padding.
#[inline(always)]
fn of_batch<T: Scalar, S: Simd<T>>(s: S, y: Batch<'_, T>, p: Batch<'_, T>) -> Totals<S::V> {
    let mut totals = Totals { intersection: s.zero(), y: s.zero(), p: s.zero() };
    for output in 0..p.columns() {
        for (y, p) in y.column(output).chunks(S::LANES).zip(p.column(output).chunks(S::LANES)) {
            add(s, &mut totals, s.load(y), s.load(p));
        }
    }
    let Totals { intersection, y, p } = totals;
    Totals {
        intersection: s.splat(s.reduce_sum(intersection)),
        y: s.splat(s.reduce_sum(y)),
        p: s.splat(s.reduce_sum(p)),
    }
}

struct BatchValue<'a, T, L> {
    loss: &'a L,
    y: Batch<'a, T>,
    p: Batch<'a, T>,
    losses: &'a mut [T],
}

impl<T: Scalar, L: SoftSets<T>> Kernel<T> for BatchValue<'_, T, L> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd<T>>(self, s: S) {
        let value = self.loss.value(s, &of_batch(s, self.y, self.p));
        for losses in self.losses.chunks_mut(S::LANES) {
            s.store(losses, value);
        }
    }
}

struct BatchGradient<'a, T, L> {
    loss: &'a L,
    y: Batch<'a, T>,
    p: Batch<'a, T>,
    /// The sum of all samples' scales.
    scale: T,
    dp: BatchMut<'a, T>,
}

impl<T: Scalar, L: SoftSets<T>> Kernel<T> for BatchGradient<'_, T, L> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd<T>>(mut self, s: S) {
        let (intersection, total) = self.loss.derivatives(s, &of_batch(s, self.y, self.p));
        let scale = s.splat(self.scale);
        let (intersection, total) = (s.mul(scale, intersection), s.mul(scale, total));
        for output in 0..self.p.columns() {
            let to = self.dp.column_mut(output).chunks_mut(S::LANES);
            for (y, dp) in self.y.column(output).chunks(S::LANES).zip(to) {
                s.store(dp, s.mul_add(intersection, s.load(y), total));
            }
        }
    }
}

/// The loss of each sample, or of the batch for every sample.
pub(crate) fn forward<T: Scalar>(loss: &impl SoftSets<T>, y: Batch<'_, T>, p: Batch<'_, T>, losses: &mut [T]) {
    if loss.whole_batch() {
        run(BatchValue { loss, y, p, losses });
    } else {
        rowwise::forward(&PerSample(loss), y, p, losses);
    }
}

/// The gradient of each sample's loss, or of the batch's, times its scale.
pub(crate) fn backward<T: Scalar>(
    loss: &impl SoftSets<T>,
    y: Batch<'_, T>,
    p: Batch<'_, T>,
    scale: &[T],
    dp: BatchMut<'_, T>,
) {
    if loss.whole_batch() {
        run(BatchGradient { loss, y, p, scale: sums::total(scale), dp });
    } else {
        rowwise::backward(&PerSample(loss), y, p, scale, dp);
    }
}

/// Implements [`Loss`](crate::losses::Loss) for a [`SoftSets`] type with the fields `axis` and `reduction`.
macro_rules! soft_sets {
    ($name:ident) => {
        impl<T: $crate::Scalar> $crate::losses::Loss<T> for $name {
            fn forward(&self, y: $crate::Batch<'_, T>, p: $crate::Batch<'_, T>, losses: &mut [T]) {
                $crate::losses::forms::soft_sets::forward(self, y, p, losses);
            }

            fn backward(
                &self,
                y: $crate::Batch<'_, T>,
                p: $crate::Batch<'_, T>,
                scale: &[T],
                dp: $crate::BatchMut<'_, T>,
            ) {
                $crate::losses::forms::soft_sets::backward(self, y, p, scale, dp);
            }

            fn reduction(&self) -> $crate::losses::Reduction {
                self.reduction
            }

            fn targets(&self) -> $crate::losses::Targets {
                $crate::losses::Targets::Between(0.0, 1.0)
            }

            fn expects(&self) -> $crate::losses::Outputs {
                $crate::losses::Outputs::Probabilities
            }

            fn whole_batch(&self) -> bool {
                self.axis.is_none()
            }
        }
    };
}
pub(crate) use soft_sets;

/// Whether `axis` is supported: `None` (totals over the batch), 1 or −1 (totals per sample).
pub(crate) fn known_axis(axis: Option<i64>) -> bool {
    matches!(axis, None | Some(1 | -1))
}
