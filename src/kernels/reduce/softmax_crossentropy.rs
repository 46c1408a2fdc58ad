//! Softmax and the cross-entropy that follows it in one pass.

use super::class_crossentropy::one_hot;
use super::softmax::{exponentials, max_over_columns};
use crate::kernels::functions::ln;
use crate::kernels::{Element, Kernel, LANES, Simd};

/// The cross-entropy `−Σⱼ yⱼ·ln softmax(z)ⱼ` of logits: probabilities, loss per sample and `(p·Σy − y)·scale`.
///
/// `ln softmax(z)ⱼ = zⱼ − max − ln Σₖ e^(zₖ − max)`, so no logarithm of 0 is taken.
pub(super) struct SoftmaxCrossentropy<'a, T, const GRADIENT: bool> {
    /// `classes` columns.
    pub(super) z: &'a [T],
    /// One column of class indices, or `classes` columns of class probabilities.
    pub(super) y: &'a [T],
    pub(super) sparse: bool,
    /// `y` becomes `y·(1 − s) + s/classes`; not for indices.
    pub(super) label_smoothing: f64,
    /// One factor of the gradient per sample.
    pub(super) scale: &'a [T],
    pub(super) p: &'a mut [T],
    pub(super) losses: &'a mut [T],
    pub(super) dz: &'a mut [T],
    pub(super) stride: usize,
}

impl<T: Element, const GRADIENT: bool> Kernel<T> for SoftmaxCrossentropy<'_, T, GRADIENT> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd<T>>(self, s: S) {
        let SoftmaxCrossentropy { z, y, sparse, label_smoothing, scale, p, losses, dz, stride } = self;
        assert!(stride.is_multiple_of(LANES) && z.len() == p.len() && (!GRADIENT || z.len() == dz.len()));
        let classes = z.len() / stride;
        let keep = s.literal(1.0 - label_smoothing);
        let spread = s.literal(label_smoothing / classes as f64);
        let zero = s.zero();
        for lane in (0..stride).step_by(S::LANES) {
            let max = max_over_columns(s, z, stride, lane);
            let sum = exponentials(s, z, p, stride, lane, max);
            let inverse_sum = s.div(s.literal(1.0), sum);
            let log_sum = s.add(ln(s, sum), max);
            let target = |class: usize| {
                if sparse {
                    one_hot(s, s.load(&y[lane..]), class)
                } else {
                    s.mul_add(s.load(&y[class * stride + lane..]), keep, spread)
                }
            };
            let (mut total, mut value) = (zero, zero);
            for class in 0..classes {
                let y = target(class);
                total = s.add(total, y);
                value = s.mul_add(y, s.sub(log_sum, s.load(&z[class * stride + lane..])), value);
            }
            s.store(&mut losses[lane..], value);
            let scale = s.load(&scale[lane..]);
            for class in 0..classes {
                let at = class * stride + lane;
                let probability = s.mul(s.load(&p[at..]), inverse_sum);
                s.store(&mut p[at..], probability);
                if GRADIENT {
                    let gradient = s.sub(s.mul(probability, total), target(class));
                    s.store(&mut dz[at..], s.mul(gradient, scale));
                }
            }
        }
    }
}
