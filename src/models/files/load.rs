//! Loading models.

use crate::items::registry::Registry;
use crate::models::{Model, Network};
use crate::saving::native::Opened;
use crate::{Error, Result, Scalar};
use std::path::Path;

impl Model<f32> {
    /// The compiled model that [`save`](Model::save) wrote, with its optimizer's state.
    ///
    /// Training continues exactly where it was: the next [`fit`](Model::fit) with `initial_epoch` set returns the same bits
    /// as one that was never stopped. For user-defined items, or a model of `f64`, see
    /// [`load_with`](Model::load_with).
    ///
    /// # Errors
    ///
    /// The errors of [`load_with`](Model::load_with).
    ///
    /// # References
    ///
    /// Keras: `keras.models.load_model`.
    pub fn load(path: impl AsRef<Path>) -> Result<Self> {
        Self::load_with(path, &Registry::new())
    }
}

impl Network<f32> {
    /// Layers and weights from a file, which may also hold more.
    ///
    /// # Errors
    ///
    /// The errors of [`load_with`](Network::load_with).
    pub fn load(path: impl AsRef<Path>) -> Result<Self> {
        Self::load_with(path, &Registry::new())
    }
}

impl<T: Scalar> Model<T> {
    /// Loads the compiled model of a file, with user-defined items from the registry.
    ///
    /// Numbers of the other width are rounded to `T`.
    ///
    /// ```
    /// use perceptra::prelude::*;
    /// use perceptra::models::Registry;
    ///
    /// let (x, y) = (dmatrix![1.0; 2.0f64], dmatrix![2.0; 4.0]);
    /// let layers = Sequential::<f64>::default().add(Dense::new(1, Linear));
    /// let mut model = layers.compile("adam", "mse", ());
    /// model.fit(&x, &y, Fit::new().verbose(0))?;
    /// let path = std::env::temp_dir().join("perceptra-load-with.safetensors");
    /// model.save(&path)?;
    /// let again = Model::load_with(&path, &Registry::<f64>::new())?;
    /// assert_eq!(again.predict(&x)?, model.predict(&x)?);
    /// # std::fs::remove_file(path).unwrap();
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Io`] for a file that cannot be read, [`Error::ModelFile`] for one that is no whole file of this format
    /// or contains no compiled model, [`Error::Unknown`] for an item that is neither in the crate nor in the registry,
    /// [`Error::Configuration`], [`Error::Argument`] and [`Error::Layer`] for arguments that an item refuses.
    pub fn load_with(path: impl AsRef<Path>, registry: &Registry<T>) -> Result<Self> {
        let path = path.as_ref();
        Model::from_file(Opened::read(path, registry)?).ok_or_else(|| Error::ModelFile {
            path: path.to_path_buf(),
            reason: "it holds layers and weights without optimizer and loss; use Network::load, then compile".into(),
        })
    }
}

impl<T: Scalar> Network<T> {
    /// Loads layers and weights from a file, with user-defined items from the registry.
    ///
    /// # Errors
    ///
    /// The errors of [`Model::load_with`], but a compiled model is not required; [`Error::NotBuilt`] for one that was saved
    /// before it knew its number of inputs.
    pub fn load_with(path: impl AsRef<Path>, registry: &Registry<T>) -> Result<Self> {
        Opened::read(path.as_ref(), registry)?.network.ok_or(Error::NotBuilt)
    }
}
