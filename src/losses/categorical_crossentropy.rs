use super::arithmetic::class_crossentropy;
use super::forms::rowwise::{GradientLanes, RowwiseLoss, SampleLanes, rowwise_loss};
use super::{LogitLoss, Loss, Outputs, Reduction, Targets};
use crate::Scalar;
use crate::items::item;
use crate::kernels::class_crossentropy::ClassTargets;
use crate::kernels::fusion::Fusion;
use crate::kernels::rowwise::SampleColumns;
use crate::kernels::{Element, Simd};

item! {
    /// Categorical cross-entropy, `−Σⱼ yⱼ·ln pⱼ`, for targets that are class probabilities (usually one-hot).
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
    pub struct CategoricalCrossentropy: "CategoricalCrossentropy" {
        /// Whether the predictions are logits rather than probabilities.
        from_logits: bool = false,
        /// The smoothing `s`, which turns targets `y` into `y·(1 − s) + s/classes`.
        label_smoothing: f64 [in 0..=1] = 0.0,
        /// The reduction of the samples' losses to one number.
        reduction: Reduction = Reduction::SumOverBatchSize,
    }
}

impl<T: Element> ClassTargets<T> for CategoricalCrossentropy {
    #[inline(always)]
    fn target<S: Simd<T>>(&self, s: S, y: SampleColumns<'_, T>, class: usize, classes: usize) -> S::V {
        let spread = s.literal(self.label_smoothing / classes as f64);
        s.mul_add(y.load(s, class), s.literal(1.0 - self.label_smoothing), spread)
    }
}

impl<T: Element> RowwiseLoss<T> for CategoricalCrossentropy {
    #[inline(always)]
    fn value<S: Simd<T>>(&self, s: S, samples: &SampleLanes<'_, T>) -> S::V {
        class_crossentropy::crossentropy(s, self, self.from_logits, samples)
    }

    #[inline(always)]
    fn gradient<S: Simd<T>>(&self, s: S, samples: &SampleLanes<'_, T>, scale: S::V, to: &mut GradientLanes<'_, T>) {
        class_crossentropy::gradient(s, self, self.from_logits, samples, scale, to);
    }
}

impl<T: Scalar> Loss<T> for CategoricalCrossentropy {
    rowwise_loss!();

    fn expects(&self) -> Outputs {
        Outputs::categorical(self.from_logits)
    }

    fn targets(&self) -> Targets {
        Targets::Between(0.0, 1.0)
    }

    fn least_outputs(&self) -> usize {
        2
    }

    fn logit_loss(&self, activation: Fusion) -> Option<LogitLoss> {
        let joins = activation == if self.from_logits { Fusion::Linear } else { Fusion::Softmax };
        joins.then_some(LogitLoss::Softmax { label_smoothing: self.label_smoothing })
    }
}
