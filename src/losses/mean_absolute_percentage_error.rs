use super::Reduction;
use super::forms::pointwise::{PointwiseLoss, pointwise};
use crate::items::item;
use crate::kernels::distances::EPSILON;
use crate::kernels::{Element, Simd, distances};

item! {
    /// The mean absolute percentage error, `100·|p − y| / max(|y|, 1e-7)` averaged over the outputs.
    ///
    /// It is very large for targets near 0. The derivative is 0 if prediction and target are equal.
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let model = Sequential::new().add(Dense::new(1, Linear)).compile(Adam::default(), MeanAbsolutePercentageError, metrics![]);
    /// ```
    ///
    /// # References
    ///
    /// Keras: `keras.losses.MeanAbsolutePercentageError`.
    pub struct MeanAbsolutePercentageError: "MeanAbsolutePercentageError" {
        /// The reduction of the samples' losses to one number.
        reduction: Reduction = Reduction::SumOverBatchSize,
    }
}

/// The loss per unit of error, `100 / max(|y|, 1e-7)`.
#[inline(always)]
fn percent<T: Element, S: Simd<T>>(s: S, y: S::V) -> S::V {
    s.div(s.literal(100.0), s.max(s.literal(EPSILON), s.abs(y)))
}

impl<T: Element> PointwiseLoss<T> for MeanAbsolutePercentageError {
    #[inline(always)]
    fn value<S: Simd<T>>(&self, s: S, y: S::V, p: S::V) -> S::V {
        distances::percentage(s, y, p)
    }

    #[inline(always)]
    fn derivative<S: Simd<T>>(&self, s: S, y: S::V, p: S::V) -> S::V {
        let derivative = percent(s, y);
        let above = s.select(s.gt(p, y), derivative, s.zero());
        s.select(s.gt(y, p), s.neg(derivative), above)
    }
}

pointwise!(MeanAbsolutePercentageError);
