//! A borrowed matrix of any layout, as a slice with two strides.

use super::prefetch::prefetch;
use crate::Scalar;
use nalgebra::{DMatrixView, Dyn};
use std::ops::Range;

/// A strided view of the caller's matrix, samples × features: element `(i, j)` is `data[i·row_stride + j·column_stride]`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct StridedView<'a, T> {
    data: &'a [T],
    pub(crate) rows: usize,
    pub(crate) columns: usize,
    row_stride: usize,
    column_stride: usize,
}

impl<'a, T: Scalar> StridedView<'a, T> {
    /// The memory that a view borrows.
    ///
    /// Arithmetic on nalgebra views whose row stride is not 1 reads out of bounds (nalgebra 0.35), so views
    /// are never computed with: only their memory is read, element by element.
    pub(crate) fn new(view: DMatrixView<'a, T, Dyn, Dyn>) -> Self {
        let (rows, columns) = view.shape();
        let (row_stride, column_stride) = view.strides();
        let length = match (rows, columns) {
            (0, _) | (_, 0) => 0,
            _ => (rows - 1) * row_stride + (columns - 1) * column_stride + 1,
        };
        // SAFETY: a view's first and last element and all between them are in one borrowed storage for `'a`.
        let data = unsafe { std::slice::from_raw_parts(view.as_ptr(), length) };
        StridedView { data, rows, columns, row_stride, column_stride }
    }

    /// One column.
    pub(crate) fn of_column(data: &'a [T]) -> Self {
        StridedView { data, rows: data.len(), columns: 1, row_stride: 1, column_stride: data.len() }
    }

    /// Some columns of records that are `stride` apart.
    pub(crate) fn of_records(data: &'a [T], rows: usize, stride: usize, columns: Range<usize>) -> Self {
        let count = columns.len();
        let length = if rows == 0 || count == 0 { 0 } else { (rows - 1) * stride + count };
        let start = if length == 0 { 0 } else { columns.start };
        StridedView { data: &data[start..start + length], rows, columns: count, row_stride: stride, column_stride: 1 }
    }

    /// The view as a nalgebra matrix view.
    pub(crate) fn matrix(&self) -> DMatrixView<'a, T, Dyn, Dyn> {
        let (strides, shape) = ((Dyn(self.row_stride), Dyn(self.column_stride)), (Dyn(self.rows), Dyn(self.columns)));
        DMatrixView::from_slice_with_strides_generic(self.data, shape.0, shape.1, strides.0, strides.1)
    }

    /// The element in a row and a column.
    pub(crate) fn at(&self, row: usize, column: usize) -> T {
        self.data[row * self.row_stride + column * self.column_stride]
    }

    /// A column as a slice, where it is contiguous.
    pub(crate) fn column(&self, column: usize) -> Option<&'a [T]> {
        let first = column * self.column_stride;
        (self.row_stride == 1).then(|| &self.data[first..first + self.rows])
    }

    /// The first row as a slice, where it is contiguous.
    pub(crate) fn first_row(&self) -> Option<&'a [T]> {
        (self.column_stride == 1).then(|| &self.data[..self.columns])
    }

    /// The rows from `start` on.
    pub(crate) fn skip_rows(&self, start: usize, count: usize) -> Self {
        if count == 0 || self.columns == 0 {
            return StridedView { data: &[], rows: count, ..*self };
        }
        let first = start * self.row_stride;
        let length = (count - 1) * self.row_stride + (self.columns - 1) * self.column_stride + 1;
        StridedView { data: &self.data[first..first + length], rows: count, ..*self }
    }

    /// The columns from `first` on.
    #[inline]
    pub(crate) fn columns_of(&self, first: usize, count: usize) -> Self {
        if count == self.columns {
            return *self;
        }
        if count == 0 || self.rows == 0 {
            return StridedView { data: &[], columns: count, ..*self };
        }
        let start = first * self.column_stride;
        let length = (self.rows - 1) * self.row_stride + (count - 1) * self.column_stride + 1;
        StridedView { data: &self.data[start..start + length], columns: count, ..*self }
    }

    /// The first value that is NaN or infinite, by row and column.
    pub(crate) fn first_not_finite(&self) -> Option<(usize, usize, f64)> {
        // One pass in memory order finds whether there is any; only then is its position searched. This does not pay for a view of a few
        // rows of a large matrix, since the pass would read the whole matrix.
        let is_compact = self.data.len() / 4 <= self.rows * self.columns;
        if is_compact && crate::kernels::sums::all_finite(self.data) {
            return None;
        }
        (0..self.rows)
            .flat_map(|row| (0..self.columns).map(move |column| (row, column)))
            .map(|(row, column)| (row, column, self.at(row, column).to_f64()))
            .find(|(_, _, value)| !value.is_finite())
    }

    /// Copies the rows to the positions `first`, `first + stride`, `first + 2·stride`, ….
    pub(crate) fn write_rows(&self, to: &mut [T], first: usize, stride: usize) {
        // With blocks of rows, the cache lines of every column stay in the cache while the block is written.
        const BLOCK: usize = 64;
        if self.column_stride == 1 && self.columns > 0 {
            for row in 0..self.rows {
                let from = &self.data[row * self.row_stride..][..self.columns];
                to[first + row * stride..][..self.columns].copy_from_slice(from);
            }
            return;
        }
        for start in (0..self.rows).step_by(BLOCK) {
            let block = start..(start + BLOCK).min(self.rows);
            let mut column = 0;
            // Four columns at a time, so that a line of a record is written to less often.
            while let (1, true) = (self.row_stride, column + 4 <= self.columns) {
                let part = |i: usize| &self.data[(column + i) * self.column_stride..][block.clone()];
                let [a, b, c, d] = [part(0), part(1), part(2), part(3)];
                let records = to[first + start * stride + column..].chunks_mut(stride);
                for ((((record, &a), &b), &c), &d) in records.zip(a).zip(b).zip(c).zip(d) {
                    record[..4].copy_from_slice(&[a, b, c, d]);
                }
                column += 4;
            }
            for column in column..self.columns {
                for row in block.clone() {
                    to[first + row * stride + column] = self.at(row, column);
                }
            }
        }
    }

    /// Copies rows to records that are `stride` apart, beginning at element `first` of each record; a pair is a row and a record.
    pub(crate) fn write_picked(&self, picked: &[(u32, u32)], to: &mut [T], first: usize, stride: usize) {
        if self.columns == 0 {
            return;
        }
        let last = (self.rows.max(1) - 1) * self.row_stride + (self.columns - 1) * self.column_stride;
        assert!(first + self.columns <= stride && (self.rows == 0 || self.data.len() > last));
        for &(row, record) in picked {
            assert!((row as usize) < self.rows && (record as usize + 1) * stride <= to.len());
            prefetch(to, record as usize * stride + first, self.columns);
        }
        let to = to.as_mut_ptr().wrapping_add(first);
        // SAFETY: every row and record was checked, and the columns come before the end of both.
        unsafe {
            let mut column = 0;
            while column < self.columns {
                if self.columns < 4 {
                    self.copy_columns::<1>(picked, column, to, stride);
                    column += 1;
                } else {
                    // The last four columns may overlap the previous ones, which are then copied again.
                    self.copy_columns::<4>(picked, column.min(self.columns - 4), to, stride);
                    column += 4;
                }
            }
        }
    }

    /// Copies `N` columns from `column` on to the same columns of records.
    ///
    /// # Safety
    ///
    /// The rows are in the matrix, the columns too, and the records in what `to` points at.
    unsafe fn copy_columns<const N: usize>(&self, picked: &[(u32, u32)], column: usize, to: *mut T, stride: usize) {
        let from: [*const T; N] =
            std::array::from_fn(|n| self.data.as_ptr().wrapping_add((column + n) * self.column_stride));
        for &(row, record) in picked {
            // SAFETY: by the contract of this function.
            unsafe {
                let values = from.map(|from| *from.add(row as usize * self.row_stride));
                to.add(record as usize * stride + column).cast::<[T; N]>().write(values);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use nalgebra::DMatrix;

    #[test]
    fn picked_rows_arrive_at_their_records_and_nowhere_else() {
        let picked = [(4, 0), (0, 2), (6, 1)];
        for columns in 1..=9 {
            let matrix = DMatrix::from_fn(7, columns, |row, column| (10 * row + column) as f32);
            let transposed = matrix.transpose();
            let (by_column, all) = (StridedView::new(matrix.as_view()), transposed.as_slice());
            let by_row = StridedView::of_records(all, 7, columns, 0..columns);
            for view in [by_column, by_row] {
                let (stride, first) = (columns + 2, 1);
                let mut to = vec![-1.0; 3 * stride];
                view.write_picked(&picked, &mut to, first, stride);
                let mut wanted = vec![-1.0; 3 * stride];
                for (row, record) in picked {
                    for column in 0..columns {
                        wanted[record as usize * stride + first + column] = matrix[(row as usize, column)];
                    }
                }
                assert_eq!(to, wanted, "{columns} columns");
            }
        }
    }

    #[test]
    #[should_panic(expected = "self.rows")]
    fn a_row_that_is_not_there_is_not_picked() {
        StridedView::of_column(&[1.0f32, 2.0]).write_picked(&[(2, 0)], &mut [0.0; 4], 0, 2);
    }

    #[test]
    #[should_panic(expected = "to.len()")]
    fn a_record_that_is_not_there_is_not_written() {
        StridedView::of_column(&[1.0f32, 2.0]).write_picked(&[(1, 2)], &mut [0.0; 4], 0, 2);
    }
}
