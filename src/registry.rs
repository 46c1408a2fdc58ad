//! Items by name: how a string, or a file, becomes a value of the crate.

use crate::spec::Spec;
use crate::{Error, Result};
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::sync::Arc;

/// One item that can be made from its name and arguments.
pub(crate) struct Entry<I: ?Sized> {
    /// The item's class name.
    pub(crate) name: String,
    /// Makes it from its configuration; `null` stands for the defaults.
    pub(crate) make: fn(Value) -> Result<Arc<I>>,
}

/// The entries of items that are a struct with a constant of the same name.
macro_rules! entries {
    ($($item:ident),* $(,)?) => {
        vec![$($crate::registry::Entry {
            name: $crate::spec::Spec::class_name(&$item),
            make: |config| Ok(std::sync::Arc::new($crate::registry::read::<$item>(config)?)),
        }),*]
    };
}
pub(crate) use entries;

/// An item from its configuration.
pub(crate) fn read<I: Spec + DeserializeOwned + Default>(config: Value) -> Result<I> {
    if config.is_null() {
        return Ok(I::default());
    }
    serde_json::from_value(config)
        .map_err(|error| Error::Configuration { item: I::default().class_name(), reason: error.to_string() })
}

/// Makes the item of a name, found among the entries or their aliases.
pub(crate) fn find<I: ?Sized>(
    kind: &'static str,
    entries: &[Entry<I>],
    aliases: &[(&str, &str)],
    name: &str,
    config: Value,
) -> Result<Arc<I>> {
    let plain = aliases.iter().find(|(alias, _)| *alias == name).map_or(name, |(_, plain)| plain);
    match entries.iter().find(|entry| entry.name == plain) {
        Some(entry) => (entry.make)(config),
        None => {
            let mut known: Vec<&str> = entries.iter().map(|entry| entry.name.as_str()).collect();
            known.extend(aliases.iter().map(|(alias, _)| *alias));
            known.sort_unstable();
            Err(Error::Unknown { kind, name: name.into(), known: known.join(", ") })
        }
    }
}
