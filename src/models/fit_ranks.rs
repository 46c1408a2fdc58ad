use crate::distributed::Distributed;
use crate::engine::fit_loop::FitLoop;
use crate::engine::ranks::agree;
use crate::{Result, Scalar};

/// The ranks that a fit is distributed over, if it is.
pub(super) struct FitRanks<'f> {
    over: Option<Distributed<'f>>,
    /// Whether this rank has reported to the others that its fit begins.
    begun: bool,
}

impl<'f> FitRanks<'f> {
    pub(super) fn new(over: Option<Distributed<'f>>) -> Self {
        FitRanks { over, begun: false }
    }

    /// Whether this process prints output on behalf of all ranks.
    pub(super) fn is_shown(&self) -> bool {
        self.over.is_none_or(|over| over.communicator().rank() == 0)
    }

    /// The fit, once it is prepared on every rank.
    pub(super) fn begin<'a, 'r, T: Scalar>(
        &mut self,
        prepared: Result<FitLoop<'a, 'f, 'r, T>>,
    ) -> Result<FitLoop<'a, 'f, 'r, T>> {
        let Some(over) = self.over else { return prepared };
        self.begun = true;
        agree(over.communicator(), prepared)?.over(over)
    }

    /// The result of the fit; the others learn of a failure before it began.
    pub(super) fn end(self, result: Result<()>) -> Result<()> {
        match self.over {
            Some(over) if !self.begun => agree(over.communicator(), result),
            _ => result,
        }
    }
}
