use crate::as_matrix::AsMatrix;
use crate::error::Place;
use crate::kernels::strided_view::StridedView;
use crate::{Error, Result, Scalar, memory};
use nalgebra::{DMatrixView, Dyn};
use std::sync::Arc;

/// The numbers of columns of the rows of a [`BatchSource`](super::BatchSource).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RowShape {
    /// The number of features of a row.
    pub inputs: usize,
    /// The number of targets of a row; 0 for rows that are only predicted.
    pub outputs: usize,
    /// Whether rows have a weight, by which their loss is multiplied.
    pub weighted: bool,
}

impl RowShape {
    /// The shape of rows without weights.
    pub fn new(inputs: usize, outputs: usize) -> RowShape {
        RowShape { inputs, outputs, weighted: false }
    }

    /// Whether rows have a weight. Defaults to false.
    #[must_use]
    pub fn weighted(mut self, weighted: bool) -> RowShape {
        self.weighted = weighted;
        self
    }

    /// The count of all numbers of a row.
    pub(crate) fn width(self) -> usize {
        self.inputs + self.outputs + usize::from(self.weighted)
    }
}

/// Rows that a [`BatchSource`](super::BatchSource) returns together: features, targets and, if the source has some, weights.
///
/// ```
/// use perceptra::batches::{Block, RowShape};
/// use perceptra::dmatrix;
///
/// let mut block = Block::new(RowShape::new(2, 1));
/// block.push(&[1.0, 2.0], &[0.0], 1.0)?;
/// block.push_matrices(&dmatrix![3.0, 4.0; 5.0, 6.0], &dmatrix![1.0; 0.0], None)?;
/// assert_eq!((block.rows(), block.x()[(2, 1)], block.y()[(1, 0)]), (3, 6.0, 1.0));
/// # Ok::<(), perceptra::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Block<T: Scalar = f32> {
    shape: RowShape,
    rows: usize,
    /// The values row by row: features, targets, weight.
    values: Vec<T>,
    /// The file that the rows come from, with their lines, or with the row group and their rows in the file.
    file: Arc<str>,
    row_group: Option<usize>,
    lines: Vec<u64>,
    /// Whether each row is for validation; empty unless the source decides that.
    held_out: Vec<bool>,
}

impl<T: Scalar> Block<T> {
    /// Creates a block without rows.
    pub fn new(shape: RowShape) -> Block<T> {
        Block {
            shape,
            rows: 0,
            values: Vec::new(),
            file: Arc::from(""),
            row_group: None,
            lines: Vec::new(),
            held_out: Vec::new(),
        }
    }

    /// The numbers of columns of the rows.
    pub fn shape(&self) -> RowShape {
        self.shape
    }

    /// The number of rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Removes the rows and keeps the allocated memory.
    pub fn clear(&mut self) {
        self.rows = 0;
        self.values.clear();
        self.lines.clear();
        self.held_out.clear();
    }

    /// The file of a row and its line or row in it, if the source stated them.
    pub fn place(&self, row: usize) -> Option<Place> {
        let (file, line) = (self.file.to_string(), *self.lines.get(row)?);
        Some(match self.row_group {
            Some(row_group) => Place::FileRow { file, row_group, row: usize::try_from(line).unwrap_or(usize::MAX) },
            None => Place::Line { file, line },
        })
    }

    /// Sets the file and the lines that the rows come from, for errors about a row.
    pub fn set_lines(&mut self, file: &Arc<str>, lines: &[u64]) {
        self.file = Arc::clone(file);
        self.row_group = None;
        self.lines.clear();
        self.lines.extend_from_slice(lines);
    }

    /// Sets for each row whether it is for validation. A fit with `validation_hash` then uses these rows instead of choosing them by
    /// the hash of their numbers.
    pub(crate) fn set_held_out(&mut self, held_out: Vec<bool>) {
        self.held_out = held_out;
    }

    /// Whether the source has marked a row as one for validation.
    pub(crate) fn is_held_out(&self, row: usize) -> bool {
        self.held_out.get(row).copied().unwrap_or(false)
    }

    /// Sets the row group and the rows, both counted from 0 in the file, that the rows come from, for errors about a row of a file
    /// without lines.
    pub fn set_file_rows(&mut self, file: &Arc<str>, row_group: usize, rows: impl IntoIterator<Item = u64>) {
        self.file = Arc::clone(file);
        self.row_group = Some(row_group);
        self.lines.clear();
        self.lines.extend(rows);
    }

    /// Adds the file and line to an error about a row, and counts the row over all blocks; `before` is the number of rows before this block.
    pub(crate) fn about_rows(&self, error: Error, before: usize) -> Error {
        let place = error.row().and_then(|row| self.place(row));
        let error = error.moved_down(before);
        match place {
            Some(place) => Error::InRow { place, source: Box::new(error) },
            None => error,
        }
    }

    /// Adds a row. `weight` is ignored unless the rows have weights.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] if the number of features or targets is not that of the [`shape`](Self::shape).
    pub fn push(&mut self, x: &[T], y: &[T], weight: T) -> Result<()> {
        self.check(x.len(), y.len())?;
        self.reserve(1)?;
        self.values.extend_from_slice(x);
        self.values.extend_from_slice(y);
        if self.shape.weighted {
            self.values.push(weight);
        }
        self.rows += 1;
        Ok(())
    }

    /// Adds the rows of matrices; without `weights` every row has the weight 1.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] if the number of columns is not that of the [`shape`](Self::shape), and for weights if the shape has
    /// none; [`Error::Rows`] if the matrices and weights differ in their numbers of rows.
    pub fn push_matrices(&mut self, x: &impl AsMatrix<T>, y: &impl AsMatrix<T>, weights: Option<&[T]>) -> Result<()> {
        self.push_views(StridedView::new(x.as_matrix()), StridedView::new(y.as_matrix()), weights)
    }

    pub(super) fn push_views(
        &mut self,
        x: StridedView<'_, T>,
        y: StridedView<'_, T>,
        weights: Option<&[T]>,
    ) -> Result<()> {
        self.check(x.columns, y.columns)?;
        // Rows that are only predicted may come without a matrix of targets.
        let others =
            [("y", if y.columns == 0 { x.rows } else { y.rows }), ("weights", weights.map_or(x.rows, <[T]>::len))];
        for (right, right_rows) in others {
            if right_rows != x.rows {
                return Err(Error::Rows { left: "x", left_rows: x.rows, right, right_rows });
            }
        }
        if weights.is_some() && !self.shape.weighted {
            return Err(Error::argument("Block", "weights", "given", "none for rows whose RowShape has no weights"));
        }
        self.reserve(x.rows)?;
        let (start, width) = (self.values.len(), self.shape.width());
        self.values.resize(start + x.rows * width, T::one());
        let values = &mut self.values[start..];
        x.write_rows(values, 0, width);
        y.write_rows(values, x.columns, width);
        if let Some(weights) = weights {
            StridedView::of_column(weights).write_rows(values, width - 1, width);
        }
        self.rows += x.rows;
        Ok(())
    }

    /// The features, one row each.
    pub fn x(&self) -> DMatrixView<'_, T, Dyn, Dyn> {
        self.columns(0, self.shape.inputs)
    }

    /// The targets, one row each.
    pub fn y(&self) -> DMatrixView<'_, T, Dyn, Dyn> {
        self.columns(self.shape.inputs, self.shape.outputs)
    }

    /// The weight of a row; 1 if the rows have none.
    ///
    /// # Panics
    ///
    /// If the row does not exist.
    pub fn weight(&self, row: usize) -> T {
        assert!(row < self.rows, "row {row} of a block of {}", self.rows);
        let width = self.shape.width();
        if self.shape.weighted { self.values[(row + 1) * width - 1] } else { T::one() }
    }

    fn columns(&self, first: usize, count: usize) -> DMatrixView<'_, T, Dyn, Dyn> {
        let values = if self.rows == 0 { &[][..] } else { &self.values[first..] };
        let width = self.shape.width();
        DMatrixView::from_slice_with_strides_generic(values, Dyn(self.rows), Dyn(count), Dyn(width), Dyn(1))
    }

    /// The numbers of all rows, row by row.
    pub(crate) fn values(&self) -> &[T] {
        &self.values
    }

    /// Adds rows by their numbers: features, targets and weight of each in turn.
    pub(crate) fn push_numbers(&mut self, numbers: &[f64]) -> Result<()> {
        let rows = numbers.len() / self.shape.width().max(1);
        self.reserve(rows)?;
        self.values.extend(numbers.iter().map(|number| T::of(*number)));
        self.rows += rows;
        Ok(())
    }

    /// Keeps the rows for which `keep` returns true; it is called with the numbers of a row and, if the source has stated it, whether the
    /// row is for validation.
    pub(crate) fn retain(&mut self, mut keep: impl FnMut(&[T], Option<bool>) -> bool) {
        let width = self.shape.width();
        if width == 0 {
            return;
        }
        let mut kept = 0;
        for row in 0..self.rows {
            let at = row * width;
            if keep(&self.values[at..at + width], self.held_out.get(row).copied()) {
                self.values.copy_within(at..at + width, kept * width);
                if row < self.lines.len() {
                    self.lines[kept] = self.lines[row];
                }
                kept += 1;
            }
        }
        self.values.truncate(kept * width);
        self.lines.truncate(kept);
        self.held_out.clear();
        self.rows = kept;
    }

    fn check(&self, inputs: usize, outputs: usize) -> Result<()> {
        let RowShape { inputs: expected, outputs: targets, .. } = self.shape;
        if (inputs, outputs) == (expected, targets) {
            return Ok(());
        }
        let found = format!("a row of {inputs} features and {outputs} targets");
        Err(Error::argument(
            "Block",
            "row",
            found,
            format!("{expected} and {targets}, as in the RowShape of its source"),
        ))
    }

    fn reserve(&mut self, rows: usize) -> Result<()> {
        let (length, width) = (self.values.len(), self.shape.width());
        if self.values.capacity() - length >= rows.saturating_mul(width) {
            return Ok(());
        }
        // The capacity is doubled, so that adding single rows does not copy all values each time.
        let wanted = memory::product::<T>(&[rows, width]).map(|more| more.max(length));
        let reserved = wanted.and_then(|more| {
            self.values.try_reserve_exact(more).or_else(|_| memory::with_capacity::<T>(&[length + more]).map(drop))
        });
        reserved.map_err(|lack| lack.error("Block", "its rows", "return smaller blocks from the source"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dmatrix;
    use nalgebra::DMatrix;

    #[test]
    fn rows_that_do_not_fit_are_errors() -> Result<()> {
        let mut block = Block::new(RowShape::new(2, 1).weighted(true));
        block.push(&[1.0, 2.0], &[3.0], 4.0)?;
        let x = dmatrix![5.0, 6.0; 7.0, 8.0];
        block.push_matrices(&x, &dmatrix![9.0; 10.0], Some(&[11.0, 12.0]))?;
        block.push_matrices(&x, &dmatrix![9.0; 10.0], None)?;
        assert_eq!([0, 1, 2, 3, 4].map(|row| block.weight(row)), [4.0, 11.0, 12.0, 1.0, 1.0]);
        assert_eq!(block.x().rows(1, 2), x);
        for error in [
            block.push(&[1.0], &[3.0], 4.0),
            block.push_matrices(&x, &x, None),
            block.push_matrices(&x, &dmatrix![9.0], None),
            block.push_matrices(&x, &dmatrix![9.0; 1.0], Some(&[1.0])),
            Block::new(RowShape::new(2, 1)).push_matrices(&x, &dmatrix![9.0; 1.0], Some(&[1.0, 2.0])),
        ] {
            assert!(matches!(error, Err(Error::Argument { .. } | Error::Rows { .. })), "{error:?}");
        }
        assert_eq!(block.rows(), 5);
        block.set_lines(&Arc::from("f.csv"), &[2, 3, 4, 7, 9]);
        block.set_held_out(vec![false, true, true, false, false]);
        block.retain(|row, held_out| row[0] == 5.0 && held_out.is_some());
        assert_eq!((block.rows(), block.weight(0), block.y()[(0, 0)]), (2, 11.0, 9.0));
        let place = |line| Some(Place::Line { file: "f.csv".into(), line });
        assert_eq!([0, 1, 2].map(|row| block.place(row)), [place(3), place(7), None]);
        block.set_file_rows(&Arc::from("f.parquet"), 1, [30, 31]);
        assert_eq!(block.place(1), Some(Place::FileRow { file: "f.parquet".into(), row_group: 1, row: 31 }));
        Ok(())
    }

    #[test]
    fn rows_without_targets_are_a_block() -> Result<()> {
        let mut block = Block::new(RowShape::new(1, 0));
        assert_eq!((block.x().shape(), block.y().shape()), ((0, 1), (0, 0)));
        block.push_matrices(&dmatrix![1.0; 2.0], &DMatrix::zeros(0, 0), None)?;
        assert_eq!((block.x()[(1, 0)], block.y().shape()), (2.0, (2, 0)));
        Ok(())
    }
}
