//! The error for preprocessing that ONNX cannot hold.

use crate::Error;

/// Names the column and the reason.
pub(super) fn refused(column: &str, reason: &str) -> Error {
    Error::NotSerializable { item: format!("the preprocessing of {column} as ONNX"), reason: reason.into() }
}
