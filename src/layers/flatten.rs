use super::identity::Copy;
use super::layer::options;
use super::{BuiltLayer, Layer, LayerOptions, MonotoneLayer};
use crate::items::item;
use crate::{Result, Scalar};
use std::sync::Arc;

item! {
    /// Lines up the values of a sample; as samples are rows already, it passes its input through.
    ///
    /// It exists so that a model from Keras reads the same: an [`Embedding`](super::Embedding) returns its
    /// columns side by side, as Keras does after `Flatten`.
    ///
    /// ```
    /// use perceptra::prelude::*;
    /// use perceptra::layers::{Embedding, Flatten};
    ///
    /// let model = Sequential::new().add(Embedding::new(10, 4)).add(Flatten::new()).add(Dense::new(1, Sigmoid));
    /// assert_eq!(model.build(3)?.count_params(), 10 * 4 + 3 * 4 + 1);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # References
    ///
    /// Keras: `keras.layers.Flatten`.
    pub struct Flatten: "Flatten" () with options: LayerOptions {}
}

impl Flatten {
    /// A layer that passes its input through.
    #[allow(clippy::new_without_default)] // a layer is made by `new`
    pub fn new() -> Self {
        Self::with()
    }
}

impl<T: Scalar> Layer<T> for Flatten {
    fn build(&self, inputs: usize) -> Result<Box<dyn BuiltLayer<T>>> {
        Ok(Copy::boxed(inputs))
    }

    fn options(&self) -> LayerOptions {
        self.options.clone()
    }

    fn monotone(&self) -> Result<MonotoneLayer<T>> {
        Ok(MonotoneLayer::Elementwise(Arc::new(self.clone())))
    }
}
