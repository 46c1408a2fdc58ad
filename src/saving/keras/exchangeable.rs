//! The kinds of models that can be written to a Keras file and take weights from one.

use crate::engine::Network;
use crate::optimizers::OptimizerState;
use crate::saving::native::Contents;
use crate::{Result, Scalar};

pub(crate) mod sealed {
    /// Keeps the list of implementations closed.
    pub trait Sealed {}
}

/// A [`Model`](crate::Model) or a [`Network`]: layers with weights, compiled or not.
pub trait Exchangeable<T: Scalar>: sealed::Sealed {
    #[doc(hidden)]
    #[allow(private_interfaces)] // sealed and hidden: only for this crate
    fn contents(&self) -> Contents<'_, T>;

    #[doc(hidden)]
    fn network(&mut self) -> Result<&mut Network<T>>;

    #[doc(hidden)]
    fn fresh_state(&self, network: &Network<T>) -> Result<Option<OptimizerState<T>>>;

    #[doc(hidden)]
    fn set_state(&mut self, state: OptimizerState<T>);
}
