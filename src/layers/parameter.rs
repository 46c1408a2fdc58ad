//! The variables of a layer.

use crate::Scalar;
use crate::constraints::Constraint;
use crate::initializers::{Initializer, Shape};
use crate::items::{IntoItem, Item};
use crate::regularizers::Regularizer;

/// A variable that a built layer needs.
///
/// ```
/// use perceptra::{initializers::{Ones, Shape}, layers::Parameter};
///
/// let gamma = Parameter::<f32>::weight("gamma", Shape::vector(4), Ones);
/// assert!(gamma.is_weight);
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Parameter<T: Scalar> {
    /// The name within the layer, for example `kernel` or `bias`.
    pub name: &'static str,
    /// The shape.
    pub shape: Shape,
    /// The initializer of the values.
    pub initializer: Item<dyn Initializer<T>>,
    /// Whether it is a weight, which the optimizer updates, or state, for example a moving average.
    pub is_weight: bool,
    /// The penalty on the values, added to the loss.
    pub regularizer: Option<Item<dyn Regularizer<T>>>,
    /// The projection that is applied to the values after every step.
    pub constraint: Option<Item<dyn Constraint<T>>>,
}

impl<T: Scalar> Parameter<T> {
    /// A variable that the optimizer updates.
    pub fn weight<M>(name: &'static str, shape: Shape, initializer: impl IntoItem<dyn Initializer<T>, M>) -> Self {
        Parameter {
            name,
            shape,
            initializer: initializer.into_item(),
            is_weight: true,
            regularizer: None,
            constraint: None,
        }
    }

    /// A variable that only the layer itself changes, such as a moving average.
    pub fn state<M>(name: &'static str, shape: Shape, initializer: impl IntoItem<dyn Initializer<T>, M>) -> Self {
        Parameter { is_weight: false, ..Self::weight(name, shape, initializer) }
    }

    /// Sets the penalty, if one is given.
    #[must_use]
    pub fn regularizer(mut self, regularizer: Option<Item<dyn Regularizer<T>>>) -> Self {
        self.regularizer = regularizer;
        self
    }

    /// Sets the constraint, if one is given.
    #[must_use]
    pub fn constraint(mut self, constraint: Option<Item<dyn Constraint<T>>>) -> Self {
        self.constraint = constraint;
        self
    }
}
