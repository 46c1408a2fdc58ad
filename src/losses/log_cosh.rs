use super::Reduction;
use super::forms::pointwise::{PointwiseLoss, pointwise};
use crate::items::item;
use crate::kernels::{Element, Simd, distances, functions};

item! {
    /// The logarithm of the hyperbolic cosine of the error, `ln cosh(p − y)` averaged over the outputs.
    ///
    /// About `e²/2` for a small error `e` and `|e| − ln 2` for a large one.
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let model = Sequential::new().add(Dense::new(1, Linear)).compile(Adam::default(), LogCosh, metrics![]);
    /// ```
    ///
    /// # References
    ///
    /// Keras: `keras.losses.LogCosh`.
    pub struct LogCosh: "LogCosh" {
        /// The reduction of the samples' losses to one number.
        reduction: Reduction = Reduction::SumOverBatchSize,
    }
}

impl<T: Element> PointwiseLoss<T> for LogCosh {
    #[inline(always)]
    fn value<S: Simd<T>>(&self, s: S, y: S::V, p: S::V) -> S::V {
        distances::log_cosh(s, y, p)
    }

    #[inline(always)]
    fn derivative<S: Simd<T>>(&self, s: S, y: S::V, p: S::V) -> S::V {
        functions::tanh(s, s.sub(p, y))
    }
}

pointwise!(LogCosh);
