use super::forms::affine::affine;
use super::forms::groups::BuiltGroups;
use crate::constraints::Constraint;
use crate::initializers::{Initializer, Ones, Zeros};
use crate::items::{Item, Spec, invalid, item};
use crate::layers::layer::options;
use crate::layers::{BuiltLayer, Layer, LayerOptions};
use crate::regularizers::Regularizer;
use crate::{Result, Scalar};

item! {
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
    pub struct GroupNormalization<T>: "GroupNormalization" () with options: LayerOptions checked by check_groups {
        /// The number of groups, a divisor of the number of columns, or −1 for a group per column.
        groups: i64 = 32,
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

impl<T: Scalar> GroupNormalization<T> {
    /// The number that is added before the root is taken.
    #[cfg(feature = "onnx")]
    pub(crate) fn get_epsilon(&self) -> f64 {
        self.epsilon
    }

    /// The number of groups of this many columns.
    pub(crate) fn groups_of(&self, columns: usize) -> usize {
        // Every other value is a count.
        usize::try_from(self.groups).unwrap_or(columns)
    }

    /// A layer with 32 groups, `gamma` and `beta`.
    #[allow(clippy::new_without_default)] // a layer is made by `new`
    pub fn new() -> Self {
        Self::with()
    }

    fn check_groups(&self) -> Result<()> {
        match self.groups {
            -1 | 1.. => Ok(()),
            _ => Err(invalid(self, "groups", self.groups, "at least 1, or -1 for a group per column")),
        }
    }
}

impl<T: Scalar> Layer<T> for GroupNormalization<T> {
    fn build(&self, inputs: usize) -> Result<Box<dyn BuiltLayer<T>>> {
        self.check()?;
        let groups = self.groups_of(inputs);
        if !inputs.is_multiple_of(groups) {
            return Err(invalid(
                self,
                "groups",
                groups,
                format!("a divisor of the number of columns that come in, {inputs}"),
            ));
        }
        let affine = affine!(self, inputs);
        Ok(Box::new(BuiltGroups { columns: inputs, groups, epsilon: T::of(self.epsilon), affine }))
    }

    fn options(&self) -> LayerOptions {
        self.options.clone()
    }
}
