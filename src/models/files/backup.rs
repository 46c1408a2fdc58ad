//! The state of a fit: weights, the optimizer's state, and where in the fit it was.

use super::Contents;
use super::decode::open;
use super::document::{Document, Position};
use crate::models::{Network, Optimization};
use crate::{Error, Result, Scalar};
use std::path::Path;

/// Writes the state of a fit, which needs no description of the layers.
pub(crate) fn back_up<T: Scalar>(
    network: &Network<T>,
    optimization: &Optimization<T>,
    position: Position,
    path: &Path,
) -> Result<()> {
    let position = Some(position);
    Contents { optimization: Some(optimization), position, ..Contents::weights_of(network) }.save(path)
}

/// Returns to the state of a fit of the same model; both are unchanged after an error.
pub(crate) fn restore<T: Scalar>(
    network: &mut Network<T>,
    optimization: &mut Optimization<T>,
    path: &Path,
) -> Result<Position> {
    let bytes = super::atomic::read(path)?;
    let (document, mut values) = open(&bytes, path)?;
    let fault = |reason: String| Error::ModelFile { path: path.to_path_buf(), reason };
    let document: Document =
        serde_json::from_str(&document).map_err(|error| fault(format!("its configuration cannot be read: {error}")))?;
    let (Some(training), Some(position)) = (document.training, document.position) else {
        return Err(fault("it is no backup of a fit".into()));
    };
    let mut state = optimization.clone();
    let other = |reason: String| {
        fault(format!(
            "it is a backup of another model or optimizer ({reason}); remove it, or give this fit another folder"
        ))
    };
    values.fill_training(&mut state, network, &training).map_err(|error| match error {
        Error::ModelFile { reason, .. } => other(reason),
        error => error,
    })?;
    if let Some(name) = values.left_of_training() {
        return Err(other(format!("it has {name}")));
    }
    network.take_matching(values, path, false).map_err(|error| other(error.to_string()))?;
    *optimization = state;
    if let Some(part) = document.network {
        network.seed = part.seed;
    }
    Ok(position)
}
