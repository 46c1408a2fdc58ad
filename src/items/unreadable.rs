//! Why an argument cannot be read.

use crate::Error;
use std::fmt;

/// An argument, or why it cannot be read.
pub(crate) type Read<A> = Result<A, Unreadable>;

/// Why an argument cannot be read.
#[derive(Debug)]
pub(crate) enum Unreadable {
    /// The value is not of this type; the item that reads it adds the argument's name.
    Value(String),
    /// The item that the argument holds cannot be made; the error names that item.
    Item(Error),
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unreadable::Value(reason) => f.write_str(reason),
            Unreadable::Item(error) => error.fmt(f),
        }
    }
}

impl From<Error> for Unreadable {
    fn from(error: Error) -> Self {
        Unreadable::Item(error)
    }
}

impl From<serde_json::Error> for Unreadable {
    fn from(error: serde_json::Error) -> Self {
        Unreadable::Value(error.to_string())
    }
}
