use super::arithmetic::label_smoothing::smooth;
use super::forms::pointwise::{self, PointwiseLoss};
use super::{LogitLoss, Loss, Outputs, Reduction, Targets};
use crate::items::item;
use crate::kernels::distances::EPSILON;
use crate::kernels::fusion::Fusion;
use crate::kernels::{Element, Simd, distances, functions};
use crate::{Batch, BatchMut, Scalar};

item! {
    /// Binary cross-entropy, `−y·ln p − (1 − y)·ln(1 − p)` averaged over the outputs, for targets in [0, 1].
    ///
    /// After a sigmoid it is computed from the logits `z` as `max(z, 0) − z·y + ln(1 + e^(−|z|))`, which is
    /// exact where the sigmoid saturates; this is what Keras computes on TensorFlow. Probabilities from elsewhere are
    /// clipped to [1e-7, 1 − 1e-7], as Keras does on its other back ends for every input.
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let model = Sequential::new()
    ///     .add(Dense::new(1, Sigmoid))
    ///     .compile(Adam::default(), BinaryCrossentropy.label_smoothing(0.1), metrics![Accuracy]);
    /// ```
    ///
    /// # References
    ///
    /// Keras: `keras.losses.BinaryCrossentropy`.
    pub struct BinaryCrossentropy: "BinaryCrossentropy" {
        /// Whether the predictions are logits rather than probabilities.
        from_logits: bool = false,
        /// The smoothing `s`, which turns a target `y` into `y·(1 − s) + s/2`.
        label_smoothing: f64 [in 0..=1] = 0.0,
        /// The reduction of the samples' losses to one number.
        reduction: Reduction = Reduction::SumOverBatchSize,
    }
}

impl<T: Element> PointwiseLoss<T> for BinaryCrossentropy {
    #[inline(always)]
    fn value<S: Simd<T>>(&self, s: S, y: S::V, p: S::V) -> S::V {
        let y = smooth(s, y, self.label_smoothing);
        if self.from_logits {
            distances::binary_crossentropy_of_logit(s, y, p)
        } else {
            distances::binary_crossentropy(s, y, p)
        }
    }

    #[inline(always)]
    fn derivative<S: Simd<T>>(&self, s: S, y: S::V, p: S::V) -> S::V {
        let y = smooth(s, y, self.label_smoothing);
        if self.from_logits {
            return s.sub(functions::sigmoid(s, p), y);
        }
        let one = s.literal(1.0);
        let (low, high) = (s.literal(EPSILON), s.literal(1.0 - EPSILON));
        let derivative = s.div(s.sub(p, y), s.mul(p, s.sub(one, p)));
        // The loss is constant where a probability is clipped.
        let above = s.select(s.ge(p, low), derivative, s.zero());
        s.select(s.ge(high, p), above, s.zero())
    }
}

impl<T: Scalar> Loss<T> for BinaryCrossentropy {
    fn forward(&self, y: Batch<'_, T>, p: Batch<'_, T>, losses: &mut [T]) {
        pointwise::forward(self, y, p, losses);
    }

    fn backward(&self, y: Batch<'_, T>, p: Batch<'_, T>, scale: &[T], dp: BatchMut<'_, T>) {
        pointwise::backward(self, y, p, scale, dp);
    }

    fn reduction(&self) -> Reduction {
        self.reduction
    }

    fn expects(&self) -> Outputs {
        Outputs::binary(self.from_logits)
    }

    fn targets(&self) -> Targets {
        Targets::Between(0.0, 1.0)
    }

    fn logit_loss(&self, activation: Fusion) -> Option<LogitLoss> {
        let joins = activation == if self.from_logits { Fusion::Linear } else { Fusion::Sigmoid };
        joins.then_some(LogitLoss::Sigmoid { label_smoothing: self.label_smoothing })
    }
}
