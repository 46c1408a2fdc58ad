//! Matrices and vectors written out.

use nalgebra::{DMatrix, DVector, Scalar};

/// A matrix written row by row: values are separated by commas, rows by semicolons.
///
/// The rows must be equally long, or the program does not compile. nalgebra's macro of this name gives the same matrix; this
/// one needs neither its feature `macros` nor a procedural macro.
///
/// ```
/// use perceptra::dmatrix;
///
/// let x = dmatrix![1.0, 2.0, 3.0; 4.0, 5.0, 6.0];
/// assert_eq!(x.shape(), (2, 3));
/// assert_eq!(x[(1, 0)], 4.0);
/// ```
#[macro_export]
macro_rules! dmatrix {
    ($($($value:expr),+);+ $(;)?) => {
        $crate::matrix_of_rows([$([$($value),+]),+])
    };
}

/// A column vector written out: `dvector![0.0, 1.0]`.
///
/// ```
/// use perceptra::dvector;
///
/// let y = dvector![0.0, 1.0, 1.0];
/// assert_eq!(y.len(), 3);
/// ```
#[macro_export]
macro_rules! dvector {
    ($($value:expr),* $(,)?) => {
        $crate::vector_of([$($value),*])
    };
}

/// The matrix of [`dmatrix!`](crate::dmatrix!).
#[doc(hidden)]
pub fn matrix_of_rows<T: Scalar, const ROWS: usize, const COLUMNS: usize>(rows: [[T; COLUMNS]; ROWS]) -> DMatrix<T> {
    DMatrix::from_row_slice(ROWS, COLUMNS, rows.as_flattened())
}

/// The vector of [`dvector!`](crate::dvector!).
#[doc(hidden)]
pub fn vector_of<T: Scalar, const LENGTH: usize>(values: [T; LENGTH]) -> DVector<T> {
    DVector::from_row_slice(&values)
}
