//! The types of arguments that several layers of preprocessing have.

pub(crate) mod numbers;
