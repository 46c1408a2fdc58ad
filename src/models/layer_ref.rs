use crate::engine::Network;
use crate::layers::Layer;
use crate::{Error, Result, Scalar};
use nalgebra::DMatrix;
use std::fmt;

/// A layer of a built model, with its weights.
///
/// ```
/// use perceptra::prelude::*;
///
/// let network = Sequential::new().add(Dense::new(4, Relu)).add(Dense::new(1, Sigmoid).name("risk")).build(3)?;
/// let layer = network.get_layer("risk")?;
/// assert_eq!((layer.class_name(), layer.count_params(), layer.outputs()), ("Dense", 5, 1));
/// assert_eq!(network.get_layer_at(0)?.name(), "dense");
/// # Ok::<(), perceptra::Error>(())
/// ```
///
/// # References
///
/// Keras: `keras.Model.get_layer`.
#[derive(Clone, Copy)]
pub struct LayerRef<'a, T: Scalar> {
    network: &'a Network<T>,
    index: usize,
}

impl<T: Scalar> Network<T> {
    /// A layer by its name.
    ///
    /// # Errors
    ///
    /// [`Error::Unknown`] lists the names of the layers.
    pub fn get_layer(&self, name: &str) -> Result<LayerRef<'_, T>> {
        Ok(LayerRef { index: self.index(name)?, network: self })
    }

    /// A layer by its position, counted from 0.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] states how many there are.
    pub fn get_layer_at(&self, index: usize) -> Result<LayerRef<'_, T>> {
        if index < self.nodes.len() {
            return Ok(LayerRef { network: self, index });
        }
        Err(Error::argument(
            "get_layer_at",
            "index",
            index,
            format!("less than the number of layers of the model, {}", self.nodes.len()),
        ))
    }
}

impl<'a, T: Scalar> LayerRef<'a, T> {
    /// The name of the layer in the model.
    pub fn name(&self) -> &'a str {
        &self.network.nodes[self.index].name
    }

    /// The class name of the layer.
    pub fn class_name(&self) -> &'a str {
        &self.network.nodes[self.index].class_name
    }

    /// The description it was built from.
    pub fn description(&self) -> &'a dyn Layer<T> {
        &*self.network.nodes[self.index].layer
    }

    /// The number of output columns.
    pub fn outputs(&self) -> usize {
        self.network.nodes[self.index].outputs
    }

    /// Whether training moves its weights.
    pub fn trainable(&self) -> bool {
        self.network.nodes[self.index].trainable
    }

    /// The number of parameters of the layer, weights and state.
    pub fn count_params(&self) -> usize {
        let node = &self.network.nodes[self.index];
        node.weights.len() + node.state.len()
    }

    /// The weights and state of the layer; see [`Network::weights`].
    ///
    /// # Errors
    ///
    /// None in practice: the layer exists.
    pub fn weights(&self) -> Result<Vec<DMatrix<T>>> {
        self.network.weights(self.name())
    }
}

impl<T: Scalar> fmt::Debug for LayerRef<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LayerRef").field("name", &self.name()).field("class_name", &self.class_name()).finish()
    }
}
