use crate::items::{IntoItem, item};
use crate::layers::activation::BuiltActivation;
use crate::layers::layer::options;
use crate::layers::monotone_checks::check_activation;
use crate::layers::{BuiltLayer, Layer, LayerOptions, MonotoneLayer};
use crate::{Result, Scalar, activations};
use std::sync::Arc;

item! {
    /// The exponential linear unit as a layer: `y = x` for `x > 0`, else `alpha·(eˣ − 1)`.
    ///
    /// (batch, columns) to (batch, columns).
    ///
    /// ```
    /// use perceptra::prelude::*;
    /// use perceptra::layers::ELU;
    ///
    /// let model = Sequential::new().add(Dense::new(12, Linear)).add(ELU::new().alpha(0.5));
    /// ```
    ///
    /// # References
    ///
    /// D.-A. Clevert, T. Unterthiner and S. Hochreiter, *Fast and accurate deep network learning by exponential linear
    /// units (ELUs)*, ICLR 2016. Keras: `keras.layers.ELU`.
    pub struct ELU: "ELU" () with options: LayerOptions {
        /// `α`: far below zero the values tend to `−α`.
        alpha: f64 [finite] = 1.0,
    }
}

impl ELU {
    /// A layer with an `alpha` of 1.
    #[allow(clippy::new_without_default)] // a layer is made by `new`
    pub fn new() -> Self {
        Self::with()
    }

    /// The activation that the layer applies.
    pub(crate) fn function(&self) -> activations::Elu {
        activations::Elu.alpha(self.alpha)
    }
}

impl<T: Scalar> Layer<T> for ELU {
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
