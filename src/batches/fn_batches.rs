use super::{BatchSource, Block, RowShape};
use crate::{Result, Scalar};
use std::fmt;

/// A closure as a [`BatchSource`]: it receives the number of a block, counted from 0, and adds the rows of that block.
///
/// ```
/// use nalgebra::DMatrix;
/// use perceptra::batches::{FnBatches, RowShape};
/// use perceptra::prelude::*;
///
/// let mut rows = FnBatches::new(RowShape::new(2, 1), |index, block| {
///     if index == 10 {
///         return Ok(false); // the end
///     }
///     let x = DMatrix::from_fn(50, 2, |i, j| ((index * 50 + i * (j + 3)) % 7) as f32);
///     let y = x.column(0).map(|v| f32::from(u8::from(v > 3.0)));
///     block.push_matrices(&x, &y, None)?;
///     Ok(true)
/// });
/// let mut model = Sequential::new().add(Dense::new(1, Sigmoid)).compile("adam", "bce", ["accuracy"]);
/// let history = model.fit_batches(&mut rows, Fit::new().epochs(2).verbose(0))?;
/// assert_eq!(history.steps(), 2 * 16); // 500 rows in batches of 32, twice
/// # Ok::<(), perceptra::Error>(())
/// ```
#[derive(Clone)]
pub struct FnBatches<F> {
    shape: RowShape,
    next: usize,
    write: F,
}

impl<F> FnBatches<F> {
    /// Creates a source of rows of this shape. `write` adds rows to the block that it receives and returns false at the end of a pass.
    pub fn new<T: Scalar>(shape: RowShape, write: F) -> Self
    where
        F: FnMut(usize, &mut Block<T>) -> Result<bool> + Send,
    {
        FnBatches { shape, next: 0, write }
    }
}

impl<T: Scalar, F: FnMut(usize, &mut Block<T>) -> Result<bool> + Send> BatchSource<T> for FnBatches<F> {
    fn shape(&self) -> RowShape {
        self.shape
    }

    fn rewind(&mut self) -> Result<()> {
        self.next = 0;
        Ok(())
    }

    fn next_block(&mut self, block: &mut Block<T>) -> Result<bool> {
        self.next += 1;
        (self.write)(self.next - 1, block)
    }
}

impl<F> fmt::Debug for FnBatches<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FnBatches").field("shape", &self.shape).field("next", &self.next).finish_non_exhaustive()
    }
}
