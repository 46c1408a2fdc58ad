use super::Constraint;
use super::norms::{EPSILON, check_axis, check_axis_of, rescale};
use crate::initializers::Shape;
use crate::spec::{invalid, spec};
use crate::{Result, Scalar};

spec! {
    /// Weights whose norm along an axis lies between two values, or is drawn towards them.
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
    pub struct MinMaxNorm: "MinMaxNorm" checked by check_arguments {
        /// The smallest norm, at least 0; default 0.
        min_value: f64 = 0.0,
        /// The largest norm, at least `min_value`; default 1.
        max_value: f64 = 1.0,
        /// How far a norm goes in one step, from 0 (not at all) to 1 (all the way); default 1.
        rate: f64 = 1.0,
        /// The axis that a norm runs along: 0 for the weights into each unit of a kernel (or a whole vector), 1 for
        /// those out of each input; negative from the last. Default 0.
        axis: i64 = 0,
    }
}

impl MinMaxNorm {
    fn check_arguments(&self) -> Result<()> {
        check_axis(self, self.axis)?;
        if !(self.min_value.is_finite() && self.min_value >= 0.0) {
            return Err(invalid(self, "min_value", self.min_value, "a finite number of at least 0"));
        }
        if self.max_value.is_nan() || self.max_value < self.min_value {
            let expected = format!("a number of at least min_value, {}", self.min_value);
            return Err(invalid(self, "max_value", self.max_value, expected));
        }
        if (0.0..=1.0).contains(&self.rate) {
            Ok(())
        } else {
            Err(invalid(self, "rate", self.rate, "a number in [0, 1]"))
        }
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
