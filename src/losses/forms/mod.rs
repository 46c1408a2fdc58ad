//! The forms that several losses have: what one says of itself, and what follows for the whole batch.

pub(crate) mod pointwise;
pub(crate) mod rowwise;
pub(crate) mod soft_sets;
