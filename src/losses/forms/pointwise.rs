//! Losses that are the mean (or sum) over the outputs of a function of one target and one prediction.

use crate::kernels::lanewise::{self, Lanewise};
use crate::kernels::{Element, Simd};
use crate::{Batch, BatchMut, Scalar};

/// The function of one target and one prediction.
pub(crate) trait PointwiseLoss<T: Element>: Sync {
    /// Whether the loss of a sample is the sum over its outputs rather than their mean.
    const SUM: bool = false;

    /// The loss.
    fn value<S: Simd<T>>(&self, s: S, y: S::V, p: S::V) -> S::V;

    /// The derivative of the loss with respect to `p`.
    fn derivative<S: Simd<T>>(&self, s: S, y: S::V, p: S::V) -> S::V;
}

struct PointwiseValue<'a, L> {
    loss: &'a L,
    weight: f64,
}

impl<T: Element, L: PointwiseLoss<T>> Lanewise<T, 3, 1> for PointwiseValue<'_, L> {
    #[inline(always)]
    fn apply<S: Simd<T>>(&self, s: S, [y, p, total]: [S::V; 3]) -> [S::V; 1] {
        [s.mul_add(self.loss.value(s, y, p), s.literal(self.weight), total)]
    }
}

struct PointwiseDerivative<'a, L> {
    loss: &'a L,
    weight: f64,
}

impl<T: Element, L: PointwiseLoss<T>> Lanewise<T, 3, 1> for PointwiseDerivative<'_, L> {
    #[inline(always)]
    fn apply<S: Simd<T>>(&self, s: S, [y, p, scale]: [S::V; 3]) -> [S::V; 1] {
        [s.mul(s.mul(self.loss.derivative(s, y, p), s.literal(self.weight)), scale)]
    }
}

/// The weight of one output in the loss of a sample.
fn weight<T: Element, L: PointwiseLoss<T>>(_: &L, outputs: usize) -> f64 {
    if L::SUM { 1.0 } else { 1.0 / outputs as f64 }
}

/// The mean or sum over the outputs, one value a sample.
pub(crate) fn forward<T: Scalar>(loss: &impl PointwiseLoss<T>, y: Batch<'_, T>, p: Batch<'_, T>, losses: &mut [T]) {
    let weight = weight(loss, p.columns());
    losses.fill(T::zero());
    for j in 0..p.columns() {
        lanewise::update(&PointwiseValue { loss, weight }, [y.column(j), p.column(j)], [losses]);
    }
}

/// Writes `dp[i, j] = scale[i]·weight·∂value(yᵢⱼ, pᵢⱼ)/∂pᵢⱼ`, with the weight 1 for a sum and 1/outputs for a mean.
pub(crate) fn backward<T: Scalar>(
    loss: &impl PointwiseLoss<T>,
    y: Batch<'_, T>,
    p: Batch<'_, T>,
    scale: &[T],
    mut dp: BatchMut<'_, T>,
) {
    let weight = weight(loss, p.columns());
    for j in 0..p.columns() {
        lanewise::apply(&PointwiseDerivative { loss, weight }, [y.column(j), p.column(j), scale], [dp.column_mut(j)]);
    }
}

/// Implements [`Loss`](crate::losses::Loss) for a [`PointwiseLoss`] type with a field `reduction`; `targets` and `expects` are optional.
macro_rules! pointwise {
    ($name:ident $(, $targets:expr $(, $expects:expr)?)?) => {
        impl<T: $crate::Scalar> $crate::losses::Loss<T> for $name {
            fn forward(&self, y: $crate::Batch<'_, T>, p: $crate::Batch<'_, T>, losses: &mut [T]) {
                $crate::losses::forms::pointwise::forward(self, y, p, losses);
            }

            fn backward(
                &self,
                y: $crate::Batch<'_, T>,
                p: $crate::Batch<'_, T>,
                scale: &[T],
                dp: $crate::BatchMut<'_, T>,
            ) {
                $crate::losses::forms::pointwise::backward(self, y, p, scale, dp);
            }

            fn reduction(&self) -> $crate::losses::Reduction {
                self.reduction
            }

            $(fn targets(&self) -> $crate::losses::Targets {
                $targets
            }

            $(fn expects(&self) -> $crate::losses::Outputs {
                let expects: fn(&$name) -> $crate::losses::Outputs = $expects;
                expects(self)
            })?)?
        }
    };
}
pub(crate) use pointwise;
