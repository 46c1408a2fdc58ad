use crate::error::{Error, Result};
use crate::numeric::Numeric;
use nalgebra::{DMatrix, Dim, Matrix, RawStorage};

/// Anything that can be read as a column, one number per sample: labels, probabilities or scores.
///
/// It is implemented for slices, arrays and vectors of numbers and Booleans, and for every nalgebra matrix or view
/// with one column or one row, so that a model's prediction of shape `(samples, 1)` can be passed as it is.
///
/// ```
/// use perceptra::{dmatrix, dvector};
/// use perceptra::metrics::accuracy_score;
///
/// let truth = dvector![0.0_f32, 1.0, 1.0];
/// let predicted = dmatrix![0.0_f32; 1.0; 0.0];
/// assert_eq!(accuracy_score(&truth, &predicted)?, 2.0 / 3.0);
/// assert_eq!(accuracy_score(&[true, false], &[1, 1])?, 0.5);
/// # Ok::<(), perceptra::Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not one number per sample",
    label = "not a slice, vector or matrix of numbers",
    note = "pass a slice, a `Vec`, or a nalgebra vector or matrix with one row or column, of numbers or Booleans"
)]
pub trait AsColumn {
    /// Copies the numbers as `f64`, in the order of the samples.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] for a matrix with several rows and several columns.
    fn as_column(&self) -> Result<Vec<f64>>;

    /// Copies the numbers as `f64`, one row per sample, where there may be several per sample: a column for each output.
    ///
    /// A matrix keeps its shape, unless its type is that of a row vector, whose numbers are one per sample.
    ///
    /// # Errors
    ///
    /// The errors of [`as_column`](Self::as_column), except for a matrix.
    fn as_outputs(&self) -> Result<DMatrix<f64>> {
        let column = self.as_column()?;
        Ok(DMatrix::from_vec(column.len(), 1, column))
    }
}

impl<N: Numeric> AsColumn for [N] {
    fn as_column(&self) -> Result<Vec<f64>> {
        Ok(self.iter().map(|value| value.to_f64()).collect())
    }
}

impl<N: Numeric, const LENGTH: usize> AsColumn for [N; LENGTH] {
    fn as_column(&self) -> Result<Vec<f64>> {
        self.as_slice().as_column()
    }
}

impl<N: Numeric> AsColumn for Vec<N> {
    fn as_column(&self) -> Result<Vec<f64>> {
        self.as_slice().as_column()
    }
}

impl<V: AsColumn + ?Sized> AsColumn for &V {
    fn as_column(&self) -> Result<Vec<f64>> {
        (**self).as_column()
    }

    fn as_outputs(&self) -> Result<DMatrix<f64>> {
        (**self).as_outputs()
    }
}

impl<N: Numeric, R: Dim, C: Dim, S: RawStorage<N, R, C>> AsColumn for Matrix<N, R, C, S> {
    fn as_column(&self) -> Result<Vec<f64>> {
        let (rows, columns) = self.shape();
        if rows != 1 && columns != 1 {
            return Err(Error::argument(
                "as_column",
                "shape",
                format!("{rows} × {columns}"),
                "one column, with a number for each sample; take a column, or the classes with to_classes(…)",
            ));
        }
        // Element by element, which is right for views of any stride.
        let mut column = Vec::with_capacity(rows * columns);
        for i in 0..rows {
            for j in 0..columns {
                column.push(self[(i, j)].to_f64());
            }
        }
        Ok(column)
    }

    fn as_outputs(&self) -> Result<DMatrix<f64>> {
        let (rows, columns) = self.shape();
        Ok(match R::try_to_usize() {
            Some(1) => DMatrix::from_fn(columns, 1, |i, _| self[(0, i)].to_f64()),
            _ => DMatrix::from_fn(rows, columns, |i, j| self[(i, j)].to_f64()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use nalgebra::RowDVector;

    #[test]
    fn every_usual_form_gives_its_numbers() {
        let expected = vec![1.0, 0.0];
        assert_eq!([true, false].as_column().unwrap(), expected);
        assert_eq!(vec![1_u8, 0].as_column().unwrap(), expected);
        assert_eq!([1.0_f32, 0.0][..].as_column().unwrap(), expected);
        assert_eq!(RowDVector::from_vec(vec![1_i64, 0]).as_column().unwrap(), expected);
        let matrix = DMatrix::from_row_slice(3, 2, &[1.0, 5.0, 7.0, 6.0, 0.0, 7.0]);
        assert_eq!(matrix.view_with_steps((0, 0), (2, 1), (1, 0)).as_column().unwrap(), expected);
        assert!(matches!(matrix.as_column(), Err(Error::Argument { .. })));
    }

    #[test]
    fn a_matrix_has_outputs_and_a_row_vector_samples() {
        let matrix = DMatrix::from_row_slice(1, 2, &[1.0_f32, 5.0]);
        assert_eq!(matrix.as_outputs().unwrap(), DMatrix::from_row_slice(1, 2, &[1.0, 5.0]));
        assert_eq!(matrix.as_outputs().unwrap().shape(), (1, 2));
        assert_eq!(RowDVector::from_vec(vec![1_i64, 0]).as_outputs().unwrap().shape(), (2, 1));
        assert_eq!([true, false].as_outputs().unwrap().shape(), (2, 1));
    }
}
