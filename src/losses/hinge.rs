use super::arithmetic::hinge_labels::SignedLabels;
use super::forms::pointwise::{self, PointwiseLoss};
use super::{Loss, Outputs, Reduction, Targets};
use crate::items::item;
use crate::kernels::{Element, Simd, distances};
use crate::{Batch, BatchMut, Scalar};

item! {
    /// The hinge loss, `max(1 − y·p, 0)` averaged over the outputs.
    ///
    /// Targets are −1 or 1; if all targets of a batch are 0 or 1, zeros are converted to −1.
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let model = Sequential::new().add(Dense::new(1, Tanh)).compile(Adam::default(), Hinge, metrics![]);
    /// ```
    ///
    /// # References
    ///
    /// Keras: `keras.losses.Hinge`.
    pub struct Hinge: "Hinge" {
        /// The reduction of the samples' losses to one number.
        reduction: Reduction = Reduction::SumOverBatchSize,
    }
}

impl<T: Element> PointwiseLoss<T> for SignedLabels<'_, Hinge> {
    #[inline(always)]
    fn value<S: Simd<T>>(&self, s: S, y: S::V, p: S::V) -> S::V {
        distances::hinge(s, self.sign(s, y), p)
    }

    #[inline(always)]
    fn derivative<S: Simd<T>>(&self, s: S, y: S::V, p: S::V) -> S::V {
        s.select(s.gt(self.shortfall(s, y, p), s.zero()), s.neg(self.sign(s, y)), s.zero())
    }
}

impl<T: Scalar> Loss<T> for Hinge {
    fn forward(&self, y: Batch<'_, T>, p: Batch<'_, T>, losses: &mut [T]) {
        pointwise::forward(&SignedLabels::new(self, y), y, p, losses);
    }

    fn backward(&self, y: Batch<'_, T>, p: Batch<'_, T>, scale: &[T], dp: BatchMut<'_, T>) {
        pointwise::backward(&SignedLabels::new(self, y), y, p, scale, dp);
    }

    fn reduction(&self) -> Reduction {
        self.reduction
    }

    fn expects(&self) -> Outputs {
        Outputs::Margins
    }

    fn targets(&self) -> Targets {
        Targets::Between(-1.0, 1.0)
    }
}
