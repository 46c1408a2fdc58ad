//! The arithmetic that all optimizers share: what happens to gradients and weights around the update rule.

pub(crate) mod accumulation;
pub(crate) mod averaging;
pub(crate) mod clipping;
pub(crate) mod root_epsilon;
