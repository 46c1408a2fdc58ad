use super::Activation;
use crate::items::item;
use crate::kernels::functions::{exp, ln};
use crate::kernels::softmax::max_over_columns;
use crate::kernels::{Element, Kernel, Simd, run};
use crate::{Batch, BatchMut, Scalar};

item! {
    /// The logarithm of softmax over the units, `f(z)ⱼ = zⱼ − ln Σₖ e^(zₖ)`.
    ///
    /// The largest `z` of a sample is subtracted first, so nothing overflows and no logarithm of 0 is taken.
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let log_probabilities = Sequential::new().add(Dense::new(3, LogSoftmax));
    /// ```
    ///
    /// # References
    ///
    /// Keras: `keras.activations.log_softmax`, with its axis −1.
    pub struct LogSoftmax: "log_softmax" {}
}

impl<T: Scalar> Activation<T> for LogSoftmax {
    fn forward(&self, z: Batch<'_, T>, mut a: BatchMut<'_, T>) {
        run(LogSoftmaxForward { z: z.padded(), a: a.padded(), stride: z.stride() });
    }

    fn backward(&self, _: Batch<'_, T>, a: Batch<'_, T>, da: Batch<'_, T>, mut dz: BatchMut<'_, T>) {
        run(LogSoftmaxBackward { a: a.padded(), da: da.padded(), dz: dz.padded(), stride: a.stride() });
    }
}

/// Operands with one sample per lane and a column stride of `stride`.
struct LogSoftmaxForward<'a, T> {
    z: &'a [T],
    a: &'a mut [T],
    stride: usize,
}

impl<T: Element> Kernel<T> for LogSoftmaxForward<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd<T>>(self, s: S) {
        let LogSoftmaxForward { z, a, stride } = self;
        for lane in (0..stride).step_by(S::LANES) {
            let top = max_over_columns(s, z, stride, lane);
            let mut sum = s.zero();
            for z in z.chunks_exact(stride) {
                sum = s.add(sum, exp(s, s.sub(s.load(&z[lane..]), top)));
            }
            let log_sum = ln(s, sum);
            for (z, a) in z.chunks_exact(stride).zip(a.chunks_exact_mut(stride)) {
                s.store(&mut a[lane..], s.sub(s.sub(s.load(&z[lane..]), top), log_sum));
            }
        }
    }
}

struct LogSoftmaxBackward<'a, T> {
    a: &'a [T],
    da: &'a [T],
    dz: &'a mut [T],
    stride: usize,
}

impl<T: Element> Kernel<T> for LogSoftmaxBackward<'_, T> {
    type Output = ();

    /// `dzⱼ = daⱼ − e^(aⱼ)·Σₖ daₖ`, since `e^a` is the softmax.
    #[inline(always)]
    fn run<S: Simd<T>>(self, s: S) {
        let LogSoftmaxBackward { a, da, dz, stride } = self;
        for lane in (0..stride).step_by(S::LANES) {
            let mut total = s.zero();
            for da in da.chunks_exact(stride) {
                total = s.add(total, s.load(&da[lane..]));
            }
            for ((a, da), dz) in a.chunks_exact(stride).zip(da.chunks_exact(stride)).zip(dz.chunks_exact_mut(stride)) {
                let probability = exp(s, s.load(&a[lane..]));
                s.store(&mut dz[lane..], s.sub(s.load(&da[lane..]), s.mul(probability, total)));
            }
        }
    }
}
