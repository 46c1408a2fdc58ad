//! The forms that several normalizations have.

pub(crate) mod affine;
pub(crate) mod groups;
pub(crate) mod length;
