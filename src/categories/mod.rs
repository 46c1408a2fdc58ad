//! Categories, numbers or strings: looked up, hashed, put into bins, and encoded as columns.

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
