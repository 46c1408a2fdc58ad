use super::arithmetic::class_crossentropy;
use super::forms::rowwise::{GradientLanes, RowwiseLoss, SampleLanes, rowwise_loss};
use super::{LogitLoss, Loss, Outputs, Reduction, Targets};
use crate::Scalar;
use crate::items::item;
use crate::kernels::class_crossentropy::{ClassTargets, one_hot};
use crate::kernels::fusion::Fusion;
use crate::kernels::rowwise::SampleColumns;
use crate::kernels::{Element, Simd};

item! {
    /// Categorical cross-entropy for targets that are class indices, `−ln p_y`; `y` is one column of `0..classes`.
    ///
    /// After a softmax it is computed from the logits, which is exact where the softmax saturates.
    /// Probabilities from elsewhere are divided by their sum and clipped to [1e-7, 1 − 1e-7].
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let model = Sequential::new()
    ///     .add(Dense::new(3, Softmax))
    ///     .compile(Adam::default(), SparseCategoricalCrossentropy, metrics![Accuracy]);
    /// ```
    ///
    /// # References
    ///
    /// Keras: `keras.losses.SparseCategoricalCrossentropy`.
    pub struct SparseCategoricalCrossentropy: "SparseCategoricalCrossentropy" {
        /// Whether the predictions are logits rather than probabilities.
        from_logits: bool = false,
        /// A class whose samples have no loss and do not count in the mean.
        ignore_class: Option<i64> = None,
        /// The reduction of the samples' losses to one number.
        reduction: Reduction = Reduction::SumOverBatchSize,
    }
}

impl SparseCategoricalCrossentropy {
    /// `value`, or 0 for the samples of the ignored class.
    #[inline(always)]
    fn unless_ignored<T: Element, S: Simd<T>>(&self, s: S, samples: &SampleLanes<'_, T>, value: S::V) -> S::V {
        let Some(ignored) = self.ignore_class else { return value };
        let (index, ignored) = (samples.y(s, 0), s.literal(ignored as f64));
        let below = s.select(s.gt(ignored, index), value, s.zero());
        s.select(s.gt(index, ignored), value, below)
    }
}

impl<T: Element> ClassTargets<T> for SparseCategoricalCrossentropy {
    #[inline(always)]
    fn target<S: Simd<T>>(&self, s: S, y: SampleColumns<'_, T>, class: usize, _: usize) -> S::V {
        one_hot(s, y.load(s, 0), class)
    }
}

impl<T: Element> RowwiseLoss<T> for SparseCategoricalCrossentropy {
    #[inline(always)]
    fn value<S: Simd<T>>(&self, s: S, samples: &SampleLanes<'_, T>) -> S::V {
        let value = class_crossentropy::crossentropy(s, self, self.from_logits, samples);
        self.unless_ignored(s, samples, value)
    }

    #[inline(always)]
    fn gradient<S: Simd<T>>(&self, s: S, samples: &SampleLanes<'_, T>, scale: S::V, to: &mut GradientLanes<'_, T>) {
        let scale = self.unless_ignored(s, samples, scale);
        class_crossentropy::gradient(s, self, self.from_logits, samples, scale, to);
    }
}

impl<T: Scalar> Loss<T> for SparseCategoricalCrossentropy {
    rowwise_loss!();

    fn expects(&self) -> Outputs {
        Outputs::categorical(self.from_logits)
    }

    fn targets(&self) -> Targets {
        Targets::Classes(self.ignore_class)
    }

    fn least_outputs(&self) -> usize {
        2
    }

    fn logit_loss(&self, activation: Fusion) -> Option<LogitLoss> {
        let last = if self.from_logits { Fusion::Linear } else { Fusion::Softmax };
        (activation == last && self.ignore_class.is_none()).then_some(LogitLoss::SparseSoftmax)
    }
}
