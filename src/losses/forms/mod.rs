//! Adapters that turn the function a loss defines (elementwise, per sample, or on soft sets) into [`Loss`](crate::losses::Loss) over a batch.

pub(crate) mod pointwise;
pub(crate) mod rowwise;
pub(crate) mod soft_sets;
