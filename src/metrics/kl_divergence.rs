use super::Outputs;
use super::forms::pointwise::{self, PointwiseMetric};
use super::states::weighted_mean::mean_metric;
use crate::items::item;
use crate::kernels::rowwise::{Rowwise, SampleColumns};
use crate::kernels::{Element, Simd, distances};

item! {
    /// The Kullback–Leibler divergence, `Σⱼ yⱼ·ln(yⱼ/pⱼ)` averaged over samples.
    ///
    /// Targets and predictions are class probabilities and are clipped to [1e-7, 1].
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let model = Sequential::new()
    ///     .add(Dense::new(3, Softmax))
    ///     .compile(Adam::default(), CategoricalCrossentropy, metrics![metrics::KLDivergence]);
    /// ```
    ///
    /// # References
    ///
    /// Keras: `keras.metrics.KLDivergence`.
    pub struct KLDivergence: "KLDivergence" {
        /// The key in history and logs; `kl_divergence` by default.
        name: Option<String> = None,
    }
}

impl<T: Element> PointwiseMetric<T> for KLDivergence {
    #[inline(always)]
    fn value<S: Simd<T>>(&self, s: S, y: S::V, p: S::V) -> S::V {
        distances::kl_divergence(s, y, p)
    }
}

impl<T: Element> Rowwise<T> for KLDivergence {
    #[inline(always)]
    fn apply<S: Simd<T>>(&self, s: S, y: SampleColumns<'_, T>, p: SampleColumns<'_, T>) -> S::V {
        pointwise::sum(self, s, y, p)
    }
}

mean_metric!(KLDivergence, Down, matching, |_| Outputs::Probabilities);
