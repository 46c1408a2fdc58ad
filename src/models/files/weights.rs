//! Weights without the model around them.

use super::Contents;
use super::contents::shape;
use super::decode::{Values, open};
use super::format;
use crate::kernels::aligned::Aligned;
use crate::models::{Model, Network};
use crate::{Error, Result, Scalar};
use std::path::Path;

impl<T: Scalar> Network<T> {
    /// Writes weights and state to a file, without the layers' descriptions: a model with closures can be saved so.
    ///
    /// # Errors
    ///
    /// [`Error::NotSerializable`] for a weight that is NaN or infinite; [`Error::Argument`] for a name that ends like those
    /// of another format; [`Error::Io`].
    ///
    /// # References
    ///
    /// Keras: `keras.Model.save_weights`; there the optimizer's state is written too.
    pub fn save_weights(&self, path: impl AsRef<Path>) -> Result<()> {
        Contents::weights_of(self).save(path.as_ref())
    }

    /// Reads weights and state from a file of this crate; variables go by their names, `dense_1/kernel`.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] and [`Error::ModelFile`] for a file that cannot be read; [`Error::Weights`] where it has other
    /// variables, or other shapes, than this model. The model is unchanged then.
    ///
    /// # References
    ///
    /// Keras: `keras.Model.load_weights`.
    pub fn load_weights(&mut self, path: impl AsRef<Path>) -> Result<()> {
        let path = path.as_ref();
        format::refuse_folder(path)?;
        let bytes = super::atomic::read(path)?;
        let (_, values) = open(&bytes, path)?;
        self.take_matching(values, path, false).map(|_| ())
    }

    /// Reads those weights from a file that fit this model, layer by layer; Keras's `skip_mismatch=True`.
    ///
    /// A layer that the file does not know, or with another shape, keeps its weights; its name is in the answer.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] and [`Error::ModelFile`] for a file that cannot be read.
    pub fn load_weights_skip_mismatch(&mut self, path: impl AsRef<Path>) -> Result<Vec<String>> {
        let path = path.as_ref();
        format::refuse_folder(path)?;
        let bytes = super::atomic::read(path)?;
        let (_, values) = open(&bytes, path)?;
        self.take_matching(values, path, true)
    }

    /// Takes the values over, all or those of matching layers; the names of the other layers.
    pub(super) fn take_matching(&mut self, values: Values<'_>, path: &Path, skip: bool) -> Result<Vec<String>> {
        let tensors = values.without_training().into_tensors();
        let variables: Vec<_> = self.tables().into_iter().enumerate().collect();
        let mut mismatched = vec![false; self.nodes.len()];
        let mut used = 0;
        for variable in variables.iter().flat_map(|(_, (variables, _))| variables.iter()) {
            let wanted = shape(variable);
            match tensors.get(&variable.path) {
                Some(tensor) if tensor.shape == wanted => used += 1,
                other if !skip => {
                    return Err(Error::Weights {
                        layer: self.nodes[variable.layer].name.clone(),
                        expected: format!("{} of shape {wanted:?} in {}", variable.path, path.display()),
                        found: other.map_or("none".into(), |tensor| format!("{:?}", tensor.shape)),
                    });
                }
                _ => mismatched[variable.layer] = true,
            }
        }
        if !skip && used < tensors.len() {
            let own = |name: &&String| !variables.iter().any(|(_, (own, _))| own.iter().any(|v| v.path == **name));
            let extra = tensors.keys().filter(own).min();
            return Err(Error::Weights {
                layer: "the model".into(),
                expected: "no other variables than its own".into(),
                found: format!("{} in {}", extra.map_or("more", String::as_str), path.display()),
            });
        }
        let mut flat = [Aligned::from_slice(&self.weights), Aligned::from_slice(&self.state)];
        for (table, (variables, _)) in &variables {
            for variable in variables.iter().filter(|variable| !mismatched[variable.layer]) {
                let Some(tensor) = tensors.get(&variable.path) else { continue };
                let to = &mut flat[*table][variable.range()];
                tensor.read(to).map_err(|reason| Error::ModelFile { path: path.to_path_buf(), reason })?;
            }
        }
        [self.weights, self.state] = flat;
        let skipped = self.nodes.iter().zip(&mismatched).filter(|(_, mismatched)| **mismatched);
        Ok(skipped.map(|(node, _)| node.name.clone()).collect())
    }
}

impl<T: Scalar> Model<T> {
    /// Writes weights and state to a file, see [`Network::save_weights`].
    ///
    /// # Errors
    ///
    /// [`Error::NotBuilt`] before the first fit; else as [`Network::save_weights`].
    pub fn save_weights(&self, path: impl AsRef<Path>) -> Result<()> {
        self.network()?.save_weights(path)
    }

    /// Reads weights and state from a file; the optimizer's state is left as it is. See [`Network::load_weights`].
    ///
    /// # Errors
    ///
    /// [`Error::NotBuilt`] for a model that does not know its inputs yet; else as [`Network::load_weights`].
    pub fn load_weights(&mut self, path: impl AsRef<Path>) -> Result<()> {
        self.network_or_declared()?.load_weights(path)
    }

    /// Reads those weights that fit, see [`Network::load_weights_skip_mismatch`].
    ///
    /// # Errors
    ///
    /// As there; [`Error::NotBuilt`] for a model that does not know its inputs yet.
    pub fn load_weights_skip_mismatch(&mut self, path: impl AsRef<Path>) -> Result<Vec<String>> {
        self.network_or_declared()?.load_weights_skip_mismatch(path)
    }
}
