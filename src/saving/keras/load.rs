//! Reading models and weights.

use super::beyond_keras;
use super::era::Era;
use super::hdf5::{Array, parse};
use super::keras_file::KerasFile;
use super::layer_list::LayerList;
use super::provenance::Provenance;
use super::store::Store;
use super::{Exchangeable, compiled, optimizer, variables};
use crate::engine::Network;
use crate::items::registry::Registry;
use crate::optimizers::{Optimizer, OptimizerState};
use crate::saving::native::Opened;
use crate::{Error, Result, Scalar};
use serde_json::Value;
use std::path::Path;

/// Layers and weights of a Keras file, which may also hold more: `load_model(…, compile=False)`.
///
/// # Errors
///
/// The errors of [`load_network_with`].
pub fn load_network<T: Scalar>(path: impl AsRef<Path>) -> Result<Network<T>> {
    load_network_with(path, &Registry::default())
}

/// Layers and weights of a Keras file, whose user-defined classes the registry knows.
///
/// # Errors
///
/// The errors of [`load_model_with`](super::load_model_with), but only layers are required; [`Error::NotBuilt`] for a model that was saved before
/// it knew its number of inputs.
pub fn load_network_with<T: Scalar>(path: impl AsRef<Path>, registry: &Registry<T>) -> Result<Network<T>> {
    let Opened { network, .. } = T::keras_open(path.as_ref(), registry, false)?;
    network.ok_or(Error::NotBuilt)
}

/// Reads weights and state from a `.weights.h5` file, or from any other that [`load_model`](super::load_model) reads.
///
/// Layers are found as Keras finds them: by class and order in a file of Keras 3 or in an archive, by the order of those
/// with variables in Keras 2's `.h5`, whatever their names there. A compiled model takes over the optimizer's state too, if
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
pub fn load_weights<T: Scalar>(model: &mut impl Exchangeable<T>, path: impl AsRef<Path>) -> Result<()> {
    T::keras_weights(model, path.as_ref(), false).map(|_| ())
}

/// Reads those weights that fit, layer by layer: Keras's `load_weights(…, skip_mismatch=True)`.
///
/// A layer whose variables the file does not have, or in other shapes, keeps its weights; its name is returned. In Keras
/// 2's `.h5` layers are identified by their order; where it has more of them than the model, or fewer, by their given names,
/// and those without one by class and order.
///
/// # Errors
///
/// The errors of [`load_weights`], except those for variables that differ.
pub fn load_weights_skip_mismatch<T: Scalar>(
    model: &mut impl Exchangeable<T>,
    path: impl AsRef<Path>,
) -> Result<Vec<String>> {
    T::keras_weights(model, path.as_ref(), true)
}

pub(crate) fn take<T: Scalar>(model: &mut dyn Exchangeable<T>, path: &Path, skip: bool) -> Result<Vec<String>> {
    let source = KerasFile::read(path)?;
    let fault = |reason: String| Error::ModelFile { path: path.to_path_buf(), reason };
    let root = parse(&source.weights).map_err(fault)?;
    let store = Store::new(&root);
    let mut network = model.network()?.clone();
    let [described, _] = store.descriptions();
    let described = source.config.as_deref().or(described).and_then(|text| serde_json::from_str(text).ok());
    let list = described.and_then(|model| LayerList::from_model(&model, None).ok());
    let skipped = variables::replace(&mut network, &store, list.as_ref(), skip)?;
    if let Some(arrays) = store.optimizer().filter(|arrays| !arrays.is_empty() && skipped.is_empty()) {
        let mut state = model.fresh_state(&network)?;
        if let Some(state) = &mut state {
            match take_state(state, &network, &arrays, &source, &store) {
                Ok(()) => model.set_state(state.clone()),
                // Another optimizer's state is ignored, as in Keras.
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

/// Takes over the state of the optimizer in a file, if it is that of the model's optimizer.
fn take_state<T: Scalar>(
    state: &mut OptimizerState<T>,
    network: &Network<T>,
    arrays: &[&Array<'_>],
    source: &KerasFile,
    store: &Store<'_>,
) -> std::result::Result<(), String> {
    let [_, training] = store.descriptions();
    let config = source.config.as_deref().map(|config| (config, "/compile_config"));
    let config = config.or(training.map(|training| (training, "")));
    let config: Option<Value> = config.and_then(|(text, path)| {
        let value: Value = serde_json::from_str(text).ok()?;
        value.pointer(path).cloned()
    });
    let version = source.version.as_deref().or(store.version());
    let Some(config) = config.filter(|config| !compiled::optimizer_of(config).is_null()) else {
        // A file of weights does not name the optimizer; Keras 3 and TF-Keras differ in the number of arrays.
        let eras = if store.is_of_tf_keras() { [Era::TfKeras; 2] } else { [Era::Keras3, Era::TfKeras] };
        let fresh = state.clone();
        let [first, second] = eras;
        return optimizer::read(state, network, arrays, first).or_else(|reason| {
            *state = fresh;
            optimizer::read(state, network, arrays, second).map_err(|_| reason)
        });
    };
    let value = compiled::optimizer_of(&config);
    let era = Era::detect(version, value);
    if era != Era::Keras3 {
        same_rule(&**state.optimizer(), value, era, version)?;
    }
    optimizer::read(state, network, arrays, era)
}

/// Whether an optimizer moves the weights by the rule of one of Keras 2, so that it can take over its state.
fn same_rule<T: Scalar>(
    optimizer: &dyn Optimizer<T>,
    value: &Value,
    era: Era,
    version: Option<&str>,
) -> std::result::Result<(), String> {
    let theirs =
        compiled::read_optimizer::<T>(value, era, Provenance::new(version, Registry::<T>::default().user_defined()));
    let theirs = theirs.map_err(|error| error.to_string())?;
    let rule = |optimizer: &dyn Optimizer<T>| {
        let mut config = optimizer.config().unwrap_or_default();
        let beyond = beyond_keras::take(&mut config).into_iter();
        let beyond = beyond.filter_map(|name| Some(format!("{name} {}", config.get(name)?)));
        std::iter::once(optimizer.class_name()).chain(beyond).collect::<Vec<_>>().join(" with ")
    };
    let (ours, theirs) = (rule(optimizer), rule(&*theirs));
    if ours == theirs { Ok(()) } else { Err(format!("the state is that of {theirs}, the model has {ours}")) }
}
