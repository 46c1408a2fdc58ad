//! Reading models and weights.

use super::hdf5::parse;
use super::source::Source;
use super::store::Store;
use super::{Exchange, optimizer, variables};
use crate::models::files::Opened;
use crate::models::{Model, Network, Registry, Sequential};
use crate::{Error, Result, Scalar};
use std::path::Path;

/// The compiled model of a Keras file, with its optimizer's state: training goes on where Keras left it.
///
/// The path is that of a `.keras` archive, of the folder that `model.save(…, zipped=False)` makes, or of a whole model in
/// Keras 2's `.h5`. For a model that was not compiled see [`load_network`]; for classes of your own, [`load_model_with`].
///
/// # Errors
///
/// As [`load_model_with`].
///
/// # References
///
/// Keras: `keras.models.load_model`.
pub fn load_model<T: Scalar>(path: impl AsRef<Path>) -> Result<Model<T>> {
    load_model_with(path, &Registry::default())
}

/// The compiled model of a Keras file, whose own classes the registry knows: Keras's `custom_objects`.
///
/// # Errors
///
/// [`Error::Io`] for a file that cannot be read, [`Error::ModelFile`] for one that is no whole file of Keras or holds no
/// compiled model; [`Error::Layer`] names the layer, its position and its class where it has no counterpart here;
/// [`Error::Configuration`], [`Error::Unknown`] and [`Error::Argument`] for optimizer, loss and metrics;
/// [`Error::Weights`] where the variables are not those of the layers.
pub fn load_model_with<T: Scalar>(path: impl AsRef<Path>, registry: &Registry<T>) -> Result<Model<T>> {
    let path = path.as_ref();
    Model::of_file(T::keras_open(path, registry, true)?).ok_or_else(|| Error::ModelFile {
        path: path.to_path_buf(),
        reason: "the model was not compiled; use keras::load_network, then compile".into(),
    })
}

/// Layers and weights of a Keras file, which may also hold more: `load_model(…, compile=False)`.
///
/// # Errors
///
/// As [`load_network_with`].
pub fn load_network<T: Scalar>(path: impl AsRef<Path>) -> Result<Network<T>> {
    load_network_with(path, &Registry::default())
}

/// Layers and weights of a Keras file, whose own classes the registry knows.
///
/// # Errors
///
/// As [`load_model_with`], only that nothing is asked for but layers; [`Error::NotBuilt`] for a model that was saved before
/// it knew its number of inputs.
pub fn load_network_with<T: Scalar>(path: impl AsRef<Path>, registry: &Registry<T>) -> Result<Network<T>> {
    let Opened { network, .. } = T::keras_open(path.as_ref(), registry, false)?;
    network.ok_or(Error::NotBuilt)
}

/// Reads weights and state from a `.weights.h5` file, or from any other that [`load_model`] reads.
///
/// Layers are found as Keras finds them, by class and order. A compiled model takes over the optimizer's state too, if
/// the file has one; where it is that of another optimizer, [`load_weights_skip_mismatch`] passes it over.
///
/// # Errors
///
/// [`Error::Io`] and [`Error::ModelFile`] for a file that cannot be read, or with the state of another optimizer;
/// [`Error::Weights`] names a layer whose variables differ, or that only the file has. The model is unchanged then. [`Error::NotBuilt`] for a model that does not know its inputs yet.
///
/// # References
///
/// Keras: `keras.Model.load_weights`.
pub fn load_weights<T: Scalar>(model: &mut impl Exchange<T>, path: impl AsRef<Path>) -> Result<()> {
    T::keras_weights(model, path.as_ref(), false).map(|_| ())
}

/// Reads those weights that fit, layer by layer: Keras's `load_weights(…, skip_mismatch=True)`.
///
/// A layer whose variables the file does not have, or in other shapes, keeps its own; its name is in the answer.
///
/// # Errors
///
/// As [`load_weights`], but for variables that differ.
pub fn load_weights_skip_mismatch<T: Scalar>(
    model: &mut impl Exchange<T>,
    path: impl AsRef<Path>,
) -> Result<Vec<String>> {
    T::keras_weights(model, path.as_ref(), true)
}

pub(crate) fn take<T: Scalar>(model: &mut dyn Exchange<T>, path: &Path, skip: bool) -> Result<Vec<String>> {
    let source = Source::read(path)?;
    let fault = |reason: String| Error::ModelFile { path: path.to_path_buf(), reason };
    let root = parse(&source.weights).map_err(fault)?;
    let store = Store::new(&root);
    let mut network = model.network()?.clone();
    let skipped = variables::replace(&mut network, &store, skip)?;
    if let Some(arrays) = store.optimizer().filter(|arrays| !arrays.is_empty() && skipped.is_empty()) {
        let mut state = model.fresh_state(&network)?;
        if let Some(state) = &mut state {
            match optimizer::read(state, &network, &arrays) {
                Ok(()) => model.set_state(state.clone()),
                // Another optimizer's state is passed over, as in Keras.
                Err(_) if skip => {}
                Err(reason) => {
                    let cure = "a model with another optimizer takes the weights by load_weights_skip_mismatch";
                    return Err(fault(format!("{reason}; {cure}")));
                }
            }
        }
    }
    *model.network()? = network;
    Ok(skipped)
}

/// The layers that Keras's `to_json` describes.
///
/// # Errors
///
/// As [`model_from_json_with`].
///
/// # References
///
/// Keras: `keras.models.model_from_json`.
pub fn model_from_json<T: Scalar>(text: &str) -> Result<Sequential<T>> {
    model_from_json_with(text, &Registry::default())
}

/// The layers that Keras's `to_json` describes, whose own classes the registry knows.
///
/// # Errors
///
/// [`Error::Configuration`] for a text that is no such description; [`Error::Layer`] as in [`load_model_with`].
pub fn model_from_json_with<T: Scalar>(text: &str, registry: &Registry<T>) -> Result<Sequential<T>> {
    T::keras_layers(text, registry)
}
