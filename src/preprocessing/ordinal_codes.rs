//! The codes of values that are no category of an ordinal encoder.

use crate::items::argument::plain;
use serde::{Deserialize, Serialize};

/// What an unknown category becomes in an [`OrdinalEncoder`](struct@super::OrdinalEncoder).
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub enum UnknownCode {
    /// An error that names it.
    #[default]
    Error,
    /// A missing number, NaN.
    Missing,
    /// This number, which is the code of no category.
    Value(f64),
}

plain!(UnknownCode);

/// What a missing value becomes in an [`OrdinalEncoder`](struct@super::OrdinalEncoder) that found one at the fit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub enum MissingCode {
    /// The code after those of all other categories.
    #[default]
    Category,
    /// A missing number, NaN.
    Missing,
    /// This number, which is the code of no category.
    Value(f64),
}

plain!(MissingCode);
