use super::{
    BinaryCrossentropy, CategoricalCrossentropy, Direction, Metric, MetricState, Outputs,
    SparseCategoricalCrossentropy, Width,
};
use crate::items::item;
use crate::{Result, Scalar};

item! {
    /// Keras's `"crossentropy"`: the cross-entropy that the shapes suggest.
    ///
    /// | outputs | columns of `y` | is |
    /// |---|---|---|
    /// | 1 | 1 | [`BinaryCrossentropy`](struct@BinaryCrossentropy) |
    /// | several | 1 | [`SparseCategoricalCrossentropy`](struct@SparseCategoricalCrossentropy) |
    /// | several | as many | [`CategoricalCrossentropy`](struct@CategoricalCrossentropy) |
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let model = Sequential::new()
    ///     .add(Dense::new(3, Softmax))
    ///     .compile(Adam::default(), MeanSquaredError, metrics![metrics::Crossentropy, "ce"]);
    /// ```
    ///
    /// # References
    ///
    /// Keras: the string `"crossentropy"` in `Model.compile`.
    pub struct Crossentropy: "crossentropy" {
        /// The key in history and logs; `crossentropy` by default.
        name: Option<String> = None,
    }
}

impl<T: Scalar> Metric<T> for Crossentropy {
    fn start(&self, width: Width) -> Result<Box<dyn MetricState<T>>> {
        match (width.outputs, width.targets) {
            (1, _) => BinaryCrossentropy.start(width),
            (_, 1) => SparseCategoricalCrossentropy.start(width),
            _ => CategoricalCrossentropy.start(width),
        }
    }

    fn expects(&self, width: Width) -> Outputs {
        match width.outputs {
            1 => Outputs::Probabilities,
            _ => Outputs::ClassProbabilities,
        }
    }

    fn given_name(&self) -> Option<String> {
        self.name.clone()
    }

    fn direction(&self) -> Option<Direction> {
        Some(Direction::Down)
    }
}
