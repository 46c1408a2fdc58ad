use super::Reduction;
use super::forms::pointwise::{PointwiseLoss, pointwise};
use crate::items::item;
use crate::kernels::distances::EPSILON;
use crate::kernels::{Element, Simd, distances, functions};

item! {
    /// The mean squared logarithmic error, `(ln(1 + p) − ln(1 + y))²` averaged over the outputs.
    ///
    /// For targets that are not negative and range over orders of magnitude. Targets and predictions below 1e-7 count as
    /// 1e-7, so such predictions have no gradient.
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let model = Sequential::new().add(Dense::new(1, Softplus)).compile(Adam::default(), MeanSquaredLogarithmicError, metrics![]);
    /// ```
    ///
    /// # References
    ///
    /// Keras: `keras.losses.MeanSquaredLogarithmicError`.
    pub struct MeanSquaredLogarithmicError: "MeanSquaredLogarithmicError" {
        /// The reduction of the samples' losses to one number.
        reduction: Reduction = Reduction::SumOverBatchSize,
    }
}

/// `ln(1 + max(v, 1e-7))`.
#[inline(always)]
fn log<T: Element, S: Simd<T>>(s: S, v: S::V) -> S::V {
    functions::ln(s, s.add(s.max(s.literal(EPSILON), v), s.literal(1.0)))
}

impl<T: Element> PointwiseLoss<T> for MeanSquaredLogarithmicError {
    #[inline(always)]
    fn value<S: Simd<T>>(&self, s: S, y: S::V, p: S::V) -> S::V {
        distances::squared_logarithmic(s, y, p)
    }

    #[inline(always)]
    fn derivative<S: Simd<T>>(&self, s: S, y: S::V, p: S::V) -> S::V {
        let difference = s.sub(log(s, p), log(s, y));
        let derivative = s.div(s.add(difference, difference), s.add(p, s.literal(1.0)));
        s.select(s.gt(p, s.literal(EPSILON)), derivative, s.zero())
    }
}

pointwise!(MeanSquaredLogarithmicError);
