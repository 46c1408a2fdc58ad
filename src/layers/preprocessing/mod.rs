//! Layers that prepare raw columns: what they need to know of the data they learn by `adapt`, before training.

mod built_index;
mod category_encoding;
mod discretization;
mod hashing;
mod integer_lookup;
mod normalization;
mod numbers;
mod rescaling;

pub use category_encoding::CategoryEncoding;
pub use discretization::Discretization;
pub use hashing::Hashing;
pub use integer_lookup::{IntegerLookup, OovMethod};
pub use normalization::{Axis, Normalization};
pub use numbers::Numbers;
pub use rescaling::Rescaling;
