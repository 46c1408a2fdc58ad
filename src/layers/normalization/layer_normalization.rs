use super::affine::affine;
use super::batch_normalization::check_epsilon;
use super::groups::BuiltGroups;
use crate::constraints::Constraint;
use crate::initializers::{Initializer, Ones, Zeros};
use crate::layers::description::layer;
use crate::layers::{BuiltLayer, Layer, LayerOptions};
use crate::regularizers::Regularizer;
use crate::spec::Spec;
use crate::{Result, Scalar};
use std::sync::Arc;

layer! {
    /// Normalizes each sample over its columns: `y = gamma·(x − mean)/√(variance + epsilon) + beta`.
    ///
    /// (batch, columns) to (batch, columns); `gamma` and `beta` (columns). The variance is divided by the number of
    /// columns. Training and prediction are the same.
    ///
    /// ```
    /// use perceptra::prelude::*;
    /// use perceptra::layers::LayerNormalization;
    ///
    /// let model = Sequential::new()
    ///     .add(Dense::new(12, Relu))
    ///     .add(LayerNormalization::new().epsilon(1e-5))
    ///     .add(Dense::new(1, Sigmoid));
    /// ```
    ///
    /// # References
    ///
    /// J. Ba, J. Kiros and G. Hinton, *Layer normalization*, 2016. Keras: `keras.layers.LayerNormalization`.
    pub struct LayerNormalization<T>: "LayerNormalization" of () checked by check_arguments {
        /// What is added to the variance; default 0.001, at least 0.
        epsilon: f64 = 0.001,
        /// Whether `beta` is added; default true.
        center: bool = true,
        /// Whether `gamma` multiplies; default true.
        scale: bool = true,
        /// The first values of `beta`; default [`Zeros`](struct@Zeros).
        beta_initializer: Arc<dyn Initializer<T>> = Arc::new(Zeros),
        /// The first values of `gamma`; default [`Ones`](struct@Ones).
        gamma_initializer: Arc<dyn Initializer<T>> = Arc::new(Ones),
        /// A penalty on `beta`; none by default.
        beta_regularizer: Option<Arc<dyn Regularizer<T>>> = None,
        /// A penalty on `gamma`; none by default.
        gamma_regularizer: Option<Arc<dyn Regularizer<T>>> = None,
        /// What `beta` is brought back to after every step; nothing by default.
        beta_constraint: Option<Arc<dyn Constraint<T>>> = None,
        /// What `gamma` is brought back to after every step; nothing by default.
        gamma_constraint: Option<Arc<dyn Constraint<T>>> = None,
    }
}

impl<T: Scalar> LayerNormalization<T> {
    /// What is added before the root is taken.
    #[cfg(feature = "onnx")]
    pub(crate) fn get_epsilon(&self) -> f64 {
        self.epsilon
    }

    /// With `gamma` and `beta`.
    #[allow(clippy::new_without_default)] // a layer is made by `new`
    pub fn new() -> Self {
        Self::with()
    }

    fn check_arguments(&self) -> Result<()> {
        check_epsilon(self, self.epsilon)
    }
}

impl<T: Scalar> Layer<T> for LayerNormalization<T> {
    fn build(&self, inputs: usize) -> Result<Box<dyn BuiltLayer<T>>> {
        self.check()?;
        let affine = affine!(self, inputs);
        Ok(Box::new(BuiltGroups { columns: inputs, groups: 1, epsilon: T::of(self.epsilon), affine }))
    }

    fn options(&self) -> LayerOptions {
        self.options.clone()
    }
}
