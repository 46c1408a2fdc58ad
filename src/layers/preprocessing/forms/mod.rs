//! The form that several layers of preprocessing have.

pub(crate) mod built_index;
