//! A batch of samples as layers, activations, losses and metrics see it.

use crate::Scalar;
use crate::kernels::{LANES, aligned::Aligned, padded};
use crate::memory::OutOfMemory;
use nalgebra::{DMatrix, DMatrixView, Dyn, U1};

/// The elements that this many columns take in memory; the values of a single sample are contiguous and padded to the
/// end of a vector.
pub(crate) fn extent(columns: usize, stride: usize) -> usize {
    (columns * stride).next_multiple_of(LANES)
}

/// A borrowed batch: samples × columns, each column contiguous.
///
/// Columns are stored one after another, each padded to whole vectors, so that vector instructions can work on whole
/// vectors of samples. [`column`](Batch::column) and [`view`](Batch::view) show only the samples.
///
/// ```
/// use perceptra::dmatrix;
/// use perceptra::BatchBuffer;
///
/// let buffer = BatchBuffer::from_matrix(&dmatrix![1.0, 2.0; 3.0, 4.0; 5.0, 6.0f32]);
/// let batch = buffer.batch();
/// assert_eq!(batch.shape(), (3, 2));
/// assert_eq!(batch.column(1), [2.0, 4.0, 6.0]);
/// assert_eq!(batch.view().row_sum(), dmatrix![9.0, 12.0]);
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Batch<'a, T> {
    data: &'a [T],
    rows: usize,
    columns: usize,
    stride: usize,
}

impl<'a, T: Scalar> Batch<'a, T> {
    pub(crate) fn new(data: &'a [T], rows: usize, columns: usize, stride: usize) -> Self {
        let data = &data[..extent(columns, stride)];
        Batch { data, rows, columns, stride }
    }

    /// The number of samples.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The number of values a sample has.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// Samples and columns.
    pub fn shape(&self) -> (usize, usize) {
        (self.rows, self.columns)
    }

    /// One value of every sample.
    pub fn column(&self, column: usize) -> &'a [T] {
        &self.data[column * self.stride..][..self.rows]
    }

    /// The batch as an nalgebra matrix of samples × columns.
    pub fn view(&self) -> DMatrixView<'a, T, U1, Dyn> {
        DMatrixView::from_slice_with_strides_generic(self.data, Dyn(self.rows), Dyn(self.columns), U1, Dyn(self.stride))
    }

    /// The value of one sample in one column.
    pub fn at(&self, row: usize, column: usize) -> T {
        self.column(column)[row]
    }

    /// All columns with their padding, whose content may be anything.
    pub(crate) fn padded(&self) -> &'a [T] {
        self.data
    }

    pub(crate) fn stride(&self) -> usize {
        self.stride
    }
}

/// A batch that can be written: samples × columns, each column contiguous. See [`Batch`].
#[derive(Debug)]
pub struct BatchMut<'a, T> {
    data: &'a mut [T],
    rows: usize,
    columns: usize,
    stride: usize,
}

impl<'a, T: Scalar> BatchMut<'a, T> {
    pub(crate) fn new(data: &'a mut [T], rows: usize, columns: usize, stride: usize) -> Self {
        let data = &mut data[..extent(columns, stride)];
        BatchMut { data, rows, columns, stride }
    }

    /// The number of samples.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The number of values a sample has.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// Samples and columns.
    pub fn shape(&self) -> (usize, usize) {
        (self.rows, self.columns)
    }

    /// One value of every sample.
    pub fn column_mut(&mut self, column: usize) -> &mut [T] {
        &mut self.data[column * self.stride..][..self.rows]
    }

    pub(crate) fn stride(&self) -> usize {
        self.stride
    }

    /// The batch for reading.
    pub fn as_batch(&self) -> Batch<'_, T> {
        Batch { data: self.data, rows: self.rows, columns: self.columns, stride: self.stride }
    }

    /// The batch for writing, for a shorter time.
    pub fn reborrow(&mut self) -> BatchMut<'_, T> {
        BatchMut { data: self.data, rows: self.rows, columns: self.columns, stride: self.stride }
    }

    /// Sets every value to `function` of the value in the same place of `from`, which has the same shape.
    pub fn map_from(&mut self, from: Batch<'_, T>, mut function: impl FnMut(T) -> T) {
        for column in 0..self.columns.min(from.columns) {
            for (to, &value) in self.column_mut(column).iter_mut().zip(from.column(column)) {
                *to = function(value);
            }
        }
    }

    /// Copies all values of `from`, which has the same shape.
    pub fn copy_from(&mut self, from: Batch<'_, T>) {
        self.map_from(from, |value| value);
    }

    /// All columns with their padding, whose content may be anything.
    pub(crate) fn padded(&mut self) -> &mut [T] {
        self.data
    }

    /// Zeros the padding after the last sample of every column: sums over whole vectors then count samples only.
    pub(crate) fn clear_padding(&mut self) {
        if self.rows < self.stride {
            for column in self.data.chunks_mut(self.stride) {
                column[self.rows..].fill(T::zero());
            }
        }
    }
}

/// An owned batch.
#[derive(Debug, Clone)]
pub struct BatchBuffer<T> {
    data: Aligned<T>,
    rows: usize,
    columns: usize,
    stride: usize,
}

impl<T: Scalar> BatchBuffer<T> {
    /// A batch of zeros.
    pub fn zeros(rows: usize, columns: usize) -> Self {
        let stride = padded(rows);
        BatchBuffer { data: Aligned::zeros(stride * columns), rows, columns, stride }
    }

    /// A batch of zeros of a size that an argument decides.
    pub(crate) fn try_zeros(rows: usize, columns: usize) -> Result<Self, OutOfMemory> {
        let stride = padded(rows);
        Ok(BatchBuffer { data: Aligned::try_zeros(&[stride, columns])?, rows, columns, stride })
    }

    /// A copy of a matrix.
    pub fn from_matrix(matrix: &DMatrix<T>) -> Self {
        let mut buffer = Self::zeros(matrix.nrows(), matrix.ncols());
        for (column, values) in matrix.column_iter().enumerate() {
            buffer.batch_mut().column_mut(column).copy_from_slice(values.as_slice());
        }
        buffer
    }

    /// A copy as a matrix.
    pub fn to_matrix(&self) -> DMatrix<T> {
        self.batch().view().into_owned()
    }

    /// The batch for reading.
    pub fn batch(&self) -> Batch<'_, T> {
        Batch::new(&self.data, self.rows, self.columns, self.stride)
    }

    /// The batch for writing.
    pub fn batch_mut(&mut self) -> BatchMut<'_, T> {
        BatchMut::new(&mut self.data, self.rows, self.columns, self.stride)
    }

    /// Sets the number of samples, at most that at first, without touching the memory.
    pub(crate) fn set_rows(&mut self, rows: usize) {
        debug_assert!(padded(rows) * self.columns <= self.data.len());
        self.rows = rows;
        self.stride = padded(rows);
    }
}
