//! Matrices by their memory.

/// A matrix by its memory: element `(i, j)` is at `i·row_stride + j·column_stride`.
#[derive(Clone, Copy)]
pub(crate) struct StridedMatrix<'a, T> {
    pub(crate) data: &'a [T],
    pub(crate) row_stride: usize,
    pub(crate) column_stride: usize,
}

impl<T> StridedMatrix<'_, T> {
    /// Whether every element of a rows × columns matrix is within the memory.
    pub(super) fn holds(&self, rows: usize, columns: usize) -> bool {
        rows == 0 || columns == 0 || (rows - 1) * self.row_stride + (columns - 1) * self.column_stride < self.data.len()
    }
}
