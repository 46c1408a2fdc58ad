//! The arithmetic that several metrics share.

pub(crate) mod argmax;
