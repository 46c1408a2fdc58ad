use super::weighted_mean::mean_metric;
use crate::items::item;
use crate::kernels::rowwise::{Columns, Rowwise};
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
    fn apply<S: Simd<T>>(&self, s: S, y: Columns<'_, T>, p: Columns<'_, T>) -> S::V {
        let one = s.literal(1.0);
        let mut of_class = s.mul(y.load(s, 0), p.load(s, 0));
        let mut of_others = s.mul(s.sub(one, y.load(s, 0)), p.load(s, 0));
        for j in 1..p.count() {
            let (y, p) = (y.load(s, j), p.load(s, j));
            of_class = s.mul_add(y, p, of_class);
            of_others = s.max(of_others, s.mul(s.sub(one, y), p));
        }
        s.max(s.zero(), s.add(one, s.sub(of_others, of_class)))
    }
}

mean_metric!(CategoricalHinge, Down, matching);
