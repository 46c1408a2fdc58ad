use super::Constraint;
use super::norms::{EPSILON, check_axis, check_axis_of, rescale};
use crate::initializers::Shape;
use crate::items::item;
use crate::{Result, Scalar};

item! {
    /// Scales weights to norm 1 along an axis: `w/(1e-7 + ‖w‖)`.
    ///
    /// ```
    /// use perceptra::{constraints::{Constraint, UnitNorm}, initializers::Shape};
    ///
    /// let mut weights = [3.0, 4.0f32];
    /// UnitNorm.apply(&mut weights, Shape::vector(2));
    /// assert!((weights[0] - 0.6).abs() < 1e-6);
    /// ```
    ///
    /// # References
    ///
    /// Keras: `keras.constraints.UnitNorm`.
    pub struct UnitNorm: "UnitNorm" checked by check_axis {
        /// The axis that a norm runs along: 0 for the weights into each unit of a kernel (or a whole vector), 1 for
        /// those out of each input; negative values count from the last.
        axis: i64 = 0,
    }
}

impl UnitNorm {
    fn check_axis(&self) -> Result<()> {
        check_axis(self, self.axis)
    }
}

impl<T: Scalar> Constraint<T> for UnitNorm {
    fn apply(&self, values: &mut [T], shape: Shape) {
        rescale(values, shape, self.axis, |norm| 1.0 / (EPSILON + norm));
    }

    fn check_shape(&self, shape: Shape) -> Result<()> {
        check_axis_of(self, self.axis, shape)
    }
}
