use super::affine::affine;
use super::batch_normalization::check_epsilon;
use super::groups::BuiltGroups;
use crate::constraints::Constraint;
use crate::initializers::{Initializer, Ones, Zeros};
use crate::layers::description::layer;
use crate::layers::{BuiltLayer, Layer, LayerOptions};
use crate::regularizers::Regularizer;
use crate::spec::{Spec, invalid};
use crate::{Result, Scalar};
use std::sync::Arc;

layer! {
    /// Normalizes each sample over groups of neighbouring columns: `y = gamma·(x − mean)/√(variance + epsilon) + beta`.
    ///
    /// (batch, columns) to (batch, columns); `gamma` and `beta` (columns). Training and prediction are the same.
    ///
    /// ```
    /// use perceptra::prelude::*;
    /// use perceptra::layers::GroupNormalization;
    ///
    /// let model = Sequential::new()
    ///     .add(Dense::new(12, Relu))
    ///     .add(GroupNormalization::new().groups(4))
    ///     .add(Dense::new(1, Sigmoid));
    /// ```
    ///
    /// # References
    ///
    /// Y. Wu and K. He, *Group normalization*, ECCV 2018. Keras: `keras.layers.GroupNormalization`.
    pub struct GroupNormalization<T>: "GroupNormalization" of () checked by check_arguments {
        /// The number of groups, a divisor of the number of columns; −1 for a group per column; default 32.
        groups: i64 = 32,
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

impl<T: Scalar> GroupNormalization<T> {
    /// What is added before the root is taken.
    #[cfg(feature = "onnx")]
    pub(crate) fn get_epsilon(&self) -> f64 {
        self.epsilon
    }

    /// The number of groups of so many columns.
    pub(crate) fn groups_of(&self, columns: usize) -> usize {
        // Only −1 is no count.
        usize::try_from(self.groups).unwrap_or(columns)
    }

    /// With 32 groups, `gamma` and `beta`.
    #[allow(clippy::new_without_default)] // a layer is made by `new`
    pub fn new() -> Self {
        Self::with()
    }

    fn check_arguments(&self) -> Result<()> {
        if self.groups != -1 && self.groups < 1 {
            return Err(invalid(self, "groups", self.groups, "at least 1, or -1 for a group per column"));
        }
        check_epsilon(self, self.epsilon)
    }
}

impl<T: Scalar> Layer<T> for GroupNormalization<T> {
    fn build(&self, inputs: usize) -> Result<Box<dyn BuiltLayer<T>>> {
        self.check()?;
        let groups = self.groups_of(inputs);
        if !inputs.is_multiple_of(groups) {
            return Err(invalid(self, "groups", groups, format!("a divisor of the {inputs} columns that come in")));
        }
        let affine = affine!(self, inputs);
        Ok(Box::new(BuiltGroups { columns: inputs, groups, epsilon: T::of(self.epsilon), affine }))
    }

    fn options(&self) -> LayerOptions {
        self.options.clone()
    }
}
