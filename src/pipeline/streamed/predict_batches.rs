//! Predictions for the rows of a source.

use super::super::{FittedPipeline, Prediction};
use crate::preprocessing::{Table, TableSource, each_table};
use crate::{Result, Scalar};

/// The callback that receives the rows of a block and their predictions.
pub(crate) type WriteTablePredictions<'a> = &'a mut dyn FnMut(&Table, &[Prediction]) -> Result<()>;

impl<T: Scalar> FittedPipeline<T> {
    /// Predicts the rows of a source block by block, on all cores, and passes each block with its predictions to `write`, in
    /// order.
    ///
    /// The predictions are those of [`predict`](Self::predict). The rows need not have the columns of the target.
    ///
    /// ```
    /// use perceptra::batches::TableBlocks;
    /// use perceptra::prelude::*;
    ///
    /// let table = Table::new()
    ///     .with_numbers("x", (0..80).map(f64::from))?
    ///     .with_booleans("large", (0..80).map(|row| row >= 40))?;
    /// let fitted = Pipeline::new(Target::binary("large")).members(1).seed(1).fit(&table)?;
    /// let mut large = 0;
    /// fitted.predict_batches(&mut TableBlocks::new(&table).block_rows(30), |rows, predictions| {
    ///     assert_eq!(rows.nrows(), predictions.len());
    ///     large += predictions.iter().filter(|one| matches!(one, Prediction::Binary { decision: true, .. })).count();
    ///     Ok(())
    /// })?;
    /// assert!((35..45).contains(&large));
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The errors of [`predict`](Self::predict), with rows counted over all blocks; any error of the source or of `write`.
    pub fn predict_batches(
        &self,
        source: &mut dyn TableSource,
        mut write: impl FnMut(&Table, &[Prediction]) -> Result<()>,
    ) -> Result<()> {
        T::predict_pipeline_batches(self, source, &mut write)
    }

    pub(crate) fn predict_source(&self, source: &mut dyn TableSource, write: WriteTablePredictions<'_>) -> Result<()> {
        each_counted_block(source, &mut |block| {
            let values = self.table_values(block)?;
            let predictions: Vec<Prediction> = (0..values.nrows()).map(|row| self.decide(&values, row)).collect();
            write(block, &predictions)
        })
    }
}

/// Calls `pass_on` with every block of a pass that has rows; rows are counted over all blocks.
pub(super) fn each_counted_block(
    source: &mut dyn TableSource,
    pass_on: &mut dyn FnMut(&Table) -> Result<()>,
) -> Result<()> {
    let mut before = 0;
    each_table(source, &mut |block| {
        if block.nrows() > 0 {
            let block = block.counted_from(before);
            before += block.nrows();
            pass_on(&block)?;
        }
        Ok(true)
    })
}
