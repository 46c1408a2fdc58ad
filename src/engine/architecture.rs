//! The description that a network is built from.

use super::build::{Blueprint, names};
use super::network::Network;
use crate::layers::Layer;
use crate::{Result, Scalar};
use std::sync::Arc;

/// The description of a network: a chain of layers, each reading the previous layer's output, and the seed.
#[derive(Debug, Clone)]
pub(crate) struct Architecture<T: Scalar> {
    pub(crate) layers: Vec<Arc<dyn Layer<T>>>,
    /// The seed of the initial weights and of everything random in training, if one was given.
    pub(crate) seed: Option<u64>,
}

impl<T: Scalar> Default for Architecture<T> {
    fn default() -> Self {
        Architecture { layers: Vec::new(), seed: None }
    }
}

impl<T: Scalar> Architecture<T> {
    /// The number of features that the first layer declares.
    pub(crate) fn declared_inputs(&self) -> Option<usize> {
        self.layers.first().and_then(|layer| layer.declared_inputs())
    }

    /// The layers' names in the network, including generated ones.
    pub(crate) fn layer_names(&self) -> Result<Vec<String>> {
        names(&self.layers)
    }

    /// Builds every layer and draws the first weights.
    pub(crate) fn build(self, inputs: usize) -> Result<Network<T>> {
        self.blueprint(inputs)?.initialized()
    }

    /// Builds every layer for the output columns of the previous one.
    pub(crate) fn blueprint(&self, inputs: usize) -> Result<Blueprint<T>> {
        self.blueprint_within(inputs, usize::MAX)
    }

    /// Builds every layer; an error if all layers together would read more than `most` columns.
    pub(crate) fn blueprint_within(&self, inputs: usize, most: usize) -> Result<Blueprint<T>> {
        Blueprint::of_chain(&self.layers, self.seed, inputs, most)
    }
}

impl<T: Scalar> Network<T> {
    /// The description that the network was built from.
    pub(crate) fn described(&self) -> Architecture<T> {
        Architecture { layers: self.nodes.iter().map(|node| node.layer.clone()).collect(), seed: self.given_seed }
    }
}
