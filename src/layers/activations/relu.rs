use crate::items::{IntoItem, item};
use crate::layers::activation::BuiltActivation;
use crate::layers::layer::options;
use crate::layers::monotone_checks::check_activation;
use crate::layers::{BuiltLayer, Layer, LayerOptions, MonotoneLayer};
use crate::{Result, Scalar, activations};
use std::sync::Arc;

item! {
    /// The rectified linear unit as a layer, `y = max(0, x)`, (batch, columns) to (batch, columns).
    ///
    /// With arguments: `max_value` for `x ≥ max_value`, `x` for `threshold < x < max_value`, and
    /// `negative_slope·(x − threshold)` up to the threshold.
    ///
    /// ```
    /// use perceptra::prelude::*;
    /// use perceptra::layers::ReLU;
    ///
    /// let model = Sequential::new().add(Dense::new(12, Linear)).add(ReLU::new().max_value(6.0));
    /// ```
    ///
    /// # References
    ///
    /// V. Nair and G. Hinton, *Rectified linear units improve restricted Boltzmann machines*, ICML 2010.
    /// Keras: `keras.layers.ReLU`.
    pub struct ReLU: "ReLU" () with options: LayerOptions {
        /// The largest value, at least 0; without one there is no bound.
        max_value: Option<f64> = None,
        /// The derivative below the threshold, at least 0.
        negative_slope: f64 = 0.0,
        /// The input at which the unit begins to respond.
        threshold: f64 = 0.0,
    }
}

impl ReLU {
    /// A layer without a bound, `negative_slope` or threshold.
    #[allow(clippy::new_without_default)] // a layer is made by `new`
    pub fn new() -> Self {
        Self::with()
    }

    /// The activation that the layer applies.
    pub(crate) fn function(&self) -> activations::Relu {
        let Self { max_value, negative_slope, threshold, .. } = *self;
        activations::Relu { negative_slope, max_value, threshold }
    }
}

impl<T: Scalar> Layer<T> for ReLU {
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
