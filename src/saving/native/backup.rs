//! The state of a fit: weights, the optimizer's state, where in the fit it was, and what its callbacks remember.

use super::Contents;
use super::contents::shape;
use super::decode::{FAR, StoredTensors, open};
use super::document::{CallbackPart, FitPart};
use super::indexed_names::callback_prefix;
use super::weights::take_matching;
use crate::engine::fit_state::{BackupRequest, FitState, Position, Resumed, ResumedFit, StoredCallback};
use crate::engine::{CallbackState, Network, Snapshot};
use crate::optimizers::OptimizerState;
use crate::{Error, Result, Scalar};
use std::fs;
use std::path::Path;

/// Writes the state of a fit, which needs no description of the layers.
pub(crate) fn back_up<T: Scalar>(
    network: &Network<T>,
    optimizer_state: &OptimizerState<T>,
    state: &FitState<'_, T>,
    request: &BackupRequest<T>,
) -> Result<()> {
    let contents =
        Contents { optimizer_state: Some(optimizer_state), fit: Some(state), ..Contents::weights_of(network) };
    // What cannot be written must not cost the backup that is there its place.
    let bytes = contents.bytes_for(&request.path)?;
    if let Some(previous) = request.previous.as_ref().filter(|_| request.path.exists()) {
        let io = |source| Error::Io { path: previous.clone(), source };
        fs::rename(&request.path, previous).map_err(io)?;
    }
    crate::atomic::write(&request.path, &bytes)
}

/// Returns to the state of a fit of the same model; both are unchanged after an error.
pub(crate) fn restore<T: Scalar>(
    network: &mut Network<T>,
    optimizer_state: &mut OptimizerState<T>,
    path: &Path,
) -> Result<Resumed<T>> {
    let bytes = crate::atomic::read(path)?;
    let (configuration, mut values) = open(&bytes, path)?;
    let fault = |reason: String| Error::ModelFile { path: path.to_path_buf(), reason };
    let document = configuration.document().map_err(fault)?;
    let (Some(training), Some(position)) = (document.training, document.position) else {
        return Err(fault("it is not a backup of a fit".into()));
    };
    let Position { epoch, step, batch, order } = position;
    if [epoch, step, batch].into_iter().any(|count| count as u64 >= FAR) || order >= FAR {
        let found = format!("epoch {epoch}, step {step}, batch {batch} and order {order}");
        return Err(fault(format!("its position is {found}; expected less than {FAR}: the file was changed")));
    }
    let mut state = optimizer_state.clone();
    let other = |reason: String| {
        fault(format!(
            "it is a backup of another model or optimizer ({reason}); remove it, or choose another folder for this fit"
        ))
    };
    let of_another_model = |error| match error {
        Error::ModelFile { reason, .. } => other(reason),
        error => error,
    };
    values.fill_training(&mut state, network, &training).map_err(of_another_model)?;
    if let Some(name) = values.left_of_training() {
        return Err(other(format!("it has {name}")));
    }
    let fit = document.fit.map(|part| read_fit(part, network, &mut values)).transpose().map_err(of_another_model)?;
    take_matching(network, values, path, false).map_err(|error| other(error.to_string()))?;
    *optimizer_state = state;
    if let Some(part) = document.network {
        network.seed = part.seed;
    }
    Ok(Resumed { path: path.to_path_buf(), position, fit })
}

fn read_fit<T: Scalar>(part: FitPart, network: &Network<T>, values: &mut StoredTensors<'_>) -> Result<ResumedFit<T>> {
    let mut callbacks = Vec::new();
    for (index, CallbackPart { name, place, values: remembered, snapshot }) in part.callbacks.into_iter().enumerate() {
        let snapshot = match snapshot {
            Some(epoch) => Some(read_snapshot(epoch, &callback_prefix(index), network, values)?),
            None => None,
        };
        callbacks.push(StoredCallback { name, place, state: CallbackState { values: remembered, snapshot } });
    }
    Ok(ResumedFit { stopped: part.stopped, history: part.history, running: part.running, callbacks })
}

fn read_snapshot<T: Scalar>(
    epoch: usize,
    prefix: &str,
    network: &Network<T>,
    values: &mut StoredTensors<'_>,
) -> Result<Snapshot<T>> {
    let mut vectors = Vec::new();
    for (variables, of_model) in network.tables() {
        // Padding between variables belongs to no variable.
        let mut vector = of_model.to_vec();
        for variable in variables {
            let tensor = values.take(&format!("{prefix}{}", variable.path), &shape(variable))?;
            values.fill(&[tensor], std::slice::from_ref(variable), &mut vector)?;
        }
        vectors.push(vector);
    }
    let mut vectors = vectors.into_iter();
    let (weights, state) = (vectors.next().unwrap_or_default(), vectors.next().unwrap_or_default());
    Ok(Snapshot { epoch, weights, state })
}
