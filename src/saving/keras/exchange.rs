//! What can be written to a Keras file and take weights from one.

use crate::models::files::Contents;
use crate::models::{Model, Network};
use crate::optimizers::OptimizerState;
use crate::{Result, Scalar};

mod sealed {
    /// Keeps the list of implementations closed.
    pub trait Sealed {}
}

impl<T: Scalar> sealed::Sealed for Model<T> {}
impl<T: Scalar> sealed::Sealed for Network<T> {}

/// A [`Model`] or a [`Network`]: layers with weights, compiled or not.
pub trait Exchange<T: Scalar>: sealed::Sealed {
    #[doc(hidden)]
    #[allow(private_interfaces)] // sealed and hidden: for this crate alone
    fn contents(&self) -> Contents<'_, T>;

    #[doc(hidden)]
    fn network(&mut self) -> Result<&mut Network<T>>;

    #[doc(hidden)]
    fn fresh_state(&self, network: &Network<T>) -> Result<Option<OptimizerState<T>>>;

    #[doc(hidden)]
    fn set_state(&mut self, state: OptimizerState<T>);
}

impl<T: Scalar> Exchange<T> for Model<T> {
    #[allow(private_interfaces)] // as in the trait
    fn contents(&self) -> Contents<'_, T> {
        Model::contents(self)
    }

    fn network(&mut self) -> Result<&mut Network<T>> {
        self.network_or_declared()
    }

    fn fresh_state(&self, network: &Network<T>) -> Result<Option<OptimizerState<T>>> {
        Model::fresh_state(self, network).map(Some)
    }

    fn set_state(&mut self, state: OptimizerState<T>) {
        Model::set_state(self, state);
    }
}

impl<T: Scalar> Exchange<T> for Network<T> {
    #[allow(private_interfaces)] // as in the trait
    fn contents(&self) -> Contents<'_, T> {
        Contents::of(self)
    }

    fn network(&mut self) -> Result<&mut Network<T>> {
        Ok(self)
    }

    fn fresh_state(&self, _: &Network<T>) -> Result<Option<OptimizerState<T>>> {
        Ok(None)
    }

    fn set_state(&mut self, _: OptimizerState<T>) {}
}
