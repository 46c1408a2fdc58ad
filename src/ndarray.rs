//! Matrices of the crate ndarray: [`matrix()`] and [`column()`] make of them what [`fit`](crate::models::Model::fit) and
//! [`predict`](crate::models::Model::predict) take, [`into_array`] and [`view`] the way back.
//!
//! ```
//! use perceptra::models::AsMatrix;
//! use perceptra::ndarray::{ndarray::array, into_array, matrix};
//!
//! let x = array![[1.0, 2.0], [3.0, 4.0], [5.0, 6.0f32]];
//! let x = matrix(&x);
//! assert!(x.is_view());
//! assert_eq!(x.as_matrix()[(1, 0)], 3.0);
//! assert_eq!(into_array(x.into_owned()), array![[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]);
//! ```

use ::ndarray::{Array2, ArrayBase, ArrayView2, Data, Ix1, Ix2, ShapeBuilder};
use nalgebra::{DMatrix, DMatrixView, Dyn};

use crate::Scalar;
use crate::as_matrix::AsMatrix;

/// The crate of the version that matrices come from.
pub use ::ndarray;

/// A matrix of ndarray as [`AsMatrix`]: a view of its memory where that is without gaps, otherwise a copy.
#[derive(Debug, Clone)]
pub struct ArrayMatrix<'a, T: Scalar>(Memory<'a, T>);

#[derive(Debug, Clone)]
enum Memory<'a, T: Scalar> {
    View(DMatrixView<'a, T, Dyn, Dyn>),
    Copy(DMatrix<T>),
}

impl<T: Scalar> ArrayMatrix<'_, T> {
    /// Whether nothing was copied.
    pub fn is_view(&self) -> bool {
        matches!(self.0, Memory::View(_))
    }

    /// The values as a matrix of nalgebra.
    pub fn into_owned(self) -> DMatrix<T> {
        match self.0 {
            Memory::View(view) => view.into_owned(),
            Memory::Copy(matrix) => matrix,
        }
    }
}

impl<T: Scalar> AsMatrix<T> for ArrayMatrix<'_, T> {
    fn as_matrix(&self) -> DMatrixView<'_, T, Dyn, Dyn> {
        match &self.0 {
            Memory::View(view) => view.as_view(),
            Memory::Copy(matrix) => matrix.as_matrix(),
        }
    }
}

/// A matrix of ndarray, samples × features, or a view of one.
///
/// Nothing is copied if its values are one after another in memory in any order of rows and columns, as they are by default, in Fortran's order,
/// and transposed. Others, such as every second row or a part of the columns, are copied once.
pub fn matrix<T: Scalar, S: Data<Elem = T>>(array: &ArrayBase<S, Ix2>) -> ArrayMatrix<'_, T> {
    let (rows, columns) = array.dim();
    let strides = array.strides().iter().map(|&stride| usize::try_from(stride)).collect::<Result<Vec<_>, _>>();
    if let (Some(values), Ok(strides)) = (array.as_slice_memory_order(), strides)
        && let [row, column] = strides[..]
        && !values.is_empty()
    {
        // The stride of a single row or column is any number, even 0, with which nalgebra's iterators do not work.
        let row = if rows == 1 { 1 } else { row };
        let column = if columns == 1 { rows * row } else { column };
        return ArrayMatrix(Memory::View(DMatrixView::from_slice_with_strides_generic(
            values,
            Dyn(rows),
            Dyn(columns),
            Dyn(row),
            Dyn(column),
        )));
    }
    ArrayMatrix(Memory::Copy(DMatrix::from_fn(rows, columns, |row, column| array[(row, column)])))
}

/// A vector of ndarray as one column, for targets.
///
/// ```
/// use perceptra::models::AsMatrix;
/// use perceptra::ndarray::{column, ndarray::array};
///
/// let y = array![0.0, 1.0, 1.0f64];
/// assert_eq!(column(&y).as_matrix().shape(), (3, 1));
/// ```
pub fn column<T: Scalar, S: Data<Elem = T>>(array: &ArrayBase<S, Ix1>) -> ArrayMatrix<'_, T> {
    match array.as_slice() {
        Some(values) if !values.is_empty() => ArrayMatrix(Memory::View(DMatrixView::from_slice_with_strides_generic(
            values,
            Dyn(values.len()),
            Dyn(1),
            Dyn(1),
            Dyn(values.len()),
        ))),
        _ => ArrayMatrix(Memory::Copy(DMatrix::from_iterator(array.len(), 1, array.iter().copied()))),
    }
}

/// A matrix, such as predictions, as one of ndarray in Fortran's order; nothing is copied.
pub fn into_array<T: Scalar>(matrix: DMatrix<T>) -> Array2<T> {
    let (rows, columns) = matrix.shape();
    let values: Vec<T> = matrix.data.into();
    Array2::from_shape_vec((rows, columns).f(), values).unwrap_or_else(|_| Array2::from_elem((0, 0), T::zero()))
}

/// A view of a matrix, such as predictions, for ndarray; nothing is copied.
///
/// ```
/// use perceptra::dmatrix;
///
/// let predictions = dmatrix![0.25, 0.75; 0.5, 0.5];
/// let view = perceptra::ndarray::view(&predictions);
/// assert_eq!((view.dim(), view[[0, 1]]), ((2, 2), 0.75));
/// ```
pub fn view<T: Scalar>(matrix: &DMatrix<T>) -> ArrayView2<'_, T> {
    let (rows, columns) = matrix.shape();
    // A matrix of nalgebra is its values column by column.
    let columns_in_memory = ArrayView2::from_shape((columns, rows), matrix.as_slice());
    let mut view = columns_in_memory.unwrap_or_else(|_| ArrayView2::from(&[] as &[[T; 0]]));
    view.swap_axes(0, 1);
    view
}

#[cfg(test)]
mod tests {
    use super::*;
    use ::ndarray::{Array1, s};

    fn values() -> Array2<f64> {
        Array2::from_shape_fn((4, 3), |(row, column)| (10 * row + column) as f64)
    }

    /// Checks that the values are the same at the same places, and whether they were copied.
    fn assert_read<S: Data<Elem = f64>>(array: &ArrayBase<S, Ix2>, is_view: bool) {
        let matrix = matrix(array);
        assert_eq!(matrix.is_view(), is_view);
        assert_eq!(matrix.as_matrix().shape(), array.dim());
        assert!(array.indexed_iter().all(|(place, value)| matrix.as_matrix()[place] == *value));
        assert_eq!(into_array(matrix.into_owned()), array.to_owned());
    }

    #[test]
    fn layouts_without_gaps_are_not_copied() {
        let c = values();
        let mut fortran = Array2::zeros((4, 3).f());
        fortran.assign(&c);
        assert_read(&c, true);
        assert_read(&fortran, true);
        assert_read(&c.t(), true);
        assert_read(&c.slice(s![1..3, ..]), true);
        assert_read(&fortran.slice(s![.., 1..]), true);
        assert_read(&c.slice(s![2..3, ..]), true);
        assert_read(&c.slice(s![3..4, 2..3]), true);
        assert_read(&fortran.slice(s![.., 2..3]), true);
        assert_read(&c.t().slice(s![.., 1..2]), true);
        for gaps in [c.slice(s![.., ..2]), c.slice(s![..;2, ..]), c.slice(s![..;-1, ..])] {
            assert_read(&gaps, false);
        }
        assert_read(&c.slice(s![..0, ..]), false);
        assert_read(&c.slice(s![.., ..1]).broadcast((4, 3)).unwrap(), false);
        assert_eq!(view(&matrix(&c).into_owned()), c);
        assert_eq!(view(&DMatrix::<f32>::zeros(0, 3)).dim(), (0, 3));
        assert_eq!(into_array(DMatrix::<f32>::zeros(3, 0)).dim(), (3, 0));
    }

    #[test]
    fn vectors_are_one_column() {
        let y = Array1::from(vec![0.0, 1.0, 2.0, 3.0]);
        assert!(column(&y).is_view());
        assert_eq!(column(&y).into_owned().as_slice(), [0.0, 1.0, 2.0, 3.0]);
        let every_second = y.slice(s![..;2]);
        assert!(!column(&every_second).is_view());
        assert_eq!(column(&every_second).into_owned().as_slice(), [0.0, 2.0]);
    }
}
