//! Constructors of the errors that occur all over the crate.

use super::{Error, wording};

impl Error {
    /// The error for an argument that is out of its range. The crate creates every [`Error::Argument`] with this function, and
    /// user-defined items can use it too.
    ///
    /// `item` is the layer, optimizer or function that received the argument; `expected` describes the valid values.
    ///
    /// ```
    /// use perceptra::Error;
    ///
    /// let error = Error::argument("Shrink", "factor", -1.0, "a number above 0");
    /// assert_eq!(error.to_string(), "Shrink: factor is -1; expected a number above 0");
    /// ```
    pub fn argument(
        item: impl Into<String>,
        argument: &'static str,
        value: impl ToString,
        expected: impl Into<String>,
    ) -> Error {
        out_of_range(item.into(), argument, value.to_string(), expected.into())
    }

    /// The error for an unknown name, with the existing names.
    pub(crate) fn unknown(
        kind: &'static str,
        name: impl Into<String>,
        known: impl IntoIterator<Item = impl Into<String>>,
    ) -> Error {
        Error::Unknown { kind, name: name.into(), known: names(known), advice: String::new() }
    }

    /// The error for a key of a configuration that is no argument of the item, with the existing arguments.
    pub(crate) fn unknown_argument(
        item: impl Into<String>,
        name: impl Into<String>,
        known: impl IntoIterator<Item = impl Into<String>>,
    ) -> Error {
        Error::UnknownArgument { item: item.into(), name: name.into(), known: names(known), advice: String::new() }
    }

    /// The error for a configuration that cannot be read.
    pub(crate) fn configuration(item: impl Into<String>, reason: impl ToString) -> Error {
        Error::Configuration { item: item.into(), reason: reason.to_string() }
    }

    /// The error for a column that the table does not have, with the existing columns.
    pub(crate) fn unknown_column(
        table: impl Into<String>,
        name: impl Into<String>,
        known: impl IntoIterator<Item = impl Into<String>>,
    ) -> Error {
        Error::UnknownColumn { table: table.into(), name: name.into(), known: names(known), advice: String::new() }
    }
}

fn out_of_range(item: String, argument: &'static str, value: String, expected: String) -> Error {
    Error::Argument { item, argument, value: wording::value(value), expected }
}

fn names(known: impl IntoIterator<Item = impl Into<String>>) -> Vec<String> {
    known.into_iter().map(Into::into).collect()
}
