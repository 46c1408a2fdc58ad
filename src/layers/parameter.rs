//! The variables of a layer.

use crate::Scalar;
use crate::constraints::Constraint;
use crate::initializers::{Initializer, Shape};
use crate::items::{IntoItem, Item};
use crate::regularizers::Regularizer;

/// A variable that a built layer asks for.
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
    /// Its name within the layer: `kernel`, `bias`.
    pub name: &'static str,
    /// Its shape.
    pub shape: Shape,
    /// Its first values.
    pub initializer: Item<dyn Initializer<T>>,
    /// Whether it is a weight, which training may move, or state, such as a moving average.
    pub is_weight: bool,
    /// A penalty on its values, added to the loss.
    pub regularizer: Option<Item<dyn Regularizer<T>>>,
    /// The projection applied to its values after every step.
    pub constraint: Option<Item<dyn Constraint<T>>>,
}

impl<T: Scalar> Parameter<T> {
    /// A variable that training moves.
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
