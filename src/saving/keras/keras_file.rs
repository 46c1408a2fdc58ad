//! The parts of a saved model: those of an archive, of a folder, of a file of weights, and of Keras 2's one file.

use super::archive::Archive;
use super::hdf5::SIGNATURE;
use crate::atomic;
use crate::saving::format::FileFormat;
use crate::{Error, Result};
use std::collections::HashMap;
use std::path::Path;

const CONFIG: &str = "config.json";
const WEIGHTS: &str = "model.weights.h5";
const METADATA: &str = "metadata.json";

/// The parts of a saved model.
#[derive(Debug, Default)]
pub(super) struct KerasFile {
    /// The JSON text; `None` for an HDF5 file, which holds it itself or holds only weights.
    pub(super) config: Option<String>,
    /// The HDF5 file.
    pub(super) weights: Vec<u8>,
    /// Vocabularies by their path below `assets`, such as `layers/integer_lookup`.
    pub(super) vocabularies: HashMap<String, String>,
    /// The version of Keras that wrote it; an HDF5 file of a whole model states it itself.
    pub(super) version: Option<String>,
    /// The bytes read in all.
    pub(super) size: usize,
}

impl KerasFile {
    pub(super) fn read(path: &Path) -> Result<Self> {
        if path.is_dir() {
            return Self::folder(path);
        }
        let file = atomic::read(path)?;
        let fault = |reason: String| Error::ModelFile { path: path.to_path_buf(), reason };
        if file.starts_with(SIGNATURE) {
            return Ok(KerasFile { size: file.len(), weights: file, ..KerasFile::default() });
        }
        if !Archive::is(&file) {
            let other = FileFormat::of(&file).map(FileFormat::opened_by);
            let reason = "it is neither an archive of Keras (.keras) nor an HDF5 file (.h5)";
            return Err(fault(other.unwrap_or_else(|| reason.into())));
        }
        Self::archive(&file).map_err(fault)
    }

    pub(super) fn archive(file: &[u8]) -> std::result::Result<Self, String> {
        let mut archive = Archive::open(file)?;
        let mut text = |name: &str| -> std::result::Result<Option<Vec<u8>>, String> { archive.read(name) };
        let config = text(CONFIG)?.ok_or_else(|| format!("the archive has no {CONFIG}"))?;
        let config = String::from_utf8(config).map_err(|_| format!("{CONFIG} is not UTF-8"))?;
        let weights = text(WEIGHTS)?.ok_or_else(|| format!("the archive has no {WEIGHTS}"))?;
        let version = text(METADATA)?.and_then(|bytes| version_of(&bytes));
        let mut source = KerasFile { config: Some(config), weights, version, size: file.len(), ..KerasFile::default() };
        let names: Vec<String> = archive.names().map(str::to_string).collect();
        for name in names {
            let Some(layer) = vocabulary_of(&name) else { continue };
            let bytes = archive.read(&name)?.unwrap_or_default();
            let text = String::from_utf8(bytes).map_err(|_| format!("{name} is not UTF-8"))?;
            source.vocabularies.insert(layer.to_string(), text);
        }
        Ok(source)
    }

    fn folder(path: &Path) -> Result<Self> {
        let config = path.join(CONFIG);
        if !config.is_file() {
            let reason = format!("it is a folder without a {CONFIG}, so Keras did not save a model there");
            return Err(Error::ModelFile { path: path.to_path_buf(), reason });
        }
        let text = String::from_utf8(atomic::read(&config)?)
            .map_err(|_| Error::ModelFile { path: config, reason: "it is not UTF-8".into() })?;
        let weights = atomic::read(&path.join(WEIGHTS))?;
        let mut source = KerasFile { size: text.len() + weights.len(), ..KerasFile::default() };
        (source.config, source.weights) = (Some(text), weights);
        source.version = atomic::read(&path.join(METADATA)).ok().and_then(|bytes| version_of(&bytes));
        let layers = path.join("assets").join("layers");
        for entry in std::fs::read_dir(layers).into_iter().flatten().flatten() {
            let file = entry.path().join("vocabulary.txt");
            let (Ok(text), Some(layer)) =
                (std::fs::read_to_string(file), entry.file_name().to_str().map(str::to_string))
            else {
                continue;
            };
            source.size += text.len();
            source.vocabularies.insert(format!("layers/{layer}"), text);
        }
        Ok(source)
    }
}

/// The version in the metadata of an archive.
fn version_of(metadata: &[u8]) -> Option<String> {
    let metadata: serde_json::Value = serde_json::from_slice(metadata).ok()?;
    metadata.get("keras_version")?.as_str().map(str::to_string)
}

/// The layer whose vocabulary a file of an archive holds.
fn vocabulary_of(name: &str) -> Option<&str> {
    name.strip_prefix("assets/")?.strip_suffix("/vocabulary.txt")
}
