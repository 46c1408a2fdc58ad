//! The forms that several losses have: the function that a loss implements, and what follows for the whole batch.

pub(crate) mod pointwise;
pub(crate) mod rowwise;
pub(crate) mod soft_sets;
