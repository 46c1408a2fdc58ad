//! HDF5, as far as Keras uses it: a tree of groups, attributes that are texts, and arrays of numbers that lie in one piece.

mod attribute;
mod fields;
mod group;
mod header;
mod heap;
mod marks;
mod number;
mod read_budget;
mod tree;
mod write;

pub(super) use marks::SIGNATURE;
pub(super) use number::NumberType;
pub(super) use tree::{Array, Group, parse};
pub(super) use write::{Branch, Leaf, write};
