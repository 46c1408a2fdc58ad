//! Losses that need all outputs of a sample, computed for one sample per SIMD lane.

use crate::kernels::rowwise::{self, BatchColumns, SampleColumns};
use crate::kernels::{Element, Kernel, Simd, run};
use crate::{Batch, BatchMut, Scalar};

/// Targets and predictions of a vector of samples.
pub(crate) struct SampleLanes<'a, T> {
    pub(crate) targets: SampleColumns<'a, T>,
    pub(crate) predictions: SampleColumns<'a, T>,
}

impl<T: Element> SampleLanes<'_, T> {
    /// The number of outputs.
    #[inline(always)]
    pub(crate) fn outputs(&self) -> usize {
        self.predictions.count()
    }

    /// A column of the targets.
    #[inline(always)]
    pub(crate) fn y<S: Simd<T>>(&self, s: S, column: usize) -> S::V {
        self.targets.load(s, column)
    }

    /// A column of the predictions.
    #[inline(always)]
    pub(crate) fn p<S: Simd<T>>(&self, s: S, column: usize) -> S::V {
        self.predictions.load(s, column)
    }
}

/// The gradient of a vector of samples.
pub(crate) struct GradientLanes<'a, T> {
    dp: &'a mut [T],
    stride: usize,
    lane: usize,
}

impl<T: Element> GradientLanes<'_, T> {
    #[inline(always)]
    pub(crate) fn set<S: Simd<T>>(&mut self, s: S, output: usize, derivative: S::V) {
        s.store(&mut self.dp[output * self.stride + self.lane..], derivative);
    }
}

/// A loss that is a function of all outputs of a sample.
///
/// Implementations are `#[inline(always)]` and loop without closures, which would not be compiled for the vectors.
pub(crate) trait RowwiseLoss<T: Element> {
    /// The loss of each sample.
    fn value<S: Simd<T>>(&self, s: S, samples: &SampleLanes<'_, T>) -> S::V;

    /// Writes `scale` times the derivative with respect to each output.
    fn gradient<S: Simd<T>>(&self, s: S, samples: &SampleLanes<'_, T>, scale: S::V, to: &mut GradientLanes<'_, T>);
}

/// The value of a loss.
struct RowwiseValue<'a, L>(&'a L);

impl<T: Element, L: RowwiseLoss<T>> rowwise::Rowwise<T> for RowwiseValue<'_, L> {
    #[inline(always)]
    fn apply<S: Simd<T>>(&self, s: S, targets: SampleColumns<'_, T>, predictions: SampleColumns<'_, T>) -> S::V {
        self.0.value(s, &SampleLanes { targets, predictions })
    }
}

struct RowwiseGradient<'a, T, L> {
    loss: &'a L,
    y: BatchColumns<'a, T>,
    p: BatchColumns<'a, T>,
    scale: &'a [T],
    dp: &'a mut [T],
}

impl<T: Element, L: RowwiseLoss<T>> Kernel<T> for RowwiseGradient<'_, T, L> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd<T>>(self, s: S) {
        let RowwiseGradient { loss, y, p, scale, dp } = self;
        let stride = p.stride;
        for (block, scale) in scale.chunks(S::LANES).enumerate() {
            let lane = block * S::LANES;
            let samples = SampleLanes { targets: y.columns_at(lane), predictions: p.columns_at(lane) };
            loss.gradient(s, &samples, s.load(scale), &mut GradientLanes { dp, stride, lane });
        }
    }
}

/// Writes the loss of each sample to `losses`.
pub(crate) fn forward<T: Scalar>(loss: &impl RowwiseLoss<T>, y: Batch<'_, T>, p: Batch<'_, T>, losses: &mut [T]) {
    rowwise::apply(&RowwiseValue(loss), BatchColumns::from_batch(y), BatchColumns::from_batch(p), losses);
}

/// Writes `dp[i, j] = scale[i]·∂lossᵢ/∂p[i, j]`.
pub(crate) fn backward<T: Scalar>(
    loss: &impl RowwiseLoss<T>,
    y: Batch<'_, T>,
    p: Batch<'_, T>,
    scale: &[T],
    mut dp: BatchMut<'_, T>,
) {
    run(RowwiseGradient {
        loss,
        y: BatchColumns::from_batch(y),
        p: BatchColumns::from_batch(p),
        scale,
        dp: dp.padded(),
    });
}

/// The two methods of a loss that is [`RowwiseLoss`].
macro_rules! rowwise_loss {
    () => {
        fn forward(&self, y: $crate::Batch<'_, T>, p: $crate::Batch<'_, T>, losses: &mut [T]) {
            $crate::losses::forms::rowwise::forward(self, y, p, losses);
        }

        fn backward(&self, y: $crate::Batch<'_, T>, p: $crate::Batch<'_, T>, scale: &[T], dp: $crate::BatchMut<'_, T>) {
            $crate::losses::forms::rowwise::backward(self, y, p, scale, dp);
        }

        fn reduction(&self) -> $crate::losses::Reduction {
            self.reduction
        }
    };
}
pub(crate) use rowwise_loss;
