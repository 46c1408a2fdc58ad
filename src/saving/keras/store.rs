//! The variables in a file: where Keras 3 and where Keras 2 put them.

use super::hdf5::{Array, Group};
use super::items;
use std::cell::RefCell;
use std::collections::HashMap;

/// The groups that layers are in: those of Keras 3 and TF-Keras 2.15, and those of TF-Keras 2.12 to 2.14.
const LAYERS: [&str; 2] = ["layers", "_layer_checkpoint_dependencies"];

/// The separators between the names of groups: TF-Keras on Windows joined them to one name.
const SEPARATORS: [&str; 2] = ["/", "\\"];

/// The HDF5 tree of a file of weights, or of a whole model of Keras 2.
#[derive(Debug)]
pub(super) struct Store<'a> {
    root: &'a Group<'a>,
    /// The group of layers that carry the names of their variables in an attribute; Keras 3 counts them instead.
    named: Option<&'a Group<'a>>,
    /// The names of layers in a group of TF-Keras by their names without gaps.
    ranked: RefCell<HashMap<String, HashMap<String, &'a str>>>,
}

/// A layer as files know it.
#[derive(Debug, Clone, Copy)]
pub(super) struct LayerLocation<'a> {
    pub(super) class: &'a str,
    /// Its group in a file of Keras 3, after the groups of the models that it is in.
    pub(super) group: &'a str,
    /// Its name, which is its group in a file of Keras 2.
    pub(super) name: &'a str,
    /// The model within the model that it is in, whose group it is in together with others in a file of Keras 2.
    pub(super) outer: Option<&'a str>,
    /// Whether it was not trained.
    pub(super) frozen: bool,
}

impl<'a> Store<'a> {
    pub(super) fn new(root: &'a Group<'a>) -> Self {
        let whole = root.group("model_weights");
        let named = whole.or_else(|| names(root, "layer_names").map(|_| root));
        Store { root, named, ranked: RefCell::default() }
    }

    /// The description of the model and of its training in a file of Keras 2.
    pub(super) fn descriptions(&self) -> [Option<&str>; 2] {
        ["model_config", "training_config"].map(|name| self.text(name))
    }

    /// The version of Keras that wrote a file of Keras 2.
    pub(super) fn version(&self) -> Option<&str> {
        self.text("keras_version")
    }

    fn text(&self, attribute: &str) -> Option<&str> {
        match self.root.attribute(attribute) {
            Some([text]) => Some(text.as_str()),
            _ => None,
        }
    }

    /// Whether layers carry the names of their variables, as those of Keras 2 do.
    pub(super) fn is_named(&self) -> bool {
        self.named.is_some()
    }

    /// Whether it is an archive's file of TF-Keras 2.12 to 2.14, or of any on Windows.
    pub(super) fn is_of_tf_keras(&self) -> bool {
        let [_, dependencies] = LAYERS;
        self.named.is_none()
            && self.root.group_names().any(|name| name.starts_with(dependencies) || name.contains('\\'))
    }

    /// The variables of a layer, in this crate's order; nothing where the file does not know the layer.
    pub(super) fn layer(&self, layer: LayerLocation<'_>) -> Option<Vec<&'a Array<'a>>> {
        if self.named.is_some() {
            return self.named_layer(layer.name);
        }
        let outer = self.counted(layer.group, "")?;
        // The kernel is there twice: once more among the variables of the layer that is wrapped.
        match (items::layer(layer.class).is_wrapper, self.counted(layer.group, "layer")) {
            (true, Some(inner)) => Some(inner.into_iter().chain(outer.into_iter().skip(1)).collect()),
            _ => Some(outer),
        }
    }

    /// The variables of a layer, or of a model within the model, by its name in a file of Keras 2.
    pub(super) fn named_layer(&self, name: &str) -> Option<Vec<&'a Array<'a>>> {
        arrays(self.named?.group(name)?)
    }

    /// The counted variables of a layer, or of the part of it that `inner` names.
    fn counted(&self, group: &str, inner: &str) -> Option<Vec<&'a Array<'a>>> {
        let ways = LAYERS.iter().flat_map(|layers| SEPARATORS.map(|separator| (*layers, separator)));
        let mut found = ways.filter_map(|(layers, separator)| {
            let mut path = String::new();
            for name in group.split('/') {
                if !path.is_empty() {
                    path += separator;
                }
                path += layers;
                let known = if layers == LAYERS[0] { Some(name) } else { self.ranked(&path, separator, name) };
                path = [path.as_str(), known?].join(separator);
            }
            if !inner.is_empty() {
                path = [path.as_str(), inner].join(separator);
            }
            self.at(&path, separator)
        });
        found.find_map(|group| group.group("vars")).map(|variables| variables.counted().collect())
    }

    fn at(&self, path: &str, separator: &str) -> Option<&'a Group<'a>> {
        if separator == "/" { self.root.group(path) } else { self.root.member(path) }
    }

    /// The names of the groups within the group of a path.
    fn within(&self, path: &str, separator: &str) -> Vec<&'a str> {
        if separator == "/" {
            return self.root.group(path).map(|group| group.group_names().collect()).unwrap_or_default();
        }
        let inner = |name: &'a str| name.strip_prefix(path)?.strip_prefix(separator);
        self.root.group_names().filter_map(inner).filter(|name| !name.contains(separator)).collect()
    }

    /// The name in a group of the layer that `name` counts without gaps: TF-Keras 2.12 and 2.13 count layers with weights
    /// twice, so that `dense_1` is `dense_2` there.
    fn ranked(&self, path: &str, separator: &str, name: &str) -> Option<&'a str> {
        let mut known = self.ranked.borrow_mut();
        let names = known.entry([path, separator].concat()).or_insert_with(|| {
            let names = self.within(path, separator);
            renumbered(&names).into_iter().zip(names.iter().copied()).collect()
        });
        names.get(name).copied()
    }

    /// The contents of a file, for the message about a layer that is not in it.
    pub(super) fn contents(&self) -> String {
        match self.layers() {
            names if !names.is_empty() => format!("the file has variables of {}", names.join(", ")),
            _ => format!(
                "the file has no layers where Keras puts them, in {}; its groups are {}",
                LAYERS.join(" or "),
                self.root.group_names().collect::<Vec<_>>().join(", ")
            ),
        }
    }

    /// The layers of a file: their groups in one of Keras 3, counted without gaps; their names in one of Keras 2, in the order
    /// of the model.
    pub(super) fn layers(&self) -> Vec<String> {
        if let Some(named) = self.named {
            let names = names(named, "layer_names").unwrap_or_else(|| named.group_names().collect());
            return names.into_iter().map(str::to_string).collect();
        }
        let [layers, dependencies] = LAYERS;
        let all = |layers| SEPARATORS.into_iter().flat_map(move |separator| self.within(layers, separator));
        let ranked: Vec<&str> = all(dependencies).collect();
        all(layers).map(str::to_string).chain(renumbered(&ranked)).collect()
    }

    /// The layers that have variables.
    pub(super) fn layers_with_variables(&self) -> impl Iterator<Item = String> {
        let has_some = |layer: &String| match self.named {
            Some(named) => {
                let names = named.group(layer).and_then(|layer| names(layer, "weight_names"));
                names.is_some_and(|names| !names.is_empty())
            }
            None => self.counted(layer, "").is_some_and(|variables| !variables.is_empty()),
        };
        self.layers().into_iter().filter(has_some)
    }

    /// The variables of the optimizer; nothing if there are none.
    pub(super) fn optimizer(&self) -> Option<Vec<&'a Array<'a>>> {
        match self.named {
            Some(_) => arrays(self.root.group("optimizer_weights")?),
            None => Some(self.root.group("optimizer/vars")?.counted().collect()),
        }
    }
}

/// The name of a group without its count, and the count: `dense_2` is the third, 2.
fn base_and_number(name: &str) -> (&str, usize) {
    let counted = name.rsplit_once('_').and_then(|(base, number)| Some((base, number.parse().ok()?)));
    counted.unwrap_or((name, 0))
}

/// Names with counts that have no gaps, in the order of the counts they have.
fn renumbered(names: &[&str]) -> Vec<String> {
    let mut places: Vec<usize> = (0..names.len()).collect();
    places.sort_by_key(|place| base_and_number(names[*place]));
    let mut counts: HashMap<&str, usize> = HashMap::new();
    let mut renumbered = vec![String::new(); names.len()];
    for place in places {
        let (base, _) = base_and_number(names[place]);
        let count = counts.entry(base).and_modify(|count| *count += 1).or_insert(0);
        renumbered[place] = if *count == 0 { base.to_string() } else { format!("{base}_{count}") };
    }
    renumbered
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_in_counts_are_closed() {
        let names = ["dense_10", "dense", "dropout_1", "dense_2", "dropout"];
        assert_eq!(renumbered(&names), ["dense_2", "dense", "dropout_1", "dense_1", "dropout"]);
    }
}
