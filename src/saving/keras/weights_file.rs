//! The variables of a model as Keras's tree of groups.

use super::describe::NAME;
use super::hdf5::{Branch, Leaf, write};
use super::items;
use super::layer_list::groups;
use super::optimizer::{self, leaf};
use crate::engine::Network;
use crate::items::snake_case;
use crate::saving::native::{Contents, shape};
use crate::{Error, Result, Scalar};

/// The bytes of a file of weights.
pub(crate) fn weights<T: Scalar>(contents: &Contents<'_, T>) -> Result<Vec<u8>> {
    let network = contents.network.ok_or(Error::NotBuilt)?;
    let mut root = Branch::default();
    root.groups.push(("layers".into(), Branch { groups: layers(network)?, ..Branch::default() }));
    root.groups.push(("vars".into(), vars(NAME, Vec::new())));
    if let Some(state) = contents.optimizer_state {
        let name = snake_case(&state.optimizer().class_name());
        let inner = vars(&name, optimizer::write(state, network)?);
        root.groups.push(("optimizer".into(), Branch { groups: vec![("vars".into(), inner)], ..Branch::default() }));
    }
    Ok(write(&root))
}

/// The group of counted variables, with the name of what they belong to.
fn vars(name: &str, leaves: Vec<Leaf>) -> Branch {
    let arrays = leaves.into_iter().enumerate().map(|(place, leaf)| (place.to_string(), leaf)).collect();
    Branch { arrays, attributes: vec![("name".into(), name.into())], ..Branch::default() }
}

fn layers<T: Scalar>(network: &Network<T>) -> Result<Vec<(String, Branch)>> {
    let described = network.described().layers;
    let classes: Vec<String> = described.iter().map(|layer| layer.class_name()).collect();
    let groups = groups(classes.iter().map(String::as_str));
    let mut branches = Vec::new();
    for (place, (group, name)) in groups.into_iter().zip(network.layer_names()).enumerate() {
        let item = items::layer_of(&*described[place]);
        if item.is_input {
            continue;
        }
        let leaves = leaves(network, place)?;
        let mut branch = Branch::default();
        let variables = if item.is_wrapper {
            // The wrapped layer's variables, of which Keras counts the kernel here once more, before the vector.
            let mut inner = leaves;
            let vector = inner.pop();
            let kernel = inner.first().map(|kernel| Leaf {
                shape: kernel.shape.clone(),
                number: kernel.number,
                bytes: kernel.bytes.clone(),
            });
            let layer = Branch { groups: vec![("vars".into(), vars("layer", inner))], ..Branch::default() };
            branch.groups.push(("layer".into(), layer));
            kernel.into_iter().chain(vector).collect()
        } else {
            leaves
        };
        branch.groups.push(("vars".into(), vars(name, variables)));
        branches.push((group, branch));
    }
    Ok(branches)
}

/// The variables of a layer; none may be NaN or infinite, since the file could not be read then.
fn leaves<T: Scalar>(network: &Network<T>, layer: usize) -> Result<Vec<Leaf>> {
    let mut leaves = Vec::new();
    for (variables, values) in network.tables() {
        for variable in variables.iter().filter(|variable| variable.layer == layer) {
            let values = values.get(variable.range()).unwrap_or_default();
            if let Some(wrong) = values.iter().find(|value| !value.is_finite()) {
                return Err(Error::NotSerializable {
                    item: variable.path.clone(),
                    reason: format!("it holds {}; save a model whose training did not diverge", wrong.to_f64()),
                });
            }
            leaves.push(leaf(shape(variable), values.iter().copied()));
        }
    }
    Ok(leaves)
}
