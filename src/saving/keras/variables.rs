//! The variables of a network from those of a file.

use super::hdf5::Array;
use super::stack::groups;
use super::store::{Place, Store};
use crate::kernels::aligned::Aligned;
use crate::models::Network;
use crate::models::build::Blueprint;
use crate::models::files::shape;
use crate::{Error, Result, Scalar, Variable};

/// A layer's variables: of the weights, then of the state.
fn of_layer<'a>(tables: [&'a [Variable]; 2], layer: usize) -> impl Iterator<Item = (usize, &'a Variable)> {
    let of_table = move |(table, variables): (usize, &'a [Variable])| {
        variables.iter().filter(move |variable| variable.layer == layer).map(move |variable| (table, variable))
    };
    tables.into_iter().enumerate().flat_map(of_table)
}

/// The arrays of one layer, held against its variables; the error tells what is wrong.
fn matching<'a>(
    tables: [&[Variable]; 2],
    layer: usize,
    place: Place<'_>,
    store: &Store<'a>,
) -> Result<Vec<(usize, Variable, &'a Array<'a>)>> {
    let wanted: Vec<_> = of_layer(tables, layer).collect();
    let arrays = store.layer(place);
    if wanted.is_empty() {
        // Random layers of Keras count their draws, and a Normalization's figures are part of its description here.
        return Ok(Vec::new());
    }
    let expected = wanted.iter().map(|(_, variable)| format!("{} {:?}", variable.name(), shape(variable)));
    let expected: Vec<String> = expected.collect();
    let error = |found: String| Error::Weights { layer: place.name.into(), expected: expected.join(", "), found };
    let Some(arrays) = arrays else {
        let known = store.layers().join(", ");
        return Err(error(format!("none; the file has variables of {known}")));
    };
    let fits = arrays.len() == wanted.len()
        && wanted.iter().zip(&arrays).all(|((_, variable), array)| shape(variable) == array.shape);
    if !fits {
        let shapes: Vec<String> = arrays.iter().map(|array| format!("{:?}", array.shape)).collect();
        return Err(error(if shapes.is_empty() { "none".into() } else { shapes.join(", ") }));
    }
    Ok(wanted.into_iter().zip(arrays).map(|((table, variable), array)| (table, variable.clone(), array)).collect())
}

/// Copies the values of an array of the right size; none may be NaN or infinite.
pub(super) fn copy<T: Scalar>(array: &Array<'_>, to: &mut [T], name: &str) -> Result<()> {
    let fault = |found: String| Error::Weights { layer: name.into(), expected: "finite numbers".into(), found };
    let beyond = ", which is beyond the range of f32; load it into a model of f64";
    for (place, (to, value)) in to.iter_mut().zip(array.values()).enumerate() {
        *to = T::of(value);
        if !to.is_finite() {
            let beyond = if value.is_finite() { beyond } else { "" };
            return Err(fault(format!("{value:e} at position {place}{beyond}")));
        }
    }
    Ok(())
}

/// The network with the values of a file; its vectors are allocated once the file is known to fill them.
pub(super) fn fill<T: Scalar>(blueprint: Blueprint<T>, places: &[Place<'_>], store: &Store<'_>) -> Result<Network<T>> {
    let tables = [blueprint.variables.as_slice(), blueprint.state_variables.as_slice()];
    let found = places.iter().enumerate().map(|(layer, place)| matching(tables, layer, *place, store));
    let found: Vec<_> = found.collect::<Result<_>>()?;
    let mut flat = blueprint.lengths().map(Aligned::zeros);
    for (table, variable, array) in found.iter().flatten() {
        copy(array, &mut flat[*table][variable.range()], &variable.path)?;
    }
    let [weights, state] = flat;
    Ok(blueprint.with_values(crate::random::fresh_seed(), weights, state))
}

/// Replaces the values of a network, all or those of layers that match; the names of the other layers.
pub(super) fn replace<T: Scalar>(network: &mut Network<T>, store: &Store<'_>, skip: bool) -> Result<Vec<String>> {
    let classes: Vec<String> = network.architecture().layers().iter().map(|layer| layer.class_name()).collect();
    let (groups, names) = (groups(classes.iter().map(String::as_str)), network.layer_names());
    let names: Vec<String> = names.map(str::to_string).collect();
    let known = |layer: &&str| groups.iter().chain(&names).any(|known| known == layer);
    if let Some(other) = store.layers_with_variables().find(|layer| !skip && !known(layer)) {
        return Err(Error::Weights {
            layer: "the model".into(),
            expected: "no other layers with variables than its own".into(),
            found: format!("{other}; load_weights_skip_mismatch takes those that fit"),
        });
    }
    let mut flat = network.tables().map(|(_, values)| Aligned::from_slice(values));
    let mut skipped = Vec::new();
    for (layer, ((class, group), name)) in classes.iter().zip(&groups).zip(&names).enumerate() {
        let place = Place { class, group, name };
        if class == "Normalization" {
            same_moments(network, layer, place, store)?;
        }
        match matching(network.tables().map(|(variables, _)| variables), layer, place, store) {
            Ok(found) => {
                for (table, variable, array) in found {
                    copy(array, &mut flat[table][variable.range()], &variable.path)?;
                }
            }
            Err(_) if skip => skipped.push(name.clone()),
            Err(error) => return Err(error),
        }
    }
    let [weights, state] = flat;
    network.set_flat(&weights, &state)?;
    Ok(skipped)
}

/// Refuses a file whose Normalization learned other figures than the model's, which are part of its description.
fn same_moments<T: Scalar>(network: &Network<T>, layer: usize, place: Place<'_>, store: &Store<'_>) -> Result<()> {
    let Some([mean, variance, ..]) =
        store.layer(place).as_deref().and_then(|arrays| arrays.first_chunk::<2>().copied())
    else {
        return Ok(());
    };
    let Some(layer) = network.architecture().layers().get(layer) else { return Ok(()) };
    let config = layer.config()?;
    for (name, array) in [("mean", mean), ("variance", variance)] {
        let numbers = |value: &serde_json::Value| -> Vec<f64> {
            let list = value.as_array().map(|list| list.iter().filter_map(serde_json::Value::as_f64).collect());
            list.unwrap_or_else(|| value.as_f64().into_iter().collect())
        };
        let own = config.get(name).map(numbers).unwrap_or_default();
        let (few, many) = (own.len().min(array.values().count()), own.len().max(array.values().count()));
        let pairs = own.iter().cycle().zip(array.values().collect::<Vec<_>>().into_iter().cycle()).take(many);
        let same = pairs.into_iter().all(|(a, b)| (a - b).abs() <= 1e-6 * (1.0 + a.abs()));
        if !(same && (few == many || few == 1)) {
            return Err(Error::Weights {
                layer: place.name.into(),
                expected: format!("the {name} of the model's own Normalization"),
                found: "another; load the whole model with keras::load_network".into(),
            });
        }
    }
    Ok(())
}
