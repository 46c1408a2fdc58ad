//! HDF5, as far as Keras uses it: a tree of groups, attributes that are texts, and arrays of numbers that lie in one piece.

mod attribute;
mod fields;
mod group;
mod header;
mod heap;
mod number;
mod read_budget;
mod tree;
mod write;

pub(super) use number::Number;
pub(super) use tree::{Array, Group, parse};
pub(super) use write::{Branch, Leaf, write};

/// The first bytes of every file.
pub(super) const SIGNATURE: &[u8] = b"\x89HDF\r\n\x1a\n";

/// What stands in a file where an address would be and there is none.
const NOWHERE: u64 = u64::MAX;
