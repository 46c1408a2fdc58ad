//! The trait of all regularizers.

use crate::initializers::Shape;
use crate::items::Spec;
use crate::{Result, Scalar};

/// A penalty on the values of a variable, added to the loss in training and evaluation.
///
/// Values come row by row, with the shape they have.
///
/// ```
/// use perceptra::{Scalar, initializers::Shape, regularizers::Regularizer, items::Spec};
///
/// /// `c·(Σw − 1)²`: weights that add up to one.
/// #[derive(Debug)]
/// struct SumToOne(f64);
///
/// impl Spec for SumToOne {}
///
/// impl<T: Scalar> Regularizer<T> for SumToOne {
///     fn penalty(&self, values: &[T], _shape: Shape) -> f64 {
///         let excess = values.iter().map(|w| w.to_f64()).sum::<f64>() - 1.0;
///         self.0 * excess * excess
///     }
///
///     fn add_gradient(&self, values: &[T], _shape: Shape, scale: f64, gradient: &mut [T]) {
///         let excess = values.iter().map(|w| w.to_f64()).sum::<f64>() - 1.0;
///         for g in gradient {
///             *g += T::of(scale * 2.0 * self.0 * excess);
///         }
///     }
/// }
///
/// let mut gradient = [0.0f64; 2];
/// let (weights, shape) = ([0.5, 1.0], Shape::vector(2));
/// assert_eq!(SumToOne(2.0).penalty(&weights, shape), 0.5);
/// SumToOne(2.0).add_gradient(&weights, shape, 1.0, &mut gradient);
/// assert_eq!(gradient, [2.0, 2.0]);
/// ```
pub trait Regularizer<T: Scalar>: Spec {
    /// The penalty.
    fn penalty(&self, values: &[T], shape: Shape) -> f64;

    /// Adds `scale` times the gradient of the penalty to `gradient`, which is as long as `values`.
    ///
    /// The scale is 1 for weights; for outputs, whose penalty Keras divides by the batch size, the inverse of it.
    fn add_gradient(&self, values: &[T], shape: Shape, scale: f64, gradient: &mut [T]);

    /// Whether a variable of this shape can be penalized. Called when the model is built.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`](crate::Error::Argument) states which shapes can.
    fn check_shape(&self, shape: Shape) -> Result<()> {
        let _ = shape;
        Ok(())
    }
}
