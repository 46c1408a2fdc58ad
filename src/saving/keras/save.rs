//! Writing models and weights.

use super::{Exchangeable, archive, describe, weights_file};
use crate::saving::format::FileFormat;
use crate::{Error, Result, Scalar};
use crate::{atomic, saving::native::Contents};
use serde_json::json;
use std::path::Path;

/// The version of Keras whose files these are.
const VERSION: &str = "3.15.1";

/// Writes a model as Keras's `model.save("….keras")` does: layers, weights, and of a compiled model the optimizer with its
/// state, the loss and the metrics.
///
/// The file replaces one that is there, and is complete or not there at all.
///
/// ```
/// use perceptra::prelude::*;
/// use perceptra::saving::keras;
///
/// let (x, y) = (dmatrix![1.0; 2.0; 3.0], dmatrix![2.0; 4.0; 6.0]);
/// let mut model = Sequential::new().add(Dense::new(4, Relu)).add(Dense::new(1, Linear)).compile("adam", "mse", ["mae"]);
/// model.fit(&x, &y, Fit::new().epochs(3).verbose(0))?;
/// let path = std::env::temp_dir().join("perceptra-save-model.keras");
/// keras::save_model(&model, &path)?;
/// assert_eq!(keras::load_model::<f32>(&path)?.predict(&x)?, model.predict(&x)?);
/// # std::fs::remove_file(path).unwrap();
/// # Ok::<(), perceptra::Error>(())
/// ```
///
/// # Errors
///
/// [`Error::NotBuilt`] before the first fit; [`Error::NotSerializable`] names what a Keras file has no place for: a closure,
/// arguments of an activation, a weight that is NaN or infinite; [`Error::Argument`] a name that ends like those of another
/// format, such as `.h5`, which Keras would not open; [`Error::Io`].
///
/// # References
///
/// Keras: `keras.Model.save`.
pub fn save_model<T: Scalar>(model: &impl Exchangeable<T>, path: impl AsRef<Path>) -> Result<()> {
    let path = path.as_ref();
    FileFormat::Keras.check_name(path, "keras::save_model", "path")?;
    atomic::write(path, &T::keras_file(&model.contents(), path)?)
}

/// The bytes of an archive.
pub(crate) fn file<T: Scalar>(contents: &Contents<'_, T>, path: &Path) -> Result<Vec<u8>> {
    let weights = weights_file::weights(contents)?;
    let config = description(contents)?;
    let metadata = json!({ "keras_version": VERSION, "date_saved": "1980-01-01@00:00:00" }).to_string();
    let files =
        [("metadata.json", metadata.into_bytes()), ("config.json", config.into_bytes()), ("model.weights.h5", weights)];
    archive::pack(&files).map_err(|reason| Error::ModelFile { path: path.to_path_buf(), reason })
}

/// Writes weights as Keras's `model.save_weights("….weights.h5")` does, with the optimizer's state of a model that has one.
///
/// # Errors
///
/// [`Error::NotBuilt`] before the first fit; [`Error::NotSerializable`] for a weight that is NaN or infinite;
/// [`Error::Argument`] for a name that ends like those of another format, or in `.h5` without `.weights`, which Keras would
/// not open; [`Error::Io`].
///
/// # References
///
/// Keras: `keras.Model.save_weights`.
pub fn save_weights<T: Scalar>(model: &impl Exchangeable<T>, path: impl AsRef<Path>) -> Result<()> {
    FileFormat::KerasWeights.check_name(path.as_ref(), "keras::save_weights", "path")?;
    atomic::write(path.as_ref(), &T::keras_weights_file(&model.contents())?)
}

/// A model as Keras's `to_json` describes it, without weights.
///
/// ```
/// use perceptra::prelude::*;
/// use perceptra::saving::keras;
///
/// let layers = Sequential::new().add(Input::new(3)).add(Dense::new(12, Relu)).add(Dense::new(1, Sigmoid));
/// let text = keras::to_json(&layers.build_declared()?)?;
/// assert_eq!(keras::model_from_json::<f32>(&text)?.build(3)?.count_params(), 61);
/// # Ok::<(), perceptra::Error>(())
/// ```
///
/// # Errors
///
/// The errors of [`save_model`], except those that concern the weights.
///
/// # References
///
/// Keras: `keras.Model.to_json`.
pub fn to_json<T: Scalar>(model: &impl Exchangeable<T>) -> Result<String> {
    T::keras_json(&model.contents())
}

/// The text of a description.
pub(crate) fn description<T: Scalar>(contents: &Contents<'_, T>) -> Result<String> {
    Ok(describe::model(contents)?.to_string())
}
