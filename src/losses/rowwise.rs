//! Losses of a whole sample at a time, as many samples together as a vector has lanes.

use crate::kernels::{Element, Kernel, Simd, run};
use crate::{Batch, BatchMut, Scalar};

/// Targets and predictions of a vector of samples.
pub(crate) struct Samples<'a, T> {
    y: &'a [T],
    p: &'a [T],
    stride: usize,
    lane: usize,
}

impl<T: Element> Samples<'_, T> {
    /// The number of outputs.
    #[inline(always)]
    pub(crate) fn outputs(&self) -> usize {
        self.p.len() / self.stride
    }

    /// A column of the targets.
    #[inline(always)]
    pub(crate) fn y<S: Simd<T>>(&self, s: S, column: usize) -> S::V {
        s.load(&self.y[column * self.stride + self.lane..])
    }

    /// A column of the predictions.
    #[inline(always)]
    pub(crate) fn p<S: Simd<T>>(&self, s: S, column: usize) -> S::V {
        s.load(&self.p[column * self.stride + self.lane..])
    }
}

/// The gradient of a vector of samples.
pub(crate) struct Gradient<'a, T> {
    dp: &'a mut [T],
    stride: usize,
    lane: usize,
}

impl<T: Element> Gradient<'_, T> {
    #[inline(always)]
    pub(crate) fn set<S: Simd<T>>(&mut self, s: S, output: usize, derivative: S::V) {
        s.store(&mut self.dp[output * self.stride + self.lane..], derivative);
    }
}

/// A loss that needs all outputs of a sample at once.
///
/// Implementations are `#[inline(always)]` and loop without closures, which would not be compiled for the vectors.
pub(crate) trait Rowwise<T: Element> {
    /// The loss of each sample.
    fn value<S: Simd<T>>(&self, s: S, samples: &Samples<'_, T>) -> S::V;

    /// Writes `scale` times the derivative with respect to each output.
    fn gradient<S: Simd<T>>(&self, s: S, samples: &Samples<'_, T>, scale: S::V, to: &mut Gradient<'_, T>);
}

struct Values<'a, T, L> {
    loss: &'a L,
    y: &'a [T],
    p: &'a [T],
    losses: &'a mut [T],
    stride: usize,
}

impl<T: Element, L: Rowwise<T>> Kernel<T> for Values<'_, T, L> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd<T>>(self, s: S) {
        let Values { loss, y, p, losses, stride } = self;
        for (block, losses) in losses.chunks_mut(S::LANES).enumerate() {
            let value = loss.value(s, &Samples { y, p, stride, lane: block * S::LANES });
            s.store(losses, value);
        }
    }
}

struct Gradients<'a, T, L> {
    loss: &'a L,
    y: &'a [T],
    p: &'a [T],
    scale: &'a [T],
    dp: &'a mut [T],
    stride: usize,
}

impl<T: Element, L: Rowwise<T>> Kernel<T> for Gradients<'_, T, L> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd<T>>(self, s: S) {
        let Gradients { loss, y, p, scale, dp, stride } = self;
        for (block, scale) in scale.chunks(S::LANES).enumerate() {
            let lane = block * S::LANES;
            let samples = Samples { y, p, stride, lane };
            loss.gradient(s, &samples, s.load(scale), &mut Gradient { dp, stride, lane });
        }
    }
}

/// One value a sample.
pub(crate) fn forward<T: Scalar>(loss: &impl Rowwise<T>, y: Batch<'_, T>, p: Batch<'_, T>, losses: &mut [T]) {
    run(Values { loss, y: y.padded(), p: p.padded(), losses, stride: p.stride() });
}

/// The gradient of each sample's value times its scale.
pub(crate) fn backward<T: Scalar>(
    loss: &impl Rowwise<T>,
    y: Batch<'_, T>,
    p: Batch<'_, T>,
    scale: &[T],
    mut dp: BatchMut<'_, T>,
) {
    run(Gradients { loss, y: y.padded(), p: p.padded(), scale, dp: dp.padded(), stride: p.stride() });
}

/// The two methods of a loss that is [`Rowwise`].
macro_rules! rowwise {
    () => {
        fn forward(&self, y: $crate::Batch<'_, T>, p: $crate::Batch<'_, T>, losses: &mut [T]) {
            $crate::losses::rowwise::forward(self, y, p, losses);
        }

        fn backward(&self, y: $crate::Batch<'_, T>, p: $crate::Batch<'_, T>, scale: &[T], dp: $crate::BatchMut<'_, T>) {
            $crate::losses::rowwise::backward(self, y, p, scale, dp);
        }

        fn reduction(&self) -> $crate::losses::Reduction {
            self.reduction
        }
    };
}
pub(crate) use rowwise;
