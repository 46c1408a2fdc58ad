use super::Reduction;
use super::forms::pointwise::{PointwiseLoss, pointwise};
use crate::items::item;
use crate::kernels::{Element, Simd, distances};

item! {
    /// The mean absolute error, `|p − y|` averaged over the outputs.
    ///
    /// The derivative is 0 where prediction and target are equal.
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let robust = Sequential::new().add(Dense::new(1, Linear)).compile(Adam::default(), MeanAbsoluteError, metrics![]);
    /// ```
    ///
    /// # References
    ///
    /// Keras: `keras.losses.MeanAbsoluteError`.
    pub struct MeanAbsoluteError: "MeanAbsoluteError" {
        /// The reduction of the samples' losses to one number.
        reduction: Reduction = Reduction::SumOverBatchSize,
    }
}

impl<T: Element> PointwiseLoss<T> for MeanAbsoluteError {
    #[inline(always)]
    fn value<S: Simd<T>>(&self, s: S, y: S::V, p: S::V) -> S::V {
        distances::absolute(s, y, p)
    }

    #[inline(always)]
    fn derivative<S: Simd<T>>(&self, s: S, y: S::V, p: S::V) -> S::V {
        let above = s.select(s.gt(p, y), s.literal(1.0), s.zero());
        s.select(s.gt(y, p), s.literal(-1.0), above)
    }
}

pointwise!(MeanAbsoluteError);
