use crate::items::{Spec, item};
use crate::layers::identity::Copy;
use crate::layers::layer::options;
use crate::layers::{BuiltLayer, Layer, LayerOptions, MonotoneLayer};
use crate::regularizers::L1L2;
use crate::{Result, Scalar};
use std::sync::Arc;

item! {
    /// Passes its input through and adds a penalty on it to the loss: `(l1·Σ|x| + l2·Σx²)/batch`.
    ///
    /// ```
    /// use perceptra::prelude::*;
    /// use perceptra::layers::ActivityRegularization;
    ///
    /// let sparse = ActivityRegularization::new().l1(0.01);
    /// let model = Sequential::new().add(Dense::new(12, Relu)).add(sparse).add(Dense::new(1, Sigmoid));
    /// ```
    ///
    /// # References
    ///
    /// Keras: `keras.layers.ActivityRegularization`.
    pub struct ActivityRegularization: "ActivityRegularization" () with options: LayerOptions {
        /// The factor of the magnitudes.
        l1: f64 [at least 0] = 0.0,
        /// The factor of the squares.
        l2: f64 [at least 0] = 0.0,
    }
}

impl ActivityRegularization {
    /// A layer without a penalty.
    #[allow(clippy::new_without_default)] // a layer is made by `new`
    pub fn new() -> Self {
        Self::with()
    }

    fn penalty(&self) -> L1L2 {
        L1L2.l1(self.l1).l2(self.l2)
    }
}

impl<T: Scalar> Layer<T> for ActivityRegularization {
    fn build(&self, inputs: usize) -> Result<Box<dyn BuiltLayer<T>>> {
        self.check()?;
        Ok(Box::new(Copy { columns: inputs, activity_regularizer: Some(Arc::new(self.penalty())) }))
    }

    fn options(&self) -> LayerOptions {
        self.options.clone()
    }

    fn monotone(&self) -> Result<MonotoneLayer<T>> {
        Ok(MonotoneLayer::Elementwise(Arc::new(self.clone())))
    }
}
