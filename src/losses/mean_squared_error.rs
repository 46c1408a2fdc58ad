use super::Reduction;
use super::forms::pointwise::{PointwiseLoss, pointwise};
use crate::items::item;
use crate::kernels::{Element, Simd, distances};

item! {
    /// The mean squared error, `(p − y)²` averaged over the outputs.
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let regression = Sequential::new().add(Dense::new(1, Linear)).compile(Adam::default(), MeanSquaredError, metrics![]);
    /// ```
    ///
    /// # References
    ///
    /// Keras: `keras.losses.MeanSquaredError`.
    pub struct MeanSquaredError: "MeanSquaredError" {
        /// The reduction of the samples' losses to one number.
        reduction: Reduction = Reduction::SumOverBatchSize,
    }
}

impl<T: Element> PointwiseLoss<T> for MeanSquaredError {
    #[inline(always)]
    fn value<S: Simd<T>>(&self, s: S, y: S::V, p: S::V) -> S::V {
        distances::squared(s, y, p)
    }

    #[inline(always)]
    fn derivative<S: Simd<T>>(&self, s: S, y: S::V, p: S::V) -> S::V {
        let difference = s.sub(p, y);
        s.add(difference, difference)
    }
}

pointwise!(MeanSquaredError);
