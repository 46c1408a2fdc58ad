use super::binary_crossentropy::CLIP;
use super::loss::LogitLoss;
use super::{Loss, Reduction, Targets};
use crate::activations::Fusion;
use crate::kernels::crossentropy::{self, Operands};
use crate::spec::{invalid, spec};
use crate::{Batch, BatchBuffer, BatchMut, Result, Scalar};

spec! {
    /// Categorical cross-entropy, `−Σⱼ yⱼ·ln pⱼ`, for targets that are class probabilities (one-hot as a rule).
    ///
    /// After a softmax it is computed from the logits, which is exact where the softmax saturates.
    /// Probabilities from elsewhere are divided by their sum and clipped to [1e-7, 1 − 1e-7].
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let model = Sequential::new()
    ///     .add(Dense::new(3, Softmax))
    ///     .compile(Adam::default(), CategoricalCrossentropy, metrics![Accuracy]);
    /// ```
    ///
    /// # References
    ///
    /// Keras: `keras.losses.CategoricalCrossentropy`.
    pub struct CategoricalCrossentropy: "CategoricalCrossentropy" checked by check_arguments {
        /// Whether the predictions are logits rather than probabilities; default false.
        from_logits: bool = false,
        /// `s` in [0, 1] turns targets `y` into `y·(1 − s) + s/classes`; default 0.
        label_smoothing: f64 = 0.0,
        /// How the samples' losses become one; default the sum over the batch size.
        reduction: Reduction = Reduction::SumOverBatchSize,
    }
}

impl CategoricalCrossentropy {
    fn check_arguments(&self) -> Result<()> {
        if (0.0..=1.0).contains(&self.label_smoothing) {
            Ok(())
        } else {
            Err(invalid(self, "label_smoothing", self.label_smoothing, "a number in [0, 1]"))
        }
    }
}

/// The cross-entropy of logits by the joined kernel, for callers that want one side of it only.
pub(super) fn from_logits<T: Scalar>(
    loss: LogitLoss,
    y: Batch<'_, T>,
    z: Batch<'_, T>,
    scale: Option<&[T]>,
) -> (Vec<T>, BatchBuffer<T>) {
    let (rows, columns) = z.shape();
    let stride = z.stride();
    let (mut p, mut dz) = (BatchBuffer::zeros(rows, columns), BatchBuffer::zeros(rows, columns));
    let (mut losses, mut factors) = (vec![T::zero(); stride], vec![T::one(); stride]);
    if let Some(scale) = scale {
        factors[..rows].copy_from_slice(scale);
    }
    crossentropy::logits(
        loss,
        Operands {
            z: z.padded(),
            y: y.padded(),
            scale: &factors,
            p: p.batch_mut().padded(),
            losses: &mut losses,
            dz: dz.batch_mut().padded(),
            stride,
        },
    );
    losses.truncate(rows);
    (losses, dz)
}

impl<T: Scalar> Loss<T> for CategoricalCrossentropy {
    fn forward(&self, y: Batch<'_, T>, p: Batch<'_, T>, losses: &mut [T]) {
        if self.from_logits {
            let loss = LogitLoss::Softmax { label_smoothing: self.label_smoothing };
            losses.copy_from_slice(&from_logits(loss, y, p, None).0);
            return;
        }
        let (keep, spread) = (T::of(1.0 - self.label_smoothing), T::of(self.label_smoothing / p.columns() as f64));
        for (i, loss) in losses.iter_mut().enumerate() {
            let sum = (0..p.columns()).fold(T::zero(), |sum, j| sum + p.at(i, j));
            *loss = (0..p.columns()).fold(T::zero(), |loss, j| {
                let share = (p.at(i, j) / sum).clamp(T::of(CLIP), T::of(1.0 - CLIP));
                loss - (y.at(i, j) * keep + spread) * share.ln()
            });
        }
    }

    fn backward(&self, y: Batch<'_, T>, p: Batch<'_, T>, scale: &[T], mut dp: BatchMut<'_, T>) {
        if self.from_logits {
            let loss = LogitLoss::Softmax { label_smoothing: self.label_smoothing };
            dp.copy_from(from_logits(loss, y, p, Some(scale)).1.batch());
            return;
        }
        let (keep, spread) = (T::of(1.0 - self.label_smoothing), T::of(self.label_smoothing / p.columns() as f64));
        for (i, &scale) in scale.iter().enumerate() {
            let sum = (0..p.columns()).fold(T::zero(), |sum, j| sum + p.at(i, j));
            // With q = p/Σp the loss is −Σ y·ln q, so ∂/∂pⱼ = −yⱼ/pⱼ + Σₖ yₖ/Σp over the unclipped classes.
            let inside = |j: usize| {
                let share = p.at(i, j) / sum;
                share >= T::of(CLIP) && share <= T::of(1.0 - CLIP)
            };
            let target = |j: usize| if inside(j) { y.at(i, j) * keep + spread } else { T::zero() };
            let common = (0..p.columns()).fold(T::zero(), |total, j| total + target(j)) / sum;
            for j in 0..p.columns() {
                let own = if inside(j) { target(j) / p.at(i, j) } else { T::zero() };
                dp.column_mut(j)[i] = scale * (common - own);
            }
        }
    }

    fn reduction(&self) -> Reduction {
        self.reduction
    }

    fn targets(&self) -> Targets {
        Targets::Between(0.0, 1.0)
    }

    fn joined(&self, activation: Fusion) -> Option<LogitLoss> {
        let joins = activation == Fusion::Softmax && !self.from_logits;
        joins.then_some(LogitLoss::Softmax { label_smoothing: self.label_smoothing })
    }
}
