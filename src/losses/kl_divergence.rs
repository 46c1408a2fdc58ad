use super::forms::pointwise::{PointwiseLoss, pointwise};
use super::{Outputs, Reduction, Targets};
use crate::items::item;
use crate::kernels::distances::EPSILON;
use crate::kernels::{Element, Simd, distances};

item! {
    /// The Kullback–Leibler divergence, `Σⱼ yⱼ·ln(yⱼ/pⱼ)`, of the predicted distribution from the target one.
    ///
    /// Targets and predictions are kept in [1e-7, 1]; a prediction outside has no gradient.
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let model = Sequential::new().add(Dense::new(3, Softmax)).compile(Adam::default(), KLDivergence, metrics![]);
    /// ```
    ///
    /// # References
    ///
    /// S. Kullback and R. Leibler, *On information and sufficiency*, The Annals of Mathematical Statistics 22, 1951.
    /// Keras: `keras.losses.KLDivergence`.
    pub struct KLDivergence: "KLDivergence" {
        /// The reduction of the samples' losses to one number.
        reduction: Reduction = Reduction::SumOverBatchSize,
    }
}

#[inline(always)]
fn probability<T: Element, S: Simd<T>>(s: S, v: S::V) -> S::V {
    s.max(s.literal(EPSILON), s.min(s.literal(1.0), v))
}

impl<T: Element> PointwiseLoss<T> for KLDivergence {
    const SUM: bool = true;

    #[inline(always)]
    fn value<S: Simd<T>>(&self, s: S, y: S::V, p: S::V) -> S::V {
        distances::kl_divergence(s, y, p)
    }

    #[inline(always)]
    fn derivative<S: Simd<T>>(&self, s: S, y: S::V, p: S::V) -> S::V {
        let derivative = s.neg(s.div(probability(s, y), p));
        let above = s.select(s.ge(p, s.literal(EPSILON)), derivative, s.zero());
        s.select(s.ge(s.literal(1.0), p), above, s.zero())
    }
}

pointwise!(KLDivergence, Targets::Between(0.0, 1.0), |_| Outputs::Probabilities);
