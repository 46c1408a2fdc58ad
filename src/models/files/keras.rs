//! Models read from Keras files and written to them.

use crate::items::registry::Registry;
use crate::models::{Model, Network, Sequential};
use crate::optimizers::OptimizerState;
use crate::saving::keras::{Exchangeable, Sealed};
use crate::saving::native::Contents;
use crate::{Error, Result, Scalar};
use std::path::Path;

/// The compiled model of a Keras file, with its optimizer's state: training continues where Keras stopped.
///
/// The path is that of a `.keras` archive, of the folder that `model.save(…, zipped=False)` makes, or of a whole model in
/// Keras 2's `.h5`. Where the state of an optimizer of Keras 2 cannot be continued, or there is none, the optimizer starts
/// over, and [`Model::load_warnings`] reports it. For a model that was not compiled see [`load_network`](crate::saving::keras::load_network); for user-defined classes, [`load_model_with`].
///
/// # Errors
///
/// The errors of [`load_model_with`].
///
/// # References
///
/// Keras: `keras.models.load_model`.
pub fn load_model<T: Scalar>(path: impl AsRef<Path>) -> Result<Model<T>> {
    load_model_with(path, &Registry::default())
}

/// Loads the compiled model of a Keras file with user-defined classes from the registry, which is Keras's `custom_objects`.
///
/// # Errors
///
/// [`Error::Io`] for a file that cannot be read, [`Error::ModelFile`] for one that is no whole file of Keras or holds no
/// compiled model; [`Error::Layer`] names the layer, its position and its class where it has no counterpart here;
/// [`Error::Configuration`], [`Error::Unknown`] and [`Error::Argument`] for optimizer, loss and metrics;
/// [`Error::Weights`] if the variables do not match the layers.
pub fn load_model_with<T: Scalar>(path: impl AsRef<Path>, registry: &Registry<T>) -> Result<Model<T>> {
    let path = path.as_ref();
    Model::from_file(T::keras_open(path, registry, true)?).ok_or_else(|| Error::ModelFile {
        path: path.to_path_buf(),
        reason: "the model was not compiled; use keras::load_network, then compile".into(),
    })
}

/// The layers that Keras's `to_json` describes.
///
/// # Errors
///
/// The errors of [`model_from_json_with`].
///
/// # References
///
/// Keras: `keras.models.model_from_json`.
pub fn model_from_json<T: Scalar>(text: &str) -> Result<Sequential<T>> {
    model_from_json_with(text, &Registry::default())
}

/// Reads the layers that Keras's `to_json` describes, with user-defined classes from the registry.
///
/// # Errors
///
/// [`Error::Configuration`] for a string that is not such a description; [`Error::Layer`] as in [`load_model_with`].
pub fn model_from_json_with<T: Scalar>(text: &str, registry: &Registry<T>) -> Result<Sequential<T>> {
    T::keras_layers(text, registry).map(Sequential::from)
}

impl<T: Scalar> Sealed for Model<T> {}
impl<T: Scalar> Sealed for Network<T> {}

impl<T: Scalar> Exchangeable<T> for Model<T> {
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

impl<T: Scalar> Exchangeable<T> for Network<T> {
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
