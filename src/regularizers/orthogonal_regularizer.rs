use super::Regularizer;
use crate::initializers::Shape;
use crate::items::argument::plain;
use crate::items::{invalid, item};
use crate::{Result, Scalar};
use serde::{Deserialize, Serialize};

/// The vectors of a matrix that are to be orthogonal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrthogonalMode {
    /// The rows of the matrix.
    #[default]
    Rows,
    /// The columns of the matrix.
    Columns,
}

item! {
    /// A penalty on the cosines of the angles between the rows, or columns, of a matrix.
    ///
    /// ```text
    /// factor · mean over pairs i < j of |cos(wᵢ, wⱼ)|
    /// ```
    ///
    /// A matrix of a single row (column) has no pairs and no penalty; Keras divides by zero there. A vector of
    /// zeros is orthogonal to all others.
    ///
    /// ```
    /// use perceptra::{initializers::Shape, regularizers::{OrthogonalRegularizer, Regularizer}};
    ///
    /// let rows = [1.0, 0.0, /**/ 3.0, 4.0];
    /// let penalty = OrthogonalRegularizer.factor(1.0).penalty(&rows, Shape::matrix(2, 2));
    /// assert!((penalty - 0.6f64).abs() < 1e-15);
    /// ```
    ///
    /// # References
    ///
    /// Keras: `keras.regularizers.OrthogonalRegularizer`.
    pub struct OrthogonalRegularizer: "OrthogonalRegularizer" {
        /// The factor of the penalty.
        factor: f64 [at least 0] = 0.01,
        /// Whether rows or columns are made orthogonal.
        mode: OrthogonalMode = OrthogonalMode::Rows,
    }
}

impl OrthogonalRegularizer {
    /// The vectors of a matrix: how many, how long, and the steps from one to the next and within one.
    fn vectors(&self, shape: Shape) -> MatrixVectors {
        let Shape { rows, columns, .. } = shape;
        match self.mode {
            OrthogonalMode::Rows => MatrixVectors { count: rows, length: columns, next: columns, step: 1 },
            OrthogonalMode::Columns => MatrixVectors { count: columns, length: rows, next: 1, step: columns },
        }
    }
}

#[derive(Clone, Copy)]
struct MatrixVectors {
    count: usize,
    length: usize,
    next: usize,
    step: usize,
}

impl MatrixVectors {
    /// The positions of a vector's values.
    fn places(self, vector: usize) -> impl Iterator<Item = usize> {
        (0..self.length).map(move |i| vector * self.next + i * self.step)
    }

    fn norm<T: Scalar>(self, values: &[T], vector: usize) -> f64 {
        // Keras's least norm.
        self.places(vector).map(|at| values[at].to_f64().powi(2)).sum::<f64>().sqrt().max(1e-12)
    }

    /// Calls `visit` for every pair with both vectors, their norms and their cosine.
    ///
    /// Norms are computed for every pair rather than stored: a training step allocates nothing.
    fn pairs<T: Scalar>(self, values: &[T], mut visit: impl FnMut([usize; 2], [f64; 2], f64)) {
        for i in 0..self.count {
            let norm = self.norm(values, i);
            for j in i + 1..self.count {
                let other_norm = self.norm(values, j);
                let places = self.places(i).zip(self.places(j));
                let product: f64 = places.map(|(a, b)| values[a].to_f64() * values[b].to_f64()).sum();
                visit([i, j], [norm, other_norm], product / (norm * other_norm));
            }
        }
    }

    /// The weight of a pair in the mean.
    fn fraction(self) -> f64 {
        if self.count < 2 { 0.0 } else { 2.0 / (self.count as f64 * (self.count as f64 - 1.0)) }
    }
}

impl<T: Scalar> Regularizer<T> for OrthogonalRegularizer {
    fn penalty(&self, values: &[T], shape: Shape) -> f64 {
        let vectors = self.vectors(shape);
        let mut sum = 0.0;
        vectors.pairs(values, |_, _, cosine| sum += cosine.abs());
        self.factor * vectors.fraction() * sum
    }

    fn add_gradient(&self, values: &[T], shape: Shape, scale: f64, gradient: &mut [T]) {
        let vectors = self.vectors(shape);
        let factor = scale * self.factor * vectors.fraction();
        vectors.pairs(values, |[i, j], [norm, other_norm], cosine| {
            if cosine == 0.0 {
                return;
            }
            // ∂|cos|/∂wᵢ = ±(wⱼ/‖wⱼ‖ − cos·wᵢ/‖wᵢ‖)/‖wᵢ‖, and with i and j exchanged.
            let factor = factor * cosine.signum();
            for (a, b) in vectors.places(i).zip(vectors.places(j)) {
                let (a_unit, b_unit) = (values[a].to_f64() / norm, values[b].to_f64() / other_norm);
                gradient[a] += T::of(factor * (b_unit - cosine * a_unit) / norm);
                gradient[b] += T::of(factor * (a_unit - cosine * b_unit) / other_norm);
            }
        });
    }

    fn check_shape(&self, shape: Shape) -> Result<()> {
        if shape.vector {
            Err(invalid(self, "the variable's shape", shape, "a matrix, rows × columns"))
        } else {
            Ok(())
        }
    }
}

plain!(OrthogonalMode);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vectors_are_refused_and_single_rows_cost_nothing() {
        let regularizer = OrthogonalRegularizer;
        assert!(Regularizer::<f32>::check_shape(&regularizer, Shape::vector(3)).is_err());
        assert_eq!(regularizer.penalty(&[1.0f32, 2.0], Shape::matrix(1, 2)), 0.0);
        assert_eq!(regularizer.penalty(&[1.0f32, 2.0, 0.0, 0.0], Shape::matrix(2, 2)), 0.0);
    }
}
