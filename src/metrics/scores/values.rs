//! Columns of numbers in any of their usual forms.

use nalgebra::{Dim, Matrix, RawStorage};

use crate::error::{Error, Result};

/// One number per sample: what the functions of this module take as labels, probabilities or scores.
///
/// It is implemented for slices, arrays and vectors of numbers and truth values, and for every nalgebra matrix or
/// view with one column or one row, so that a model's prediction of shape `(samples, 1)` goes in as it is. The
/// functions compute in `f64`.
///
/// ```
/// use nalgebra::{DMatrix, DVector};
/// use perceptra::metrics::accuracy_score;
///
/// let truth = DVector::from_vec(vec![0.0_f32, 1.0, 1.0]);
/// let predicted = DMatrix::from_row_slice(3, 1, &[0.0_f32, 1.0, 0.0]);
/// assert_eq!(accuracy_score(&truth, &predicted)?, 2.0 / 3.0);
/// assert_eq!(accuracy_score(&[true, false], &[1, 1])?, 0.5);
/// # Ok::<(), perceptra::Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not one number per sample",
    label = "not a slice, vector or matrix of numbers",
    note = "pass a slice, a `Vec`, or a nalgebra vector or matrix with one row or column, of numbers or truth values"
)]
pub trait Values {
    /// The numbers in the order of the samples.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] for a matrix with more than one column.
    fn values(&self) -> Result<Vec<f64>>;
}

/// A number or truth value that has an `f64`.
pub trait Number: Copy {
    /// The nearest `f64`; 1 for true and 0 for false.
    fn as_f64(self) -> f64;
}

macro_rules! number {
    ($($number:ty),*) => { $(
        impl Number for $number {
            fn as_f64(self) -> f64 {
                self as f64
            }
        }
    )* };
}
number!(f32, f64, u8, u16, u32, u64, usize, i8, i16, i32, i64, isize);

impl Number for bool {
    fn as_f64(self) -> f64 {
        f64::from(u8::from(self))
    }
}

impl<N: Number> Values for [N] {
    fn values(&self) -> Result<Vec<f64>> {
        Ok(self.iter().map(|value| value.as_f64()).collect())
    }
}

impl<N: Number, const LENGTH: usize> Values for [N; LENGTH] {
    fn values(&self) -> Result<Vec<f64>> {
        self.as_slice().values()
    }
}

impl<N: Number> Values for Vec<N> {
    fn values(&self) -> Result<Vec<f64>> {
        self.as_slice().values()
    }
}

impl<V: Values + ?Sized> Values for &V {
    fn values(&self) -> Result<Vec<f64>> {
        (**self).values()
    }
}

impl<N: Number, R: Dim, C: Dim, S: RawStorage<N, R, C>> Values for Matrix<N, R, C, S> {
    fn values(&self) -> Result<Vec<f64>> {
        let (rows, columns) = self.shape();
        if rows != 1 && columns != 1 {
            return Err(Error::argument(
                "metrics",
                "values",
                format!("a matrix of {rows} × {columns}"),
                "one number per sample, so one column; take a column, or the classes with to_classes(…)",
            ));
        }
        // Element by element, which is right for views of any stride.
        Ok((0..rows).flat_map(|i| (0..columns).map(move |j| (i, j))).map(|at| self[at].as_f64()).collect())
    }
}

/// Two columns that describe the same samples, of which there is at least one.
pub(super) fn paired<A, B>(truth: &A, predicted: &B, what: &'static str) -> Result<(Vec<f64>, Vec<f64>)>
where
    A: Values + ?Sized,
    B: Values + ?Sized,
{
    let (truth, predicted) = (truth.values()?, predicted.values()?);
    if truth.len() != predicted.len() {
        return Err(Error::Rows { left: "y_true", left_rows: truth.len(), right: what, right_rows: predicted.len() });
    }
    if truth.is_empty() {
        return Err(Error::Empty { what: "y_true".into(), advice: "pass at least one sample".into() });
    }
    Ok((truth, predicted))
}

#[cfg(test)]
mod tests {
    use nalgebra::{DMatrix, RowDVector};

    use super::*;

    #[test]
    fn every_usual_form_gives_its_numbers() {
        let expected = vec![1.0, 0.0];
        assert_eq!([true, false].values().unwrap(), expected);
        assert_eq!(vec![1_u8, 0].values().unwrap(), expected);
        assert_eq!([1.0_f32, 0.0][..].values().unwrap(), expected);
        assert_eq!(RowDVector::from_vec(vec![1_i64, 0]).values().unwrap(), expected);
        let matrix = DMatrix::from_row_slice(3, 2, &[1.0, 5.0, 7.0, 6.0, 0.0, 7.0]);
        assert_eq!(matrix.view_with_steps((0, 0), (2, 1), (1, 0)).values().unwrap(), expected);
        assert!(matches!(matrix.values(), Err(Error::Argument { .. })));
    }

    #[test]
    fn pairs_have_equal_lengths_and_a_sample() {
        assert!(matches!(paired(&[1], &[1, 2], "y_pred"), Err(Error::Rows { right: "y_pred", .. })));
        assert!(matches!(paired(&[0.0; 0], &[0.0; 0], "y_pred"), Err(Error::Empty { .. })));
    }
}
