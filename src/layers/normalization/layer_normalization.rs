use super::forms::affine::affine;
use super::forms::groups::BuiltGroups;
use crate::constraints::Constraint;
use crate::initializers::{Initializer, Ones, Zeros};
use crate::items::{Item, Spec, item};
use crate::layers::layer::options;
use crate::layers::{BuiltLayer, Layer, LayerOptions};
use crate::regularizers::Regularizer;
use crate::{Result, Scalar};

item! {
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
    pub struct LayerNormalization<T>: "LayerNormalization" () with options: LayerOptions {
        /// The number that is added to the variance.
        epsilon: f64 [at least 0] = 0.001,
        /// Whether `beta` is added.
        center: bool = true,
        /// Whether `gamma` multiplies.
        scale: bool = true,
        /// The first values of `beta`.
        beta_initializer: Item<dyn Initializer<T>> = Zeros,
        /// The first values of `gamma`.
        gamma_initializer: Item<dyn Initializer<T>> = Ones,
        /// A penalty on `beta`.
        beta_regularizer: Option<Item<dyn Regularizer<T>>> = None,
        /// A penalty on `gamma`.
        gamma_regularizer: Option<Item<dyn Regularizer<T>>> = None,
        /// The set that `beta` is projected onto after every step.
        beta_constraint: Option<Item<dyn Constraint<T>>> = None,
        /// The set that `gamma` is projected onto after every step.
        gamma_constraint: Option<Item<dyn Constraint<T>>> = None,
    }
}

impl<T: Scalar> LayerNormalization<T> {
    /// The number that is added before the root is taken.
    #[cfg(feature = "onnx")]
    pub(crate) fn get_epsilon(&self) -> f64 {
        self.epsilon
    }

    /// A layer with `gamma` and `beta`.
    #[allow(clippy::new_without_default)] // a layer is made by `new`
    pub fn new() -> Self {
        Self::with()
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
