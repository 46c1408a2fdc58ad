use super::states::weighted_mean::mean_metric;
use crate::items::item;
use crate::kernels::categorical_hinge::Margin;
use crate::kernels::rowwise::{Rowwise, SampleColumns};
use crate::kernels::{Element, Simd};

item! {
    /// The categorical hinge distance, `max(1 + maxⱼ (1 − yⱼ)·pⱼ − Σⱼ yⱼ·pⱼ, 0)` averaged over samples.
    ///
    /// Targets are one-hot: the output of the true class should exceed every other by 1.
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let model = Sequential::new()
    ///     .add(Dense::new(3, Linear))
    ///     .compile(Adam::default(), MeanSquaredError, metrics![metrics::CategoricalHinge]);
    /// ```
    ///
    /// # References
    ///
    /// Keras: `keras.metrics.CategoricalHinge`.
    pub struct CategoricalHinge: "CategoricalHinge" {
        /// The key in history and logs; `categorical_hinge` by default.
        name: Option<String> = None,
    }
}

impl<T: Element> Rowwise<T> for CategoricalHinge {
    #[inline(always)]
    fn apply<S: Simd<T>>(&self, s: S, y: SampleColumns<'_, T>, p: SampleColumns<'_, T>) -> S::V {
        Margin::new(s, y, p).hinge(s)
    }
}

mean_metric!(CategoricalHinge, Down, matching);
