use super::Constraint;
use super::norms::{EPSILON, check_axis, check_axis_of, rescale};
use crate::initializers::Shape;
use crate::items::{invalid, item};
use crate::{Result, Scalar};

item! {
    /// Limits the norm of weights along an axis to at most `max_value`: `w·min(‖w‖, max_value)/(1e-7 + ‖w‖)`.
    ///
    /// ```
    /// use perceptra::{constraints::{Constraint, MaxNorm}, initializers::Shape};
    ///
    /// let mut weights = [6.0, 8.0f32];
    /// MaxNorm.max_value(5.0).apply(&mut weights, Shape::vector(2));
    /// assert!((weights[0] - 3.0).abs() < 1e-6);
    /// ```
    ///
    /// # References
    ///
    /// N. Srivastava et al., *Dropout: a simple way to prevent neural networks from overfitting*, JMLR 15 (2014).
    /// Keras: `keras.constraints.MaxNorm`.
    pub struct MaxNorm: "MaxNorm" checked by check_norm {
        /// The largest norm, at least 0.
        max_value: f64 = 2.0,
        /// The axis that a norm runs along: 0 for the weights into each unit of a kernel (or a whole vector), 1 for
        /// those out of each input; negative values count from the last.
        axis: i64 = 0,
    }
}

impl MaxNorm {
    fn check_norm(&self) -> Result<()> {
        check_axis(self, self.axis)?;
        if self.max_value >= 0.0 {
            Ok(())
        } else {
            Err(invalid(self, "max_value", self.max_value, "a number of at least 0"))
        }
    }
}

impl<T: Scalar> Constraint<T> for MaxNorm {
    fn apply(&self, values: &mut [T], shape: Shape) {
        rescale(values, shape, self.axis, |norm| norm.min(self.max_value) / (EPSILON + norm));
    }

    fn check_shape(&self, shape: Shape) -> Result<()> {
        check_axis_of(self, self.axis, shape)
    }
}
