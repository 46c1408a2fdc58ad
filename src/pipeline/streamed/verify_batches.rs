//! Verifying that a fit to a source reproduces a fitted pipeline.

use super::super::{FittedPipeline, Pipeline, Verification};
use super::survey::receipt_of;
use crate::preprocessing::TableSource;
use crate::{Result, Scalar};

impl<T: Scalar> FittedPipeline<T> {
    /// Does what [`verify`](Self::verify) does, for a pipeline that was fitted by [`Pipeline::fit_batches`].
    ///
    /// # Errors
    ///
    /// The errors of [`verify`](Self::verify), and any error of the source.
    pub fn verify_batches(&self, source: &mut dyn TableSource, pipeline: &Pipeline<T>) -> Result<Verification> {
        let receipt = self.receipt_of_source()?;
        let (found, expected) = (receipt_of(source)?, receipt.table);
        if found != expected {
            return Ok(Verification::OtherTable { expected, found });
        }
        match self.changed_since(receipt)? {
            Some(verification) => Ok(verification),
            None => self.compared_with(receipt, &pipeline.clone().seed(receipt.seed).fit_batches(source)?),
        }
    }
}
