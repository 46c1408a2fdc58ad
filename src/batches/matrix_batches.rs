use super::{BatchSource, Block, RowShape};
use crate::as_matrix::AsMatrix;
use crate::kernels::strided_view::StridedView;
use crate::random::{Purpose, shuffle, stream};
use crate::{Result, Scalar};

/// Matrices in memory as a [`BatchSource`].
///
/// ```
/// use nalgebra::DMatrix;
/// use perceptra::batches::MatrixBatches;
/// use perceptra::prelude::*;
///
/// let x = DMatrix::from_fn(100, 2, |i, j| ((i * (j + 3)) % 7) as f32);
/// let y = x.columns(0, 1).map(|v| f32::from(u8::from(v > 3.0)));
/// let model = || Sequential::new().add(Dense::new(1, Sigmoid)).seed(1).compile("adam", "bce", ());
/// let fit = || Fit::new().epochs(2).shuffle(false).verbose(0);
///
/// let (mut whole, mut blocks) = (model(), model());
/// whole.fit(&x, &y, fit())?;
/// blocks.fit_batches(&mut MatrixBatches::new(&x, &y).block_rows(17), fit())?;
/// assert_eq!(whole.predict(&x)?, blocks.predict(&x)?);
/// # Ok::<(), perceptra::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct MatrixBatches<'a, T: Scalar = f32> {
    x: StridedView<'a, T>,
    y: StridedView<'a, T>,
    weights: Option<&'a [T]>,
    block_rows: usize,
    /// The blocks that a pass still has to return, the next one last.
    left: Vec<usize>,
}

impl<'a, T: Scalar> MatrixBatches<'a, T> {
    /// Creates a source of samples and their targets, in blocks of 1024 rows. For rows that are only predicted, pass a matrix of
    /// targets without columns.
    pub fn new(x: &'a impl AsMatrix<T>, y: &'a impl AsMatrix<T>) -> Self {
        let (x, y) = (StridedView::new(x.as_matrix()), StridedView::new(y.as_matrix()));
        MatrixBatches { x, y, weights: None, block_rows: 1024, left: Vec::new() }
    }

    /// Sets one weight for each row, by which its loss is multiplied.
    #[must_use]
    pub fn weights(mut self, weights: &'a [T]) -> Self {
        self.weights = Some(weights);
        self
    }

    /// The number of rows of a block; 0 is taken as 1. Defaults to 1024.
    #[must_use]
    pub fn block_rows(mut self, rows: usize) -> Self {
        self.block_rows = rows.max(1);
        self
    }
}

impl<T: Scalar> BatchSource<T> for MatrixBatches<'_, T> {
    fn shape(&self) -> RowShape {
        RowShape::new(self.x.columns, self.y.columns).weighted(self.weights.is_some())
    }

    fn rows(&self) -> Option<usize> {
        Some(self.x.rows)
    }

    fn rewind(&mut self) -> Result<()> {
        self.left = (0..self.x.rows.div_ceil(self.block_rows)).rev().collect();
        Ok(())
    }

    fn rewind_shuffled(&mut self, seed: u64) -> Result<()> {
        self.rewind()?;
        shuffle(&mut self.left, &mut stream(seed, Purpose::BlockOrder, 0));
        Ok(())
    }

    fn next_block(&mut self, block: &mut Block<T>) -> Result<bool> {
        let Some(index) = self.left.pop() else { return Ok(false) };
        // The numbers of rows differ, for which the block returns an error.
        if self.y.columns > 0 && self.y.rows != self.x.rows || self.weights.is_some_and(|all| all.len() != self.x.rows)
        {
            return block.push_views(self.x, self.y, self.weights).map(|()| true);
        }
        let start = index * self.block_rows;
        let rows = (self.x.rows - start).min(self.block_rows);
        let y = if self.y.columns == 0 { self.y } else { self.y.skip_rows(start, rows) };
        block.push_views(self.x.skip_rows(start, rows), y, self.weights.map(|all| &all[start..start + rows]))?;
        Ok(true)
    }
}
