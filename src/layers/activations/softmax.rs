use crate::items::{IntoItem, item};
use crate::layers::activation::BuiltActivation;
use crate::layers::layer::options;
use crate::layers::{BuiltLayer, Layer, LayerOptions};
use crate::{Result, Scalar, activations};

item! {
    /// Softmax over the columns, as a layer: `yⱼ = e^(xⱼ) / Σₖ e^(xₖ)`, (batch, columns) to (batch, columns).
    ///
    /// At the end of a network with a categorical cross-entropy the two are computed together from the logits.
    ///
    /// ```
    /// use perceptra::prelude::*;
    /// use perceptra::layers;
    ///
    /// let model = Sequential::new().add(Dense::new(3, Linear)).add(layers::Softmax::new());
    /// ```
    ///
    /// # References
    ///
    /// Keras: `keras.layers.Softmax`, with its axis −1.
    pub struct Softmax: "Softmax" () with options: LayerOptions {}
}

impl Softmax {
    /// Over all columns of a sample.
    #[allow(clippy::new_without_default)] // a layer is made by `new`
    pub fn new() -> Self {
        Self::with()
    }

    /// The activation that the layer applies.
    pub(crate) fn function(&self) -> activations::Softmax {
        activations::Softmax
    }
}

impl<T: Scalar> Layer<T> for Softmax {
    fn build(&self, inputs: usize) -> Result<Box<dyn BuiltLayer<T>>> {
        BuiltActivation::boxed(inputs, &self.function().into_item())
    }

    fn options(&self) -> LayerOptions {
        self.options.clone()
    }
}
