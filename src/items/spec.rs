//! The description of an item.

use super::name::type_name;
use crate::{Error, Result};
use serde_json::Value;
use std::any::Any;
use std::fmt::Debug;

/// The description of an item: its name, its arguments and their check.
///
/// A user-defined item needs nothing but an empty `impl Spec for Mine {}` to be used; it can be saved once it
/// returns its configuration, and be loaded once its name is registered.
pub trait Spec: Any + Debug + Send + Sync {
    /// The name of the kind of item: Keras's class name, or the name of its activation function.
    ///
    /// Defaults to the name of the Rust type.
    fn class_name(&self) -> String {
        type_name::<Self>()
    }

    /// The arguments by name, under Keras's names.
    ///
    /// # Errors
    ///
    /// [`Error::NotSerializable`] unless the item implements it: a closure has no configuration.
    /// `Ok(json!({}))` is the configuration of an item without arguments.
    fn config(&self) -> Result<Value> {
        Err(Error::NotSerializable {
            item: self.class_name(),
            reason: format!(
                "it does not describe itself; return its arguments from Spec::config, Ok(json!({{}})) if it has none, and \
                 name it in the Registry that loads it, or {WEIGHTS_ONLY}"
            ),
        })
    }

    /// Whether the arguments are in their ranges. Called before the item is used.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] with the argument, its value and the range.
    fn check(&self) -> Result<()> {
        Ok(())
    }
}

/// The error for an item that computes a closure; `family` is the trait that a type would implement in its place.
pub(crate) fn closure(item: String, family: &str) -> Error {
    let reason = format!(
        "it computes a closure, which a file cannot hold; implement {family}, and config of Spec, for a user-defined type, \
         and name it in the Registry that loads it, or {WEIGHTS_ONLY}"
    );
    Error::NotSerializable { item, reason }
}

/// The advice for a model that cannot be described.
const WEIGHTS_ONLY: &str = "save only the weights with save_weights (in a ModelCheckpoint save_weights_only), and load them into a model that \
     is built by the same code";

/// The error for an argument that is out of its range.
pub(crate) fn invalid(
    item: &dyn Spec,
    argument: &'static str,
    value: impl ToString,
    expected: impl Into<String>,
) -> Error {
    Error::argument(item.class_name(), argument, value, expected)
}
