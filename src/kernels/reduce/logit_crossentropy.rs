//! Cross-entropies together with the activation that precedes them, in the form that cannot overflow.

use super::softmax;
use crate::kernels::functions::{ln_1p_unit, sigmoid_and_exp};
use crate::kernels::{Element, Kernel, LANES, Simd, run};

/// The losses that are computed together with the last activation, from its logits `z`.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum LogitLoss {
    /// Binary cross-entropy of a sigmoid, averaged over the outputs.
    Sigmoid {
        /// The smoothing `s`: `y` becomes `y·(1 − s) + s/2`.
        label_smoothing: f64,
    },
    /// Cross-entropy of a softmax with class probabilities as targets.
    Softmax {
        /// The smoothing `s`: `y` becomes `y·(1 − s) + s/classes`.
        label_smoothing: f64,
    },
    /// Cross-entropy of a softmax with a class index as target.
    SparseSoftmax,
}

/// The operands of a loss on logits; all columns are `stride` apart, and padding lanes are computed too.
pub(crate) struct Operands<'a, T> {
    pub(crate) z: &'a [T],
    pub(crate) y: &'a [T],
    /// One factor of the gradient per sample.
    pub(crate) scale: &'a [T],
    /// The probabilities.
    pub(crate) p: &'a mut [T],
    /// One loss per sample.
    pub(crate) losses: &'a mut [T],
    /// The gradient, where it is wanted.
    pub(crate) dz: Option<&'a mut [T]>,
    pub(crate) stride: usize,
}

/// Probabilities, losses and, where they are wanted, gradients in one pass.
pub(crate) fn logits<T: Element>(loss: LogitLoss, mut operands: Operands<'_, T>) {
    match operands.dz.take() {
        Some(dz) => compute::<T, true>(loss, operands, dz),
        None => compute::<T, false>(loss, operands, &mut []),
    }
}

fn compute<T: Element, const GRADIENT: bool>(loss: LogitLoss, operands: Operands<'_, T>, dz: &mut [T]) {
    let Operands { z, y, scale, p, losses, stride, .. } = operands;
    match loss {
        LogitLoss::Sigmoid { label_smoothing } => {
            run(SigmoidCrossentropy::<T, GRADIENT> { z, y, label_smoothing, scale, p, losses, dz, stride });
        }
        LogitLoss::Softmax { label_smoothing } => {
            let (sparse, label_smoothing) = (false, label_smoothing);
            run(softmax::Crossentropy::<T, GRADIENT> { z, y, sparse, label_smoothing, scale, p, losses, dz, stride });
        }
        LogitLoss::SparseSoftmax => {
            let (sparse, label_smoothing) = (true, 0.0);
            run(softmax::Crossentropy::<T, GRADIENT> { z, y, sparse, label_smoothing, scale, p, losses, dz, stride });
        }
    }
}

/// Binary cross-entropy of logits.
///
/// With `p = 1/(1 + e⁻ᶻ)` the loss `−y·ln p − (1 − y)·ln(1 − p)` equals `max(z, 0) − z·y + ln(1 + e^(−|z|))`,
/// which neither overflows nor takes the logarithm of 0; its derivative is `p − y`.
/// Without `GRADIENT` neither `scale` nor `dz` is touched.
struct SigmoidCrossentropy<'a, T, const GRADIENT: bool> {
    z: &'a [T],
    y: &'a [T],
    label_smoothing: f64,
    scale: &'a [T],
    p: &'a mut [T],
    losses: &'a mut [T],
    dz: &'a mut [T],
    stride: usize,
}

impl<T: Element, const GRADIENT: bool> Kernel<T> for SigmoidCrossentropy<'_, T, GRADIENT> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd<T>>(self, s: S) {
        let SigmoidCrossentropy { z, y, label_smoothing, scale, p, losses, dz, stride } = self;
        assert!(stride.is_multiple_of(LANES) && losses.len() == stride && scale.len() == stride);
        assert!(z.len() == y.len() && z.len() == p.len() && (!GRADIENT || z.len() == dz.len()));
        let share = s.literal(stride as f64 / z.len() as f64);
        let (keep, spread) = (s.literal(1.0 - label_smoothing), s.literal(0.5 * label_smoothing));
        for lane in (0..stride).step_by(S::LANES) {
            let scale = s.mul(s.load(&scale[lane..]), share);
            let mut total = s.zero();
            for at in (lane..z.len()).step_by(stride) {
                let z = s.load(&z[at..]);
                let y = s.mul_add(s.load(&y[at..]), keep, spread);
                let (probability, e) = sigmoid_and_exp(s, z);
                let loss = s.add(s.sub(s.max(s.zero(), z), s.mul(z, y)), ln_1p_unit(s, e));
                total = s.add(total, loss);
                s.store(&mut p[at..], probability);
                if GRADIENT {
                    s.store(&mut dz[at..], s.mul(s.sub(probability, y), scale));
                }
            }
            s.store(&mut losses[lane..], s.mul(total, share));
        }
    }
}
