//! The domain of a fitted pipeline.

use super::FittedPipeline;
use crate::decisions::{FittedDomain, TrainingDomain};
use crate::preprocessing::Table;
use crate::{Result, Scalar};

impl<T: Scalar> FittedPipeline<T> {
    /// Learns the domain of the training rows, so that [`assess_record`](Self::assess_record) flags records unlike them.
    ///
    /// # Errors
    ///
    /// The errors of [`TrainingDomain::fit`].
    pub fn domain(self, train: &Table) -> Result<Self> {
        self.domain_with(TrainingDomain::new(), train)
    }

    /// Learns the domain of the training rows with these options.
    ///
    /// # Errors
    ///
    /// The errors of [`domain`](Self::domain).
    pub fn domain_with(mut self, options: TrainingDomain, train: &Table) -> Result<Self> {
        self.decisions.domain = Some(options.fit::<T>(&self.columns, train)?);
        self.with_step("domain", "ranges, categories and distances".into(), Some(train.into()))
    }

    /// The domain of the training rows, if it was learned.
    pub fn fitted_domain(&self) -> Option<&FittedDomain> {
        self.decisions.domain.as_ref()
    }
}
