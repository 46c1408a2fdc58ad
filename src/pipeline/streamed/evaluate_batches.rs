//! Scores on the rows of a source.

use super::super::evaluation::usual_scores;
use super::super::fit::not_empty;
use super::super::truth::TrueValues;
use super::super::{Evaluation, FittedPipeline};
use super::predict_batches::each_counted_block;
use crate::items::Item;
use crate::preprocessing::TableSource;
use crate::scores::{Score, ScoreInput, ScoreList};
use crate::{Result, Scalar};
use nalgebra::DMatrix;

impl<T: Scalar> FittedPipeline<T> {
    /// Returns the usual scores of the task on the rows of a source, which must have the columns of the target.
    ///
    /// They equal those of [`evaluate`](Self::evaluate) with all rows as one table. Memory holds a few blocks and, since scores such as
    /// the area under the ROC curve rank all rows, the truth and the prediction of each row: tens of bytes for a binary target or
    /// a single number.
    ///
    /// ```
    /// use perceptra::batches::TableBlocks;
    /// use perceptra::prelude::*;
    ///
    /// let table = Table::new()
    ///     .with_numbers("x", (0..80).map(f64::from))?
    ///     .with_booleans("large", (0..80).map(|row| row >= 40))?;
    /// let fitted = Pipeline::new(Target::binary("large")).members(1).seed(1).fit(&table)?;
    /// assert_eq!(fitted.evaluate_batches(&mut TableBlocks::new(&table).block_rows(30))?, fitted.evaluate(&table)?);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The errors of [`evaluate`](Self::evaluate), and any error of the source.
    pub fn evaluate_batches(&self, source: &mut dyn TableSource) -> Result<Evaluation> {
        T::evaluate_pipeline_batches(self, source, &usual_scores(self.target.task()), false)
    }

    /// Returns the given scores on the rows of a source.
    ///
    /// # Errors
    ///
    /// The errors of [`evaluate_batches`](Self::evaluate_batches); those of [`score_of`](crate::scores::score_of) for a score that does not fit the task
    /// or that these rows do not have.
    pub fn evaluate_batches_with<M>(
        &self,
        source: &mut dyn TableSource,
        scores: impl ScoreList<M>,
    ) -> Result<Evaluation> {
        T::evaluate_pipeline_batches(self, source, &scores.into_list(), true)
    }

    pub(crate) fn evaluate_source(
        &self,
        source: &mut dyn TableSource,
        scores: &[Item<dyn Score>],
        strict: bool,
    ) -> Result<Evaluation> {
        let (mut truth, mut predicted, mut rows) = (Vec::new(), Vec::new(), 0);
        each_counted_block(source, &mut |block| {
            let values = self.table_values(block)?;
            truth.push(TrueValues::of(&self.target, block)?);
            // In row-major order, so that blocks can be appended.
            predicted.extend(values.transpose().iter().copied());
            rows += block.nrows();
            Ok(())
        })?;
        not_empty(rows, "evaluate_batches")?;
        let truth = TrueValues::joined(&self.target, truth);
        let predicted = DMatrix::from_row_slice(rows, self.target.outputs(), &predicted);
        let input = ScoreInput::new(truth.truth(), &predicted).with_threshold(self.threshold);
        Evaluation::of(self.target.task(), rows, &input, scores, strict)
    }
}
