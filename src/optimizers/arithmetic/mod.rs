//! Arithmetic of several optimizers, and the steps before and after the update rule.

pub(crate) mod accumulation;
pub(crate) mod add_multiple;
pub(crate) mod averaging;
pub(crate) mod clipping;
pub(crate) mod root_epsilon;
pub(crate) mod scale;
pub(crate) mod subnormals;
