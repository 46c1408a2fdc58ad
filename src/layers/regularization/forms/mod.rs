//! The form that the dropouts have.

pub(crate) mod mask;
