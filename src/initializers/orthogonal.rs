use super::distributions::fill_normal;
use super::identity::matrix_only;
use super::{Initializer, Shape};
use crate::items::item;
use crate::{Random, Result, Scalar};
use nalgebra::DMatrix;

item! {
    /// An orthogonal matrix, uniform over all of them, times a gain; for matrices only.
    ///
    /// Columns are orthonormal where there are at least as many rows as columns, otherwise rows are. It is the
    /// factor `Q` of a matrix of normal draws, each column with the sign that makes the diagonal of `R` positive.
    ///
    /// ```
    /// use perceptra::prelude::*;
    /// use perceptra::initializers::Orthogonal;
    ///
    /// let layers = Sequential::new().add(Dense::new(12, Relu).kernel_initializer(Orthogonal.gain(2f64.sqrt())));
    /// ```
    ///
    /// # References
    ///
    /// A. Saxe et al., *Exact solutions to the nonlinear dynamics of learning in deep linear neural networks*,
    /// ICLR 2014. Keras: `keras.initializers.Orthogonal`.
    pub struct Orthogonal: "Orthogonal" {
        /// The factor of the orthogonal matrix.
        gain: f64 = 1.0,
        /// A seed for these values; by default they are drawn from the model's seed.
        seed: Option<u64> = None,
    }
}

impl<T: Scalar> Initializer<T> for Orthogonal {
    fn fill(&self, values: &mut [T], shape: Shape, random: &mut Random) {
        let (long, short) = (shape.rows.max(shape.columns), shape.rows.min(shape.columns));
        if short == 0 {
            return;
        }
        let mut draws = vec![0.0; long * short];
        fill_normal(&mut draws, 0.0, 1.0, random);
        let decomposition = DMatrix::from_vec(long, short, draws).qr();
        let (q, r) = (decomposition.q(), decomposition.r());
        for i in 0..shape.rows {
            for j in 0..shape.columns {
                let (row, column) = if shape.rows < shape.columns { (j, i) } else { (i, j) };
                let sign = if r[(column, column)] < 0.0 { -1.0 } else { 1.0 };
                values[i * shape.columns + j] = T::of(self.gain * sign * q[(row, column)]);
            }
        }
    }

    fn seed(&self) -> Option<u64> {
        self.seed
    }

    fn check_shape(&self, shape: Shape) -> Result<()> {
        matrix_only(self, shape)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;

    #[test]
    fn the_shorter_side_is_orthonormal_times_the_gain() {
        for (rows, columns) in [(7, 3), (3, 7), (5, 5), (1, 4), (4, 1)] {
            let shape = Shape::matrix(rows, columns);
            let mut values = vec![0.0f64; shape.count()];
            Orthogonal.gain(0.5).fill(&mut values, shape, &mut Random::seed_from_u64(1));
            let w = DMatrix::from_row_slice(rows, columns, &values);
            let gram = if rows < columns { &w * w.transpose() } else { w.transpose() * &w };
            let expected = DMatrix::identity(gram.nrows(), gram.ncols()) * 0.25;
            approx::assert_relative_eq!(gram, expected, epsilon = 1e-14);
        }
    }
}
