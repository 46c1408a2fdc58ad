//! Lookup, hashing, binning and encoding of categories (numbers or strings), for layers and transformers.

mod bins;
pub(crate) mod boundaries;
mod crossing;
mod encoding;
mod farmhash;
mod vocabulary;

pub(crate) use bins::Hash;
pub use bins::Salt;
pub(crate) use crossing::cross;
pub(crate) use encoding::Encoding;
pub use encoding::OutputMode;
pub(crate) use vocabulary::{Lookup, Special, floormod};
