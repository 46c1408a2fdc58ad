//! The optimizer's state of a model: the weights are the network's.

use super::network::Network;
use crate::items::Item;
use crate::optimizers::{Optimizer, OptimizerState};
use crate::{Result, Scalar};

impl<T: Scalar> OptimizerState<T> {
    /// A fresh state for the network's weights; checks the optimizer's arguments.
    pub(crate) fn for_network(optimizer: &Item<dyn Optimizer<T>>, network: &Network<T>) -> Result<Self> {
        OptimizerState::new(optimizer.clone(), network.variables(), &network.weights)
    }

    /// Moves the network's weights along the gradients, and back to their constraints.
    pub(super) fn step(&mut self, network: &mut Network<T>) {
        self.update_weights(&mut network.weights);
        network.constrain();
    }
}
