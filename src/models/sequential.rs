use crate::engine::{Architecture, Network};
use crate::items::IntoShared;
use crate::layers::Layer;
use crate::{Error, Result, Scalar};
use std::sync::Arc;

/// A stack of layers: the plain description of a model.
///
/// ```
/// use perceptra::prelude::*;
///
/// let ann = Sequential::new()
///     .add(Dense::new(12, Relu))
///     .add(Dense::new(12, Relu))
///     .add(Dense::new(1, Sigmoid))
///     .compile(Adam::default(), BinaryCrossentropy::default(), metrics![Accuracy, Recall, Precision]);
/// ```
///
/// `new` makes a model of `f32`; `Sequential::<f64>::default()` one of `f64`.
///
/// # References
///
/// Keras: `keras.Sequential`.
#[derive(Debug, Clone)]
pub struct Sequential<T: Scalar = f32> {
    architecture: Architecture<T>,
}

impl Sequential<f32> {
    /// A model without layers.
    pub fn new() -> Self {
        Self::default()
    }
}

impl<T: Scalar> Default for Sequential<T> {
    fn default() -> Self {
        Sequential { architecture: Architecture::default() }
    }
}

impl<T: Scalar> Sequential<T> {
    /// Appends a layer.
    #[must_use]
    #[allow(clippy::should_implement_trait)] // Keras's name; nothing is summed
    pub fn add<M>(mut self, layer: impl IntoShared<dyn Layer<T>, M>) -> Self {
        self.architecture.layers.push(layer.into_shared());
        self
    }

    /// Removes the last layer.
    #[must_use]
    pub fn pop(mut self) -> Self {
        self.architecture.layers.pop();
        self
    }

    /// The seed of the initial weights, of dropout and of the order of the samples.
    ///
    /// With it everything is the same, bit for bit, in every run of one build on one machine. Without it a
    /// seed is drawn from the operating system when the model is built ([`Network::seed`] returns it).
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.architecture.seed = Some(seed);
        self
    }

    /// The layers, in order.
    pub fn layers(&self) -> &[Arc<dyn Layer<T>>] {
        &self.architecture.layers
    }

    /// The seed, if one was given.
    pub fn given_seed(&self) -> Option<u64> {
        self.architecture.seed
    }

    /// The model with weights, for samples of `inputs` features.
    ///
    /// # Errors
    ///
    /// The layers' errors about their arguments and widths; [`Error::NoLayers`];
    /// [`Error::DuplicateName`]; [`Error::Features`] if an [`Input`](crate::layers::Input) declares another
    /// number.
    pub fn build(self, inputs: usize) -> Result<Network<T>> {
        T::build(self.architecture, inputs)
    }

    /// The model with weights, for the number of features that its [`Input`](crate::layers::Input) declares.
    ///
    /// # Errors
    ///
    /// [`Error::NotBuilt`] without an `Input`, else as [`build`](Sequential::build).
    pub fn build_declared(self) -> Result<Network<T>> {
        let inputs = self.declared_inputs().ok_or(Error::NotBuilt)?;
        self.build(inputs)
    }

    /// The number of features that the first layer declares.
    pub(crate) fn declared_inputs(&self) -> Option<usize> {
        self.architecture.declared_inputs()
    }

    /// The description that the engine builds and that files hold.
    pub(crate) fn as_architecture(&self) -> &Architecture<T> {
        &self.architecture
    }
}

impl<T: Scalar> From<Architecture<T>> for Sequential<T> {
    fn from(architecture: Architecture<T>) -> Self {
        Sequential { architecture }
    }
}
