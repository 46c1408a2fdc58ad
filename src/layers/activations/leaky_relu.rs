use crate::items::{IntoItem, item};
use crate::layers::activation::BuiltActivation;
use crate::layers::layer::options;
use crate::layers::monotone_checks::check_activation;
use crate::layers::{BuiltLayer, Layer, LayerOptions, MonotoneLayer};
use crate::{Result, Scalar, activations};
use std::sync::Arc;

item! {
    /// A rectified unit with a derivative other than 0 below zero, as a layer: `y = x` for `x ≥ 0`, else
    /// `negative_slope·x`.
    ///
    /// (batch, columns) to (batch, columns). The layer's `negative_slope` is 0.3 by default; that of the activation
    /// `leaky_relu` is 0.2, as in Keras.
    ///
    /// ```
    /// use perceptra::prelude::*;
    /// use perceptra::layers::LeakyReLU;
    ///
    /// let model = Sequential::new().add(Dense::new(12, Linear)).add(LeakyReLU::new().negative_slope(0.1));
    /// ```
    ///
    /// # References
    ///
    /// A. Maas, A. Hannun and A. Ng, *Rectifier nonlinearities improve neural network acoustic models*, ICML 2013.
    /// Keras: `keras.layers.LeakyReLU`.
    pub struct LeakyReLU: "LeakyReLU" () with options: LayerOptions {
        /// The derivative below zero.
        negative_slope: f64 [finite] = 0.3,
    }
}

impl LeakyReLU {
    /// A layer with a `negative_slope` of 0.3.
    #[allow(clippy::new_without_default)] // a layer is made by `new`
    pub fn new() -> Self {
        Self::with()
    }

    /// The activation that the layer applies.
    pub(crate) fn function(&self) -> activations::Relu {
        activations::Relu.negative_slope(self.negative_slope)
    }
}

impl<T: Scalar> Layer<T> for LeakyReLU {
    fn build(&self, inputs: usize) -> Result<Box<dyn BuiltLayer<T>>> {
        BuiltActivation::boxed(inputs, &self.function().into_item())
    }

    fn options(&self) -> LayerOptions {
        self.options.clone()
    }

    fn monotone(&self) -> Result<MonotoneLayer<T>> {
        check_activation::<T>(self, &self.function())?;
        Ok(MonotoneLayer::Elementwise(Arc::new(self.clone())))
    }
}
