//! The reasons why a row cannot be written or read.

use std::fmt::Display;

/// Why a row cannot be written or read, with the field.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct RowFailure(pub(super) String);

impl RowFailure {
    pub(super) fn in_field(self, field: &str) -> RowFailure {
        RowFailure(format!("field \"{field}\": {self}"))
    }
}

impl serde::ser::Error for RowFailure {
    fn custom<T: Display>(message: T) -> RowFailure {
        RowFailure(message.to_string())
    }
}

impl serde::de::Error for RowFailure {
    fn custom<T: Display>(message: T) -> RowFailure {
        RowFailure(message.to_string())
    }
}
