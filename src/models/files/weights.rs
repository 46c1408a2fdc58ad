//! Weights without the model around them.

use crate::models::{Model, Network};
use crate::saving::native::{Contents, weights};
use crate::{Result, Scalar};
use std::path::Path;

impl<T: Scalar> Network<T> {
    /// Writes weights and state to a file, without the layers' descriptions: a model with closures can be saved so.
    ///
    /// # Errors
    ///
    /// [`Error::NotSerializable`](crate::Error::NotSerializable) for a weight that is NaN or infinite; [`Error::Argument`](crate::Error::Argument) for a name that ends like those
    /// of another format; [`Error::Io`](crate::Error::Io).
    ///
    /// # References
    ///
    /// Keras: `keras.Model.save_weights`; there the optimizer's state is written too.
    pub fn save_weights(&self, path: impl AsRef<Path>) -> Result<()> {
        Contents::weights_of(self).save(path.as_ref())
    }

    /// Reads weights and state from a file of this crate; variables go by their names, `dense_1/kernel`. Of a pipeline's file those
    /// of its first network are read.
    ///
    /// # Errors
    ///
    /// [`Error::Io`](crate::Error::Io) and [`Error::ModelFile`](crate::Error::ModelFile) for a file that cannot be read; [`Error::Weights`](crate::Error::Weights) if it has other
    /// variables, or other shapes, than this model. The model is unchanged then.
    ///
    /// # References
    ///
    /// Keras: `keras.Model.load_weights`.
    pub fn load_weights(&mut self, path: impl AsRef<Path>) -> Result<()> {
        weights::load(self, path.as_ref(), false).map(|_| ())
    }

    /// Reads those weights from a file that fit this model, layer by layer; Keras's `skip_mismatch=True`.
    ///
    /// A layer that is not in the file, or has another shape there, keeps its weights; its name is returned.
    ///
    /// # Errors
    ///
    /// [`Error::Io`](crate::Error::Io) and [`Error::ModelFile`](crate::Error::ModelFile) for a file that cannot be read.
    pub fn load_weights_skip_mismatch(&mut self, path: impl AsRef<Path>) -> Result<Vec<String>> {
        weights::load(self, path.as_ref(), true)
    }
}

impl<T: Scalar> Model<T> {
    /// Writes weights and state to a file, see [`Network::save_weights`].
    ///
    /// # Errors
    ///
    /// [`Error::NotBuilt`](crate::Error::NotBuilt) before the first fit; else as [`Network::save_weights`].
    pub fn save_weights(&self, path: impl AsRef<Path>) -> Result<()> {
        self.network()?.save_weights(path)
    }

    /// Reads weights and state from a file; the optimizer's state is left as it is. See [`Network::load_weights`].
    ///
    /// # Errors
    ///
    /// [`Error::NotBuilt`](crate::Error::NotBuilt) for a model that is not built; otherwise the errors of [`Network::load_weights`].
    pub fn load_weights(&mut self, path: impl AsRef<Path>) -> Result<()> {
        self.network_or_declared()?.load_weights(path)
    }

    /// Reads those weights that fit, see [`Network::load_weights_skip_mismatch`].
    ///
    /// # Errors
    ///
    /// The errors of [`Network::load_weights_skip_mismatch`]; [`Error::NotBuilt`](crate::Error::NotBuilt) for a model that is not built.
    pub fn load_weights_skip_mismatch(&mut self, path: impl AsRef<Path>) -> Result<Vec<String>> {
        self.network_or_declared()?.load_weights_skip_mismatch(path)
    }
}
