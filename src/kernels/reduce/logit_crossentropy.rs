//! Cross-entropies fused with the preceding activation, in a form that cannot overflow.

use super::sigmoid_crossentropy::SigmoidCrossentropy;
use super::softmax_crossentropy::SoftmaxCrossentropy;
use crate::kernels::{Element, run};

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
pub(crate) struct LogitLossOperands<'a, T> {
    pub(crate) z: &'a [T],
    pub(crate) y: &'a [T],
    /// One factor of the gradient per sample.
    pub(crate) scale: &'a [T],
    /// The probabilities.
    pub(crate) p: &'a mut [T],
    /// One loss per sample.
    pub(crate) losses: &'a mut [T],
    /// The buffer for the gradient, if it is wanted.
    pub(crate) dz: Option<&'a mut [T]>,
    pub(crate) stride: usize,
}

/// Computes probabilities, losses and, if they are wanted, gradients in one pass.
pub(crate) fn from_logits<T: Element>(loss: LogitLoss, mut operands: LogitLossOperands<'_, T>) {
    match operands.dz.take() {
        Some(dz) => compute::<T, true>(loss, operands, dz),
        None => compute::<T, false>(loss, operands, &mut []),
    }
}

fn compute<T: Element, const GRADIENT: bool>(loss: LogitLoss, operands: LogitLossOperands<'_, T>, dz: &mut [T]) {
    let LogitLossOperands { z, y, scale, p, losses, stride, .. } = operands;
    match loss {
        LogitLoss::Sigmoid { label_smoothing } => {
            run(SigmoidCrossentropy::<T, GRADIENT> { z, y, label_smoothing, scale, p, losses, dz, stride });
        }
        LogitLoss::Softmax { label_smoothing } => {
            let (sparse, label_smoothing) = (false, label_smoothing);
            run(SoftmaxCrossentropy::<T, GRADIENT> { z, y, sparse, label_smoothing, scale, p, losses, dz, stride });
        }
        LogitLoss::SparseSoftmax => {
            let (sparse, label_smoothing) = (true, 0.0);
            run(SoftmaxCrossentropy::<T, GRADIENT> { z, y, sparse, label_smoothing, scale, p, losses, dz, stride });
        }
    }
}
