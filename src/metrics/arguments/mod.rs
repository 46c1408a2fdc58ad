//! The types of arguments that several metrics have.

pub(crate) mod curve;
pub(crate) mod thresholds;
