//! Constructors of the errors that occur all over the crate.

use super::{Error, wording};

impl Error {
    /// An argument outside of its range: the one way in which the crate makes an [`Error::Argument`], and the short way for
    /// a user-defined item.
    ///
    /// `item` is the layer, optimizer or function that was given the argument, `expected` the values that would be right.
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

    /// A name that is not known, with those that are.
    pub(crate) fn unknown(
        kind: &'static str,
        name: impl Into<String>,
        known: impl IntoIterator<Item = impl Into<String>>,
    ) -> Error {
        Error::Unknown { kind, name: name.into(), known: names(known), advice: String::new() }
    }

    /// A key of a configuration that is no argument of the item, with those that are.
    pub(crate) fn unknown_argument(
        item: impl Into<String>,
        name: impl Into<String>,
        known: impl IntoIterator<Item = impl Into<String>>,
    ) -> Error {
        Error::UnknownArgument { item: item.into(), name: name.into(), known: names(known), advice: String::new() }
    }

    /// A configuration that cannot be read.
    pub(crate) fn configuration(item: impl Into<String>, reason: impl ToString) -> Error {
        Error::Configuration { item: item.into(), reason: reason.to_string() }
    }

    /// A column that the table does not have, with those that it has.
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
