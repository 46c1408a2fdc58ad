//! The codes of values that are no category of an ordinal encoder.

use crate::items::argument::plain;
use serde::{Deserialize, Serialize};

/// The treatment of unknown categories by an [`OrdinalEncoder`](struct@super::OrdinalEncoder).
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

/// The treatment of missing values by an [`OrdinalEncoder`](struct@super::OrdinalEncoder) that was fitted to rows with missing values.
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
