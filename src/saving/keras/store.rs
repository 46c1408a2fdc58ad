//! The variables in a file: where Keras 3 and where Keras 2 put them.

use super::hdf5::{Array, Group};

/// The HDF5 tree of a file of weights, or of a whole model of Keras 2.
#[derive(Debug)]
pub(super) struct Store<'a> {
    root: &'a Group<'a>,
    /// The group of layers that carry the names of their variables in an attribute; Keras 3 counts them instead.
    named: Option<&'a Group<'a>>,
}

/// A layer as files know it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) class: &'a str,
    /// Its group in a file of Keras 3.
    pub(super) group: &'a str,
    /// Its name, which is its group in a file of Keras 2.
    pub(super) name: &'a str,
}

impl<'a> Store<'a> {
    pub(super) fn new(root: &'a Group<'a>) -> Self {
        let whole = root.group("model_weights");
        Store { root, named: whole.or_else(|| names(root, "layer_names").map(|_| root)) }
    }

    /// The description of the model and of its training in a file of Keras 2.
    pub(super) fn descriptions(&self) -> [Option<&str>; 2] {
        ["model_config", "training_config"].map(|name| match self.root.attribute(name) {
            Some([text]) => Some(text.as_str()),
            _ => None,
        })
    }

    /// The variables of a layer, in this crate's order; nothing where the file does not know the layer.
    pub(super) fn layer(&self, layer: Place<'_>) -> Option<Vec<&'a Array<'a>>> {
        if let Some(layers) = self.named {
            return arrays(layers.group(layer.name)?);
        }
        let group = self.root.group("layers")?.group(layer.group)?;
        let own: Vec<_> = group.group("vars")?.counted().collect();
        // The kernel stands twice: once more among the variables of the layer that is wrapped.
        match (layer.class, group.group("layer/vars")) {
            ("SpectralNormalization", Some(inner)) => Some(inner.counted().chain(own.into_iter().skip(1)).collect()),
            _ => Some(own),
        }
    }

    /// The names of the layers that have variables, for messages.
    pub(super) fn layers(&self) -> Vec<&str> {
        let group = self.named.or_else(|| self.root.group("layers"));
        group.map(|group| group.group_names().collect()).unwrap_or_default()
    }

    /// The layers that have variables: their groups in a file of Keras 3, their names in one of Keras 2.
    pub(super) fn layers_with_variables(&self) -> impl Iterator<Item = &str> {
        let group = self.named.or_else(|| self.root.group("layers"));
        let has_some = |layer: &Group<'_>| match self.named {
            Some(_) => names(layer, "weight_names").is_some_and(|names| !names.is_empty()),
            None => layer.group("vars").is_some_and(|variables| variables.counted().next().is_some()),
        };
        let with = move |name: &&str| group.and_then(|group| group.group(name)).is_some_and(has_some);
        group.into_iter().flat_map(Group::group_names).filter(with)
    }

    /// The variables of the optimizer; nothing where there are none.
    pub(super) fn optimizer(&self) -> Option<Vec<&'a Array<'a>>> {
        match self.named {
            Some(_) => arrays(self.root.group("optimizer_weights")?),
            None => Some(self.root.group("optimizer/vars")?.counted().collect()),
        }
    }
}

/// The names in an attribute, which is cut in pieces `name0`, `name1`, … where it is long.
fn names<'a>(group: &'a Group<'a>, attribute: &str) -> Option<Vec<&'a str>> {
    if let Some(names) = group.attribute(attribute) {
        return Some(names.iter().map(String::as_str).collect());
    }
    let pieces: Vec<_> = (0..).map_while(|piece| group.attribute(&format!("{attribute}{piece}"))).collect();
    (!pieces.is_empty()).then(|| pieces.into_iter().flatten().map(String::as_str).collect())
}

/// The arrays that a group names, in the order of the names.
fn arrays<'a>(group: &'a Group<'a>) -> Option<Vec<&'a Array<'a>>> {
    names(group, "weight_names")?.into_iter().map(|name| group.array(name)).collect()
}
