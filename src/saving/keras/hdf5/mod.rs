//! HDF5, as far as Keras uses it: a tree of groups, attributes that are strings, and contiguous arrays of numbers.

mod attribute;
mod fields;
mod group;
mod header;
mod heap;
mod marks;
mod number;
mod parse;
mod read_budget;
mod write;

pub(super) use marks::SIGNATURE;
pub(super) use number::NumberType;
pub(super) use parse::{Array, Group, parse};
pub(super) use write::{Branch, Leaf, write};
