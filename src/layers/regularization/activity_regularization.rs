use crate::layers::description::layer;
use crate::layers::identity::Copy;
use crate::layers::{BuiltLayer, Layer, LayerOptions};
use crate::regularizers::L1L2;
use crate::spec::Spec;
use crate::{Result, Scalar};
use std::sync::Arc;

layer! {
    /// Hands its input on and adds a penalty on it to the loss: `(l1·Σ|x| + l2·Σx²)/batch`.
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
    pub struct ActivityRegularization: "ActivityRegularization" of () checked by check_arguments {
        /// The factor of the magnitudes; default 0, at least 0.
        l1: f64 = 0.0,
        /// The factor of the squares; default 0, at least 0.
        l2: f64 = 0.0,
    }
}

impl ActivityRegularization {
    /// Without any penalty yet.
    #[allow(clippy::new_without_default)] // a layer is made by `new`
    pub fn new() -> Self {
        Self::with()
    }

    fn penalty(&self) -> L1L2 {
        L1L2.l1(self.l1).l2(self.l2)
    }

    fn check_arguments(&self) -> Result<()> {
        self.penalty().check()
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
}
