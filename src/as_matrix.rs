use crate::error::counted;
use crate::{Error, Result, Scalar};
use nalgebra::{DMatrix, DMatrixView, Dim, Dyn, Matrix, RawStorage};

/// Anything that can be read as a matrix with samples in rows: every nalgebra matrix, vector or view.
///
/// Any memory layout is accepted: owned matrices, views of a part, every second row, transposed memory.
/// Slices become matrices by [`from_rows`] and [`row_major`].
///
/// ```
/// use perceptra::dmatrix;
/// use perceptra::models::AsMatrix;
///
/// let x = dmatrix![1.0, 2.0, 3.0; 4.0, 5.0, 6.0f32];
/// assert_eq!(x.columns(1, 2).as_matrix()[(1, 0)], 5.0);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a matrix of `{T}`",
    label = "not a nalgebra matrix, vector or view of `{T}`",
    note = "rows in slices become a matrix by `perceptra::models::from_rows`, a flat slice by `perceptra::models::row_major`; \
            the element type is that of the model"
)]
pub trait AsMatrix<T: Scalar> {
    /// Borrows the matrix as a view whose strides are known at run time.
    fn as_matrix(&self) -> DMatrixView<'_, T, Dyn, Dyn>;
}

impl<T: Scalar, R: Dim, C: Dim, S: RawStorage<T, R, C>> AsMatrix<T> for Matrix<T, R, C, S> {
    fn as_matrix(&self) -> DMatrixView<'_, T, Dyn, Dyn> {
        self.view_with_steps((0, 0), self.shape(), (0, 0))
    }
}

/// A slice of samples one after another, seen as a matrix of `columns` features; nothing is copied.
///
/// ```
/// use perceptra::models::row_major;
///
/// let x = row_major(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0f32], 3)?;
/// assert_eq!((x.shape(), x[(1, 0)]), ((2, 3), 4.0));
/// # Ok::<(), perceptra::Error>(())
/// ```
///
/// # Errors
///
/// [`Error::Argument`] if the length is not a multiple of `columns`.
pub fn row_major<T: Scalar>(data: &[T], columns: usize) -> Result<DMatrixView<'_, T, Dyn, Dyn>> {
    if columns == 0 || !data.len().is_multiple_of(columns) {
        return Err(Error::argument(
            "row_major",
            "columns",
            columns,
            format!("a divisor of the number of values, {}", data.len()),
        ));
    }
    let rows = data.len() / columns;
    Ok(DMatrixView::from_slice_with_strides_generic(data, Dyn(rows), Dyn(columns), Dyn(columns), Dyn(1)))
}

/// A matrix from samples that are slices, arrays or vectors of one length.
///
/// ```
/// use perceptra::models::from_rows;
///
/// let x = from_rows(&vec![vec![1.0, 2.0], vec![3.0, 4.0f32]])?;
/// assert_eq!(x[(1, 0)], 3.0);
/// # Ok::<(), perceptra::Error>(())
/// ```
///
/// # Errors
///
/// [`Error::Argument`] names the first sample whose length differs.
pub fn from_rows<T: Scalar, R: AsRef<[T]>>(rows: &[R]) -> Result<DMatrix<T>> {
    let columns = rows.first().map_or(0, |row| row.as_ref().len());
    if let Some((i, row)) = rows.iter().enumerate().find(|(_, row)| row.as_ref().len() != columns) {
        return Err(Error::argument(
            "from_rows",
            "rows",
            format!("a sample of {} at row {i}", counted(row.as_ref().len(), "value")),
            format!("{} as in row 0", counted(columns, "value")),
        ));
    }
    Ok(DMatrix::from_fn(rows.len(), columns, |i, j| rows[i].as_ref()[j]))
}
