use super::Outputs;
use super::arithmetic::argmax::{argmax, same};
use super::states::weighted_mean::mean_metric;
use crate::items::item;
use crate::kernels::rowwise::{Rowwise, SampleColumns};
use crate::kernels::{Element, Simd};

item! {
    /// The fraction of samples with the largest output in the column of the largest target.
    ///
    /// Of equal values the first is the largest.
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let model = Sequential::new()
    ///     .add(Dense::new(3, Softmax))
    ///     .compile(Adam::default(), CategoricalCrossentropy, metrics![CategoricalAccuracy]);
    /// ```
    ///
    /// # References
    ///
    /// Keras: `keras.metrics.CategoricalAccuracy`.
    pub struct CategoricalAccuracy: "CategoricalAccuracy" {
        /// The key in history and logs; `categorical_accuracy` by default.
        name: Option<String> = None,
    }
}

impl<T: Element> Rowwise<T> for CategoricalAccuracy {
    #[inline(always)]
    fn apply<S: Simd<T>>(&self, s: S, y: SampleColumns<'_, T>, p: SampleColumns<'_, T>) -> S::V {
        same(s, argmax(s, y), argmax(s, p))
    }
}

mean_metric!(CategoricalAccuracy, Up, matching, |_| Outputs::Classes);
