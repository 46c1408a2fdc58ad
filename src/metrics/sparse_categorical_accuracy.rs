use super::arithmetic::argmax::{argmax, same};
use super::states::weighted_mean::mean_metric;
use crate::items::item;
use crate::kernels::rowwise::{Rowwise, SampleColumns};
use crate::kernels::{Element, Simd};

item! {
    /// The fraction of samples with the largest output in the column given by the target.
    ///
    /// `y` is one column of class indices `0..outputs`; of equal outputs the first is the largest.
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let model = Sequential::new()
    ///     .add(Dense::new(3, Softmax))
    ///     .compile(Adam::default(), SparseCategoricalCrossentropy, metrics![SparseCategoricalAccuracy]);
    /// ```
    ///
    /// # References
    ///
    /// Keras: `keras.metrics.SparseCategoricalAccuracy`.
    pub struct SparseCategoricalAccuracy: "SparseCategoricalAccuracy" {
        /// The key in history and logs; `sparse_categorical_accuracy` by default.
        name: Option<String> = None,
    }
}

impl<T: Element> Rowwise<T> for SparseCategoricalAccuracy {
    #[inline(always)]
    fn apply<S: Simd<T>>(&self, s: S, y: SampleColumns<'_, T>, p: SampleColumns<'_, T>) -> S::V {
        same(s, y.load(s, 0), argmax(s, p))
    }
}

mean_metric!(SparseCategoricalAccuracy, Up, sparse);
