//! The form that most activations have: a function of one number.

pub(crate) mod elementwise;
