//! The variables of a network from those of a file.

use super::hdf5::Array;
use super::items::{self, LearnedState};
use super::layer_list::{LayerList, groups};
use super::store::{LayerLocation, Store};
use crate::engine::{Blueprint, Network};
use crate::items::snake_case;
use crate::kernels::aligned::Aligned;
use crate::layers::{Normalization, Numbers};
use crate::saving::native::shape;
use crate::{Error, Result, Scalar, Variable};
use std::any::Any;
use std::collections::HashMap;

/// A layer's variables: of the weights, then of the state.
fn of_layer<'a>(tables: [&'a [Variable]; 2], layer: usize) -> impl Iterator<Item = (usize, &'a Variable)> {
    let of_table = move |(table, variables): (usize, &'a [Variable])| {
        variables.iter().filter(move |variable| variable.layer == layer).map(move |variable| (table, variable))
    };
    tables.into_iter().enumerate().flat_map(of_table)
}

/// The arrays of one layer, compared with its variables; the error states what is wrong.
fn matching<'a>(
    tables: [&[Variable]; 2],
    layer: usize,
    place: LayerLocation<'_>,
    store: &Store<'a>,
) -> Result<Vec<(usize, Variable, &'a Array<'a>)>> {
    let wanted: Vec<_> = of_layer(tables, layer).collect();
    if wanted.is_empty() {
        // Random layers of Keras count their draws, and a Normalization's statistics are part of its description here.
        return Ok(Vec::new());
    }
    let arrays = store.layer(place);
    paired_with_variables(wanted, arrays, place, store)
}

/// Variables with the arrays that hold their values.
fn paired_with_variables<'a>(
    wanted: Vec<(usize, &Variable)>,
    arrays: Option<Vec<&'a Array<'a>>>,
    place: LayerLocation<'_>,
    store: &Store<'a>,
) -> Result<Vec<(usize, Variable, &'a Array<'a>)>> {
    let expected = wanted.iter().map(|(_, variable)| format!("{} {:?}", variable.name(), shape(variable)));
    let expected: Vec<String> = expected.collect();
    let error = |found: String| Error::Weights { layer: place.name.into(), expected: expected.join(", "), found };
    let Some(arrays) = arrays else {
        return Err(error(format!("none; {}", store.contents())));
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
pub(super) fn fill<T: Scalar>(
    blueprint: Blueprint<T>,
    places: &[LayerLocation<'_>],
    store: &Store<'_>,
) -> Result<Network<T>> {
    let tables = [blueprint.variables.as_slice(), blueprint.state_variables.as_slice()];
    let mut found = Vec::new();
    let mut inner = HashMap::new();
    for (layer, place) in places.iter().enumerate() {
        found.push(matching_within(tables, layer, places, *place, store, &mut inner)?);
    }
    let mut flat = blueprint.zeros()?;
    for (table, variable, array) in found.iter().flatten() {
        copy(array, &mut flat[*table][variable.range()], &variable.path)?;
    }
    let [weights, state] = flat;
    Ok(blueprint.with_values(crate::random::fresh_seed(), weights, state))
}

/// The arrays of inner models by their names, in files of Keras 2.
type InnerModels<'p, 'a> = HashMap<&'p str, Option<Vec<((usize, usize), &'a Array<'a>)>>>;

/// The pairs of [`matching`], also for a layer of a model within the model.
fn matching_within<'p, 'a>(
    tables: [&[Variable]; 2],
    layer: usize,
    places: &[LayerLocation<'p>],
    place: LayerLocation<'p>,
    store: &Store<'a>,
    inner: &mut InnerModels<'p, 'a>,
) -> Result<Vec<(usize, Variable, &'a Array<'a>)>> {
    let Some(outer) = place.outer.filter(|_| store.is_named()) else {
        return matching(tables, layer, place, store);
    };
    let wanted: Vec<_> = of_layer(tables, layer).collect();
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let all = inner.entry(outer).or_insert_with(|| of_inner_model(tables, places, outer, store));
    let mine = all.as_ref().map(|all| of_inner_layer(all, layer));
    paired_with_variables(wanted, mine, place, store)
}

/// The arrays of the layers of a model within the model, which has one list of them in a file of Keras 2: those that are
/// trained, layer after layer, then the others. Nothing where the list is not as long.
fn of_inner_model<'a>(
    tables: [&[Variable]; 2],
    places: &[LayerLocation<'_>],
    outer: &str,
    store: &Store<'a>,
) -> Option<Vec<((usize, usize), &'a Array<'a>)>> {
    let inner: Vec<usize> = (0..places.len()).filter(|layer| places[*layer].outer == Some(outer)).collect();
    let mut order = Vec::new();
    for trained in [true, false] {
        for layer in &inner {
            let is_trained = |table: usize| table == 0 && !places[*layer].frozen;
            let variables = of_layer(tables, *layer).filter(|(table, _)| is_trained(*table) == trained);
            order.extend(variables.map(|(table, _)| (*layer, table)));
        }
    }
    let arrays = store.named_layer(outer)?;
    (arrays.len() == order.len()).then(|| order.into_iter().zip(arrays).collect())
}

/// The arrays of one layer, its weights before its state.
fn of_inner_layer<'a>(all: &[((usize, usize), &'a Array<'a>)], layer: usize) -> Vec<&'a Array<'a>> {
    let of_table = |table| all.iter().filter(move |(of, _)| *of == (layer, table)).map(|(_, array)| *array);
    of_table(0).chain(of_table(1)).collect()
}

/// The locations of a network's layers in a file that describes models within its model; the network has their layers in sequence.
fn places_within<'p>(
    classes: &'p [String],
    names: &'p [String],
    list: &'p LayerList,
) -> Option<Vec<LayerLocation<'p>>> {
    let mut described = list.layers.iter().filter(|layer| !layer.is_input());
    let places = classes.iter().zip(names).map(|(class, name)| match class.as_str() {
        items::INPUT => Some(LayerLocation { class, group: "", name, outer: None, frozen: false }),
        _ => described.next().filter(|layer| layer.class == *class).map(|layer| layer.store_place()),
    });
    let places: Option<Vec<_>> = places.collect();
    places.filter(|_| described.next().is_none())
}

/// Replaces the values of a network, all or those of layers that match; the names of the other layers. A file may describe
/// its model: `list`.
pub(super) fn replace<T: Scalar>(
    network: &mut Network<T>,
    store: &Store<'_>,
    list: Option<&LayerList>,
    skip: bool,
) -> Result<Vec<String>> {
    let classes: Vec<String> = network.described().layers.iter().map(|layer| layer.class_name()).collect();
    let (groups, names) = (groups(classes.iter().map(String::as_str)), network.layer_names());
    let names: Vec<String> = names.map(str::to_string).collect();
    let list = list.filter(|list| list.layers.iter().any(|layer| layer.outer.is_some()));
    let places = list.and_then(|list| places_within(&classes, &names, list));
    let is_by_order = store.is_named() && places.is_none();
    let named = if is_by_order { Some(in_order(network, &classes, &names, store, skip)?) } else { None };
    let known = |layer: &String| groups.iter().chain(&names).any(|known| known == layer);
    if let Some(other) =
        store.layers_with_variables().find(|layer| !skip && !store.is_named() && places.is_none() && !known(layer))
    {
        return Err(Error::Weights {
            layer: "the model".into(),
            expected: "no other layers with variables than those of the model".into(),
            found: format!("{other}; load_weights_skip_mismatch takes those that fit"),
        });
    }
    let mut flat = network.tables().map(|(_, values)| Aligned::from_slice(values));
    let mut skipped = Vec::new();
    let mut inner = HashMap::new();
    for (layer, ((class, group), name)) in classes.iter().zip(&groups).zip(&names).enumerate() {
        let tables = network.tables().map(|(variables, _)| variables);
        let name_in_file = match &named {
            Some(named) => named.get(layer).and_then(Option::as_deref),
            None => Some(name.as_str()),
        };
        let place = LayerLocation { class, group, name: name_in_file.unwrap_or(name), outer: None, frozen: false };
        if items::layer(class).learned == LearnedState::Moments && name_in_file.is_some() {
            same_moments(network, layer, place, store)?;
        }
        let within = places.as_deref().and_then(|places| Some((places, *places.get(layer)?)));
        let found = match (within, name_in_file) {
            (Some((places, place)), _) => matching_within(tables, layer, places, place, store, &mut inner),
            (None, Some(_)) => matching(tables, layer, place, store).map_err(|error| in_model(error, name, place.name)),
            (None, None) => paired_with_variables(of_layer(tables, layer).collect(), None, place, store),
        };
        match found {
            Ok(found) => {
                for (table, variable, array) in found {
                    copy(array, &mut flat[table][variable.range()], &variable.path)?;
                }
            }
            Err(_) if of_layer(tables, layer).next().is_none() => {}
            Err(_) if skip => skipped.push(name.clone()),
            Err(error) => return Err(error),
        }
    }
    let [weights, state] = flat;
    network.set_flat(&weights, &state)?;
    Ok(skipped)
}

/// An error about a layer by its name in the model, with that in the file.
fn in_model(error: Error, name: &str, name_in_file: &str) -> Error {
    match error {
        Error::Weights { expected, found, .. } if name != name_in_file => {
            Error::Weights { layer: name.into(), expected, found: format!("{found} in {name_in_file} of the file") }
        }
        other => other,
    }
}

/// The layer of a file of Keras 2 for each of a network's: as Keras goes, in the order of those with variables.
///
/// If their numbers differ and `skip` is set, the layers that can be identified are matched: those with a given name by
/// that, the others by class and order.
fn in_order<T: Scalar>(
    network: &Network<T>,
    classes: &[String],
    names: &[String],
    store: &Store<'_>,
    skip: bool,
) -> Result<Vec<Option<String>>> {
    let tables = network.tables().map(|(variables, _)| variables);
    let file: Vec<String> = store.layers_with_variables().collect();
    // What a Normalization has learned is among the variables of a file, unless it was given as arguments.
    let has_variables = |layer: usize| of_layer(tables, layer).next().is_some();
    let layers_with_variables = |with_learned: bool| -> Vec<usize> {
        let has_some = |(layer, class): (usize, &String)| {
            (has_variables(layer) || with_learned && items::layer(class).learned == LearnedState::Moments)
                .then_some(layer)
        };
        classes.iter().enumerate().filter_map(has_some).collect()
    };
    let mut found = vec![None; classes.len()];
    for layers in [layers_with_variables(true), layers_with_variables(false)] {
        if layers.len() == file.len() {
            layers.into_iter().zip(&file).for_each(|(layer, name)| found[layer] = Some(name.clone()));
            return Ok(found);
        }
    }
    let layers = layers_with_variables(false);
    if !skip {
        return Err(Error::Weights {
            layer: "the model".into(),
            expected: format!("{} layers with variables", layers.len()),
            found: format!("{}: {}; load_weights_skip_mismatch takes those that fit", file.len(), file.join(", ")),
        });
    }
    let known: Vec<String> = classes.iter().map(|class| snake_case(class)).collect();
    let is_counted = |name: &str| {
        let base = name.trim_end_matches(|letter: char| letter.is_ascii_digit());
        let base = if base.len() < name.len() { base.strip_suffix('_').unwrap_or(name) } else { name };
        known.iter().find(|known| *known == base)
    };
    for (place, layer) in layers.iter().enumerate() {
        let Some(name) = names.get(*layer) else { continue };
        found[*layer] = match is_counted(name) {
            Some(base) => {
                let before = layers.iter().take(place).filter_map(|other| names.get(*other));
                let rank = before.filter(|other| is_counted(other) == Some(base)).count();
                file.iter().filter(|name| is_counted(name) == Some(base)).nth(rank)
            }
            None => file.iter().find(|known| *known == name),
        }
        .cloned();
    }
    Ok(found)
}

/// Returns an error for a file whose Normalization learned other moments than the model's, which are part of its description.
fn same_moments<T: Scalar>(
    network: &Network<T>,
    layer: usize,
    place: LayerLocation<'_>,
    store: &Store<'_>,
) -> Result<()> {
    let Some([mean, variance, ..]) =
        store.layer(place).as_deref().and_then(|arrays| arrays.first_chunk::<2>().copied())
    else {
        return Ok(());
    };
    let item: Option<&dyn Any> = network.nodes.get(layer).map(|node| &*node.layer as &dyn Any);
    // A user-defined layer may have the same name.
    let Some(layer) = item.and_then(|item| item.downcast_ref::<Normalization>()) else { return Ok(()) };
    let names = ["mean", "variance"].into_iter().zip([mean, variance]);
    for ((name, array), ours) in names.zip(layer.get_moments()) {
        let ours = ours.map(Numbers::as_slice).unwrap_or_default();
        let (few, many) = (ours.len().min(array.values().count()), ours.len().max(array.values().count()));
        let pairs = ours.iter().cycle().zip(array.values().collect::<Vec<_>>().into_iter().cycle()).take(many);
        let same = pairs.into_iter().all(|(a, b)| (a - b).abs() <= 1e-6 * (1.0 + a.abs()));
        if !(same && (few == many || few == 1)) {
            return Err(Error::Weights {
                layer: place.name.into(),
                expected: format!("the {name} of the model's Normalization"),
                found: "another; load the whole model with keras::load_network".into(),
            });
        }
    }
    Ok(())
}
