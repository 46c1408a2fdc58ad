use super::{BinaryCrossentropy, CategoricalCrossentropy, Loss, Outputs, SparseCategoricalCrossentropy};
use crate::items::item;
use crate::{Batch, BatchMut, Result, Scalar};
use std::sync::Arc;

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
    /// let model = Sequential::new().add(Dense::new(3, Softmax)).compile("adam", "crossentropy", ());
    /// ```
    ///
    /// # References
    ///
    /// Keras: the string `"crossentropy"` in `Model.compile`.
    pub struct Crossentropy: "crossentropy" {}
}

/// Whether a name represents the loss that the shapes choose.
#[cfg(feature = "keras")]
pub(crate) fn is_by_shape(name: &str) -> bool {
    matches!(name, "crossentropy" | "ce")
}

fn chosen<T: Scalar>(targets: usize, outputs: usize) -> Arc<dyn Loss<T>> {
    match (outputs, targets) {
        (1, _) => Arc::new(BinaryCrossentropy),
        (_, 1) => Arc::new(SparseCategoricalCrossentropy),
        _ => Arc::new(CategoricalCrossentropy),
    }
}

impl<T: Scalar> Loss<T> for Crossentropy {
    fn forward(&self, y: Batch<'_, T>, p: Batch<'_, T>, losses: &mut [T]) {
        chosen(y.columns(), p.columns()).forward(y, p, losses);
    }

    fn backward(&self, y: Batch<'_, T>, p: Batch<'_, T>, scale: &[T], dp: BatchMut<'_, T>) {
        chosen(y.columns(), p.columns()).backward(y, p, scale, dp);
    }

    fn expects(&self) -> Outputs {
        Outputs::Any
    }

    fn for_shape(&self, targets: usize, outputs: usize) -> Result<Option<Arc<dyn Loss<T>>>> {
        Ok(Some(chosen(targets, outputs)))
    }
}
