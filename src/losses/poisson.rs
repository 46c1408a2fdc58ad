use super::forms::pointwise::{PointwiseLoss, pointwise};
use super::{Outputs, Reduction, Targets};
use crate::items::item;
use crate::kernels::distances::EPSILON;
use crate::kernels::{Element, Simd, distances};

item! {
    /// The Poisson loss, `p − y·ln(p + 1e-7)` averaged over the outputs, for counts `y` and rates `p`.
    ///
    /// The negative log-likelihood without the term that depends only on `y`. Predictions must be positive, as after
    /// [`Softplus`](struct@crate::activations::Softplus) or [`Exponential`](struct@crate::activations::Exponential).
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let model = Sequential::new().add(Dense::new(1, Softplus)).compile(Adam::default(), Poisson, metrics![]);
    /// ```
    ///
    /// # References
    ///
    /// Keras: `keras.losses.Poisson`.
    pub struct Poisson: "Poisson" {
        /// The reduction of the samples' losses to one number.
        reduction: Reduction = Reduction::SumOverBatchSize,
    }
}

impl<T: Element> PointwiseLoss<T> for Poisson {
    #[inline(always)]
    fn value<S: Simd<T>>(&self, s: S, y: S::V, p: S::V) -> S::V {
        distances::poisson(s, y, p)
    }

    #[inline(always)]
    fn derivative<S: Simd<T>>(&self, s: S, y: S::V, p: S::V) -> S::V {
        s.sub(s.literal(1.0), s.div(y, s.add(p, s.literal(EPSILON))))
    }
}

pointwise!(Poisson, Targets::Between(0.0, f64::INFINITY), |_| Outputs::NotNegative);
