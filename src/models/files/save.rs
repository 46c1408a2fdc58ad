//! Saving models.

use crate::models::{Model, Network};
use crate::saving::native::Contents;
use crate::{Result, Scalar};
use std::path::Path;

impl<T: Scalar> Model<T> {
    /// Writes the whole model to one file: layers, weights, optimizer with its state, loss and metrics.
    ///
    /// The file is in the `safetensors` layout. It replaces one that is there, and is complete or not there at all:
    /// it is written under another name, synced and renamed.
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let (x, y) = (dmatrix![1.0; 2.0; 3.0], dmatrix![2.0; 4.0; 6.0]);
    /// let path = std::env::temp_dir().join("perceptra-save.safetensors");
    /// let mut model = Sequential::new().add(Dense::new(1, Linear)).compile("adam", "mse", ["mae"]);
    /// model.fit(&x, &y, Fit::new().epochs(3).verbose(0))?;
    /// model.save(&path)?;
    ///
    /// let mut again = Model::load(&path)?;
    /// again.fit(&x, &y, Fit::new().initial_epoch(3).epochs(5).verbose(0))?;
    /// model.fit(&x, &y, Fit::new().initial_epoch(3).epochs(5).verbose(0))?;
    /// assert_eq!(again.predict(&x)?, model.predict(&x)?);
    /// # std::fs::remove_file(path).unwrap();
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::NotSerializable`](crate::Error::NotSerializable) names an item without a description, such as a
    /// closure, or a weight that is NaN or infinite; [`Error::Argument`](crate::Error::Argument) refuses a name that ends
    /// like those of another format (`.keras`, `.h5`, `.onnx`); [`Error::Io`](crate::Error::Io).
    ///
    /// # References
    ///
    /// Keras: `keras.Model.save`.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<()> {
        self.contents().save(path.as_ref())
    }
}

impl<T: Scalar> Network<T> {
    /// Writes layers and weights to one file, see [`Model::save`].
    ///
    /// # Errors
    ///
    /// The errors of [`Model::save`].
    pub fn save(&self, path: impl AsRef<Path>) -> Result<()> {
        Contents::of(self).save(path.as_ref())
    }
}
