//! Scaling the columns or rows of a variable by a function of their norms.

use crate::initializers::Shape;
use crate::items::{Spec, invalid};
use crate::{Result, Scalar};

/// Columns that are treated together; their norms fit a few registers.
const BLOCK: usize = 64;

/// The number that Keras adds to a norm before it divides by it.
pub(super) const EPSILON: f64 = 1e-7;

/// Multiplies the vectors along `axis` by `factor` of their Euclidean norms.
pub(super) fn rescale<T: Scalar>(values: &mut [T], shape: Shape, axis: i64, factor: impl Fn(f64) -> f64) {
    let Shape { columns, vector, .. } = shape;
    if vector || axis == 1 || axis == -1 {
        for row in values.chunks_mut(columns.max(1)) {
            let norm = row.iter().map(|w| w.to_f64().powi(2)).sum::<f64>().sqrt();
            let factor = T::of(factor(norm));
            row.iter_mut().for_each(|w| *w *= factor);
        }
        return;
    }
    for first in (0..columns).step_by(BLOCK) {
        let block = first..(first + BLOCK).min(columns);
        let mut factors = [0.0f64; BLOCK];
        for row in values.chunks(columns) {
            for (sum, w) in factors.iter_mut().zip(&row[block.clone()]) {
                *sum += w.to_f64().powi(2);
            }
        }
        for sum in &mut factors {
            *sum = factor(sum.sqrt());
        }
        for row in values.chunks_mut(columns) {
            for (factor, w) in factors.iter().zip(&mut row[block.clone()]) {
                *w = T::of(w.to_f64() * factor);
            }
        }
    }
}

/// Returns an error for axes that no variable has.
pub(super) fn check_axis(constraint: &dyn Spec, axis: i64) -> Result<()> {
    if (-2..=1).contains(&axis) {
        Ok(())
    } else {
        Err(invalid(constraint, "axis", axis, "0 (over the rows of each column) or 1 (over the columns of each row)"))
    }
}

/// Returns an error for axes that a variable of this shape does not have.
pub(super) fn check_axis_of(constraint: &dyn Spec, axis: i64, shape: Shape) -> Result<()> {
    check_axis(constraint, axis)?;
    if shape.vector && !(-1..=0).contains(&axis) {
        return Err(invalid(constraint, "axis", axis, format!("0 for a vector, of shape {shape}")));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_matrices_are_scaled_column_by_column() {
        let shape = Shape::matrix(3, 150);
        let values: Vec<f64> = (0..450).map(|i| (f64::from(i) * 0.7).cos() * 3.0).collect();
        let mut scaled = values.clone();
        rescale(&mut scaled, shape, 0, |norm| 1.0 / norm);
        for column in 0..150 {
            let norm = |of: &[f64]| (0..3).map(|row| of[row * 150 + column].powi(2)).sum::<f64>().sqrt();
            approx::assert_relative_eq!(norm(&scaled), 1.0, max_relative = 1e-14);
            approx::assert_relative_eq!(scaled[column] * norm(&values), values[column], max_relative = 1e-14);
        }
    }

    #[test]
    fn negative_axes_count_from_the_last() {
        let values = [1.0f64, 2.0, 3.0, 4.0, 5.0, 6.0];
        for (axis, same) in [(-1, 1), (-2, 0)] {
            let (mut a, mut b) = (values, values);
            rescale(&mut a, Shape::matrix(2, 3), axis, |norm| norm);
            rescale(&mut b, Shape::matrix(2, 3), same, |norm| norm);
            assert_eq!(a, b);
        }
    }
}
