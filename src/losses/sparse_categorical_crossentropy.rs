use super::binary_crossentropy::CLIP;
use super::categorical_crossentropy::from_logits;
use super::loss::LogitLoss;
use super::{Loss, Reduction, Targets};
use crate::activations::Fusion;
use crate::spec::spec;
use crate::{Batch, BatchMut, Scalar};

spec! {
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
        /// Whether the predictions are logits rather than probabilities; default false.
        from_logits: bool = false,
        /// A class whose samples have no loss; none by default.
        ignore_class: Option<i64> = None,
        /// How the samples' losses become one; default the sum over the batch size.
        reduction: Reduction = Reduction::SumOverBatchSize,
    }
}

impl SparseCategoricalCrossentropy {
    /// The class of a sample, or none where it is ignored.
    fn class<T: Scalar>(&self, y: Batch<'_, T>, sample: usize) -> Option<usize> {
        let class = y.at(sample, 0).to_f64();
        (self.ignore_class.map(|ignored| ignored as f64) != Some(class)).then_some(class as usize)
    }

    fn joins(&self, activation: Fusion) -> bool {
        activation == Fusion::Softmax && !self.from_logits && self.ignore_class.is_none()
    }
}

impl<T: Scalar> Loss<T> for SparseCategoricalCrossentropy {
    fn forward(&self, y: Batch<'_, T>, p: Batch<'_, T>, losses: &mut [T]) {
        if self.from_logits {
            losses.copy_from_slice(&from_logits(LogitLoss::SparseSoftmax, y, p, None).0);
        }
        for (i, loss) in losses.iter_mut().enumerate() {
            match self.class(y, i) {
                None => *loss = T::zero(),
                Some(class) if !self.from_logits => {
                    let sum = (0..p.columns()).fold(T::zero(), |sum, j| sum + p.at(i, j));
                    *loss = -(p.at(i, class) / sum).clamp(T::of(CLIP), T::of(1.0 - CLIP)).ln();
                }
                Some(_) => {}
            }
        }
    }

    fn backward(&self, y: Batch<'_, T>, p: Batch<'_, T>, scale: &[T], mut dp: BatchMut<'_, T>) {
        if self.from_logits {
            dp.copy_from(from_logits(LogitLoss::SparseSoftmax, y, p, Some(scale)).1.batch());
        }
        for (i, &scale) in scale.iter().enumerate() {
            let class = self.class(y, i);
            if self.from_logits && class.is_some() {
                continue;
            }
            let sum = (0..p.columns()).fold(T::zero(), |sum, j| sum + p.at(i, j));
            for j in 0..p.columns() {
                dp.column_mut(j)[i] = match class {
                    Some(class) => {
                        let share = p.at(i, class) / sum;
                        let clipped = share < T::of(CLIP) || share > T::of(1.0 - CLIP);
                        let own = if j == class { T::one() / p.at(i, class) } else { T::zero() };
                        if clipped { T::zero() } else { scale * (T::one() / sum - own) }
                    }
                    None => T::zero(),
                };
            }
        }
    }

    fn reduction(&self) -> Reduction {
        self.reduction
    }

    fn targets(&self) -> Targets {
        Targets::Classes(self.ignore_class)
    }

    fn joined(&self, activation: Fusion) -> Option<LogitLoss> {
        self.joins(activation).then_some(LogitLoss::SparseSoftmax)
    }
}
