use super::Constraint;
use super::norms::{EPSILON, check_axis, check_axis_of, rescale};
use crate::initializers::Shape;
use crate::items::{invalid, item};
use crate::{Result, Scalar};

item! {
    /// Projects weights so that their norm along an axis is between two values, or moves it towards this range.
    ///
    /// ```text
    /// w · (rate·clip(‖w‖, min_value, max_value) + (1 − rate)·‖w‖) / (1e-7 + ‖w‖)
    /// ```
    ///
    /// ```
    /// use perceptra::{constraints::{Constraint, MinMaxNorm}, initializers::Shape};
    ///
    /// let mut weights = [0.3, 0.4f32];
    /// MinMaxNorm.min_value(1.0).max_value(2.0).apply(&mut weights, Shape::vector(2));
    /// assert!((weights[0] - 0.6).abs() < 1e-6);
    /// ```
    ///
    /// # References
    ///
    /// Keras: `keras.constraints.MinMaxNorm`.
    pub struct MinMaxNorm: "MinMaxNorm" checked by check_norms {
        /// The smallest norm.
        min_value: f64 [at least 0] = 0.0,
        /// The largest norm, at least `min_value`.
        max_value: f64 = 1.0,
        /// The fraction of the distance to the range that a norm moves in one step, from 0 to 1.
        rate: f64 [in 0..=1] = 1.0,
        /// The axis that a norm runs along: 0 for the weights into each unit of a kernel (or a whole vector), 1 for
        /// those out of each input; negative values count from the last.
        axis: i64 = 0,
    }
}

impl MinMaxNorm {
    fn check_norms(&self) -> Result<()> {
        check_axis(self, self.axis)?;
        if self.max_value.is_nan() || self.max_value < self.min_value {
            let expected = format!("a number of at least min_value, {}", self.min_value);
            return Err(invalid(self, "max_value", self.max_value, expected));
        }
        Ok(())
    }
}

impl<T: Scalar> Constraint<T> for MinMaxNorm {
    fn apply(&self, values: &mut [T], shape: Shape) {
        rescale(values, shape, self.axis, |norm| {
            // Not `clamp`, which would panic on bounds that were never checked.
            let clipped = norm.max(self.min_value).min(self.max_value);
            (self.rate * clipped + (1.0 - self.rate) * norm) / (EPSILON + norm)
        });
    }

    fn check_shape(&self, shape: Shape) -> Result<()> {
        check_axis_of(self, self.axis, shape)
    }
}
