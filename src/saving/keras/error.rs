//! Errors about the content of a Keras file.

use crate::Error;

/// The error about a configuration.
pub(super) fn unreadable(item: &str, reason: String) -> Error {
    Error::Configuration { item: item.into(), reason }
}
