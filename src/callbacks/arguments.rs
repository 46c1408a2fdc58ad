//! The arguments of a callback, one plain struct each, as JSON under Keras's names.

use crate::arguments::field_names;
use crate::{Error, Result};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// The arguments of a callback as one plain struct with defaults (`#[serde(default)]`); a callback is made from them.
pub(super) trait Arguments: DeserializeOwned {
    /// The names of those that have no default.
    const REQUIRED: &'static [&'static str] = &[];
}

/// Declares the callbacks with a configuration, each in one line with its file: the module, whose `Arguments` the callback
/// is made from, what is public of it, and the list that names are looked up in.
macro_rules! callbacks {
    ($($file:ident: $callback:ident $(, $other:ident)*;)+) => {
        $(mod $file;)+
        $(pub use $file::{$callback $(, $other)*};)+

        /// The callbacks alone.
        pub(crate) mod items {
            pub use super::{$($callback),+};
        }

        /// Every callback that has a configuration, by its name; those of closures have none.
        pub(crate) fn all<T: $crate::Scalar>() -> Vec<$crate::registry::Entry<dyn CallbackItem<T>>> {
            vec![$($crate::registry::Entry {
                name: stringify!($callback).into(),
                make: |config| {
                    let arguments = arguments::read::<$file::Arguments>(stringify!($callback), config)?;
                    Ok(std::sync::Arc::new($callback::from(arguments)))
                },
                // A fit calls the callbacks that it was given.
                adopt: |_| None,
            }),+]
        }
    };
}
pub(super) use callbacks;

/// The configuration of a callback.
pub(super) fn config(callback: &str, arguments: &impl Serialize) -> Result<Value> {
    serde_json::to_value(arguments)
        .map_err(|error| Error::NotSerializable { item: callback.into(), reason: error.to_string() })
}

/// Arguments from a configuration, whose `null` stands for the defaults.
pub(super) fn read<A: Arguments>(callback: &str, config: Value) -> Result<A> {
    let config = if config.is_null() { json!({}) } else { config };
    let unreadable = |reason: String| Error::Configuration { item: callback.into(), reason };
    let Some(given) = config.as_object() else {
        return Err(unreadable(format!("arguments by name expected, not {config}")));
    };
    let known = field_names::<A>();
    if let Some(unknown) = given.keys().find(|given| !known.contains(&given.as_str())) {
        return Err(Error::unknown_argument(callback, unknown, known.iter().copied()));
    }
    if let Some(missing) = A::REQUIRED.iter().find(|name| !given.contains_key(**name)) {
        return Err(unreadable(format!("`{missing}` is missing, which has no default")));
    }
    A::deserialize(&config).map_err(|error| {
        // Serde does not say which argument it is.
        let wrong = given.iter().find(|(name, value)| A::deserialize(&only(name, value)).is_err());
        unreadable(wrong.map_or(String::new(), |(name, _)| format!("`{name}`: ")) + &error.to_string())
    })
}

/// A configuration of one argument alone.
fn only(name: &str, value: &Value) -> Value {
    json!({ name: value })
}
