use crate::layers::activation::BuiltActivation;
use crate::layers::description::layer;
use crate::layers::{BuiltLayer, Layer, LayerOptions};
use crate::{Result, Scalar, activations};
use std::sync::Arc;

layer! {
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
    pub struct ReLU: "ReLU" of () {
        /// Largest value; none by default, at least 0.
        max_value: Option<f64> = None,
        /// Slope below the threshold; default 0, at least 0.
        negative_slope: f64 = 0.0,
        /// Where the unit begins to respond; default 0, at least 0.
        threshold: f64 = 0.0,
    }
}

impl ReLU {
    /// Without a bound, slope or threshold.
    #[allow(clippy::new_without_default)] // a layer is made by `new`
    pub fn new() -> Self {
        Self::with()
    }

    /// What it applies.
    pub(crate) fn function(&self) -> activations::Relu {
        let Self { max_value, negative_slope, threshold, .. } = *self;
        activations::Relu { negative_slope, max_value, threshold }
    }
}

impl<T: Scalar> Layer<T> for ReLU {
    fn build(&self, inputs: usize) -> Result<Box<dyn BuiltLayer<T>>> {
        BuiltActivation::boxed(inputs, &(Arc::new(self.function()) as _))
    }

    fn options(&self) -> LayerOptions {
        self.options.clone()
    }
}
