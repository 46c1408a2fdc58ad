//! Tokens that stand for categories, numbers or texts: looked up, hashed, and encoded as columns.

mod bins;
mod crossing;
mod encoding;
mod farmhash;
mod vocabulary;

pub(crate) use bins::Hash;
pub use bins::Salt;
pub(crate) use crossing::cross;
pub(crate) use encoding::Encoding;
pub use encoding::OutputMode;
pub(crate) use vocabulary::{Lookup, Special};
