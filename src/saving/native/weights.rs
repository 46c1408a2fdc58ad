//! The values of a file put into a network that is there.

use super::contents::shape;
use super::decode::{StoredTensors, open};
use crate::engine::Network;
use crate::kernels::aligned::Aligned;
use crate::saving::format;
use crate::{Error, Result, Scalar, atomic};
use std::path::Path;

/// Reads weights and state, all of them or those of layers that match; the names of the other layers.
pub(crate) fn load<T: Scalar>(network: &mut Network<T>, path: &Path, skip: bool) -> Result<Vec<String>> {
    format::refuse_folder(path)?;
    let bytes = atomic::read(path)?;
    let (_, values) = open(&bytes, path)?;
    take_matching(network, values, path, skip)
}

/// Takes the values over, all or those of matching layers; the names of the other layers.
pub(super) fn take_matching<T: Scalar>(
    network: &mut Network<T>,
    values: StoredTensors<'_>,
    path: &Path,
    skip: bool,
) -> Result<Vec<String>> {
    let tensors = values.of_first_network().into_tensors();
    let names: Vec<String> = network.layer_names().map(str::to_string).collect();
    let name_of = |layer: usize| names.get(layer).cloned().unwrap_or_default();
    let tables = network.tables();
    let mut mismatched = vec![false; names.len()];
    let mut used = 0;
    for variable in tables.iter().flat_map(|(variables, _)| variables.iter()) {
        let wanted = shape(variable);
        match tensors.get(&variable.path) {
            Some(tensor) if tensor.shape == wanted => used += 1,
            other if !skip => {
                return Err(Error::Weights {
                    layer: name_of(variable.layer),
                    expected: format!("{} of shape {wanted:?} in {}", variable.path, path.display()),
                    found: other.map_or("none".into(), |tensor| format!("{:?}", tensor.shape)),
                });
            }
            _ => mismatched[variable.layer] = true,
        }
    }
    if !skip && used < tensors.len() {
        let unknown = |name: &&String| !tables.iter().any(|(known, _)| known.iter().any(|v| v.path == **name));
        let extra = tensors.keys().filter(unknown).min();
        return Err(Error::Weights {
            layer: "the model".into(),
            expected: "no other variables than those of the model".into(),
            found: format!("{} in {}", extra.map_or("more", String::as_str), path.display()),
        });
    }
    let mut flat = tables.map(|(_, values)| Aligned::from_slice(values));
    for ((variables, _), values) in tables.iter().zip(&mut flat) {
        for variable in variables.iter().filter(|variable| !mismatched[variable.layer]) {
            let Some(tensor) = tensors.get(&variable.path) else { continue };
            let to = &mut values[variable.range()];
            tensor.read(to).map_err(|reason| Error::ModelFile { path: path.to_path_buf(), reason })?;
        }
    }
    let [weights, state] = flat;
    network.set_flat(&weights, &state)?;
    Ok(names.into_iter().zip(mismatched).filter_map(|(name, mismatched)| mismatched.then_some(name)).collect())
}
