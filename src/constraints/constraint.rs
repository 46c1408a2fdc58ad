//! The trait of all constraints.

use crate::initializers::Shape;
use crate::items::Spec;
use crate::{Result, Scalar};

/// A set of allowed weights, onto which a variable is projected after every step of the optimizer.
///
/// Values come row by row, with the shape they have.
///
/// ```
/// use perceptra::{Scalar, constraints::Constraint, initializers::Shape, items::Spec};
///
/// /// Weights between −1 and 1.
/// #[derive(Debug)]
/// struct UnitCube;
///
/// impl Spec for UnitCube {}
///
/// impl<T: Scalar> Constraint<T> for UnitCube {
///     fn apply(&self, values: &mut [T], _shape: Shape) {
///         for w in values {
///             *w = (*w).clamp(-T::one(), T::one());
///         }
///     }
/// }
///
/// let mut weights = [0.5f32, -3.0];
/// UnitCube.apply(&mut weights, Shape::vector(2));
/// assert_eq!(weights, [0.5, -1.0]);
/// ```
pub trait Constraint<T: Scalar>: Spec {
    /// Changes the values so that they satisfy the constraint.
    fn apply(&self, values: &mut [T], shape: Shape);

    /// Changes the first values of a variable before training. The default leaves them as they are, as in Keras: the first step
    /// projects them.
    fn initialize(&self, values: &mut [T], shape: Shape) {
        let _ = (values, shape);
    }

    /// Whether a variable of this shape can be constrained. Called when the model is built.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`](crate::Error::Argument) states which shapes can.
    fn check_shape(&self, shape: Shape) -> Result<()> {
        let _ = shape;
        Ok(())
    }
}
