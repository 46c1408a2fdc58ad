//! The form that several metrics have: a function of one target and one prediction.

pub(crate) mod pointwise;
