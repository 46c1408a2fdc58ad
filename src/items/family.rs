//! Families of items, and how a name becomes one of their items.

use super::Spec;
use super::registry::{Make, UserDefined, scope};
use crate::{Error, Result};
use serde_json::Value;
use std::any::{Any, TypeId};
use std::rc::Rc;
use std::sync::Arc;

/// A family of items, identified by the trait object that its items are used as: `dyn Loss<f32>`, `dyn Schedule`.
///
/// Implemented for the families of the crate; a user-defined item implements the trait of its family, not this one.
pub trait Family: Spec {
    /// The word for an item of the family in messages: `"loss"`.
    const KIND: &'static str;

    /// The name of the item that `null` means; most families have none.
    const OF_NULL: Option<&'static str> = None;

    /// The item of a class name, or another name that Keras accepts for it, with arguments under Keras's names; `null` takes
    /// the defaults.
    ///
    /// # Errors
    ///
    /// [`Error::Unknown`] with the names that exist, [`Error::UnknownArgument`] with the arguments where the configuration has
    /// another key, [`Error::Configuration`] for an argument that cannot be read.
    fn get(name: &str, config: Value) -> Result<Arc<Self>>;

    /// The item for a name that a user passes instead of an item, as in `compile("adam", "mse", ())`.
    ///
    /// # Errors
    ///
    /// [`Error::Unknown`] with the names that exist.
    fn named(name: &str) -> Result<Arc<Self>> {
        Self::get(name, Value::Null)
    }

    /// The class names of the family's items.
    fn names() -> Vec<&'static str>;

    /// Whether an item is built in, whatever its class name.
    fn is_built_in(item: &Self) -> bool;

    /// An item with the code that is compiled in this crate; a user-defined item is returned as it is.
    fn adopt(item: Arc<Self>) -> Arc<Self>;
}

/// One item that can be created from its name and arguments.
pub(crate) struct ItemEntry<I: ?Sized> {
    /// The item's class name.
    pub(crate) name: &'static str,
    /// Makes it from its configuration; `null` means the defaults.
    pub(crate) make: fn(Value) -> Result<Arc<I>>,
    /// Clones a value of the item's type; none for a value of another type.
    pub(crate) adopt: fn(&dyn Any) -> Option<Arc<I>>,
}

/// An item with the code that is compiled in this crate.
///
/// The methods of an item are generic in the element type, so for a value that a program passes they are compiled with the
/// program, during development without optimization. The entries of a family refer to code that is compiled in this crate.
pub(crate) fn adopted<I: ?Sized>(entries: &[ItemEntry<I>], item: Arc<I>, value: fn(&I) -> &dyn Any) -> Arc<I> {
    for entry in entries {
        if let Some(adopted) = (entry.adopt)(value(&item)) {
            return adopted;
        }
    }
    item
}

/// Whether the type of an item is that of one of the entries.
pub(crate) fn is_built_in<I: ?Sized>(entries: &[ItemEntry<I>], value: &dyn Any) -> bool {
    for entry in entries {
        if (entry.adopt)(value).is_some() {
            return true;
        }
    }
    false
}

/// The note after the known names while a file is read.
const USER_DEFINED: &str = "a user-defined one is found through a Registry, passed to load_with, from_json_with or FitOptions::from_config, for \
     Keras's files to load_model_with, load_network_with or model_from_json_with";

/// Creates the item with this name from the entries, their aliases, and those of the [scope](super::registry::in_scope).
///
/// `spelled` is the other spelling of a class name that Keras accepts.
pub(crate) fn find<I: ?Sized + 'static>(
    kind: &'static str,
    entries: &[ItemEntry<I>],
    aliases: &[(&str, &str)],
    spelled: fn(&str) -> String,
    name: &str,
    config: Value,
) -> Result<Arc<I>> {
    let named = EntryNames { count: entries.len(), of: &|index| entries[index].name, aliases };
    match named.position(spelled, name) {
        Some(index) => (entries[index].make)(config),
        None => registered(scope(), name, config, &|names| named.unknown(kind, name, names)),
    }
}

/// The names of a family's entries and their aliases, for entries of any type.
struct EntryNames<'a> {
    count: usize,
    of: &'a dyn Fn(usize) -> &'static str,
    aliases: &'a [(&'a str, &'a str)],
}

impl EntryNames<'_> {
    /// The index of the entry that a name denotes.
    fn position(&self, spelled: fn(&str) -> String, name: &str) -> Option<usize> {
        // An alias takes precedence over another spelling: "accuracy" is not the class of exact equality.
        let class = self.aliases.iter().find(|(alias, _)| *alias == name).map_or(name, |(_, class)| class);
        let found = (0..self.count).find(|&index| (self.of)(index) == class);
        found.or_else(|| (0..self.count).find(|&index| spelled((self.of)(index)) == class))
    }

    /// The error for an unknown name; `registered` are the names of the scope, if there is one.
    #[cold]
    fn unknown(&self, kind: &'static str, name: &str, registered: Option<Vec<String>>) -> Error {
        let mut known: Vec<&str> = (0..self.count).map(self.of).collect();
        known.extend(self.aliases.iter().map(|(alias, _)| *alias));
        known.extend(registered.iter().flatten().map(String::as_str));
        known.sort_unstable();
        let error = Error::unknown(kind, name, known);
        if registered.is_some() { error.with_note(USER_DEFINED) } else { error }
    }
}

/// Creates the user-defined item with this name; an error lists the names in the scope, if there is one.
fn registered<I: ?Sized + 'static>(
    scope: Option<Rc<UserDefined>>,
    name: &str,
    config: Value,
    error: &dyn Fn(Option<Vec<String>>) -> Error,
) -> Result<Arc<I>> {
    let Some(scope) = scope else { return Err(error(None)) };
    match scope.find::<I>(name) {
        Some(make) => make(config),
        None => Err(error(Some(scope.names(TypeId::of::<Make<I>>())))),
    }
}

/// Makes the user-defined item of a class name, found only in the [scope](super::registry::in_scope).
pub(super) fn user_defined<I: Family + ?Sized>(name: &str, config: Value) -> Result<Arc<I>> {
    registered(scope(), name, config, &|names| not_registered(I::KIND, name, names))
}

#[cold]
fn not_registered(kind: &'static str, name: &str, registered: Option<Vec<String>>) -> Error {
    let known = registered.unwrap_or_default();
    Error::unknown(kind, name, known).with_note("it is marked as user-defined").with_note(USER_DEFINED)
}
