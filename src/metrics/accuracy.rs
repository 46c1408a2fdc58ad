use super::{
    BinaryAccuracy, CategoricalAccuracy, Direction, Metric, MetricState, Outputs, SparseCategoricalAccuracy, Width,
};
use crate::items::item;
use crate::{Result, Scalar};

item! {
    /// Keras's `"accuracy"`: the fraction of samples that are predicted correctly, in the sense that the shapes suggest.
    ///
    /// | outputs | columns of `y` | is |
    /// |---|---|---|
    /// | 1 | 1 | [`BinaryAccuracy`](struct@BinaryAccuracy): both sides of 0.5 |
    /// | several | 1 | [`SparseCategoricalAccuracy`](struct@SparseCategoricalAccuracy): the largest output is the class `y` |
    /// | several | as many | [`CategoricalAccuracy`](struct@CategoricalAccuracy): the largest output is at the largest target |
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let model = Sequential::new()
    ///     .add(Dense::new(1, Sigmoid))
    ///     .compile(Adam::default(), BinaryCrossentropy, metrics![Accuracy]);
    /// ```
    ///
    /// # References
    ///
    /// Keras: the string `"accuracy"` in `Model.compile`.
    pub struct Accuracy: "accuracy" {
        /// The key in history and logs; `accuracy` by default.
        name: Option<String> = None,
    }
}

impl<T: Scalar> Metric<T> for Accuracy {
    fn start(&self, width: Width) -> Result<Box<dyn MetricState<T>>> {
        match (width.outputs, width.targets) {
            (1, _) => BinaryAccuracy.start(width),
            (_, 1) => SparseCategoricalAccuracy.start(width),
            _ => CategoricalAccuracy.start(width),
        }
    }

    fn expects(&self, width: Width) -> Outputs {
        match width.outputs {
            1 => Metric::<T>::expects(&BinaryAccuracy, width),
            _ => Outputs::Any,
        }
    }

    fn given_name(&self) -> Option<String> {
        self.name.clone()
    }

    fn direction(&self) -> Option<Direction> {
        Some(Direction::Up)
    }
}
