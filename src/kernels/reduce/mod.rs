//! Reductions: sums over columns, and one value for each sample from all its columns.

pub(crate) mod categorical_hinge;
pub(crate) mod class_crossentropy;
pub(crate) mod confusion_counts;
pub(crate) mod logit_crossentropy;
pub(crate) mod moments;
pub(crate) mod rowwise;
mod sigmoid_crossentropy;
pub(crate) mod softmax;
mod softmax_crossentropy;
pub(crate) mod sums;
pub(crate) mod weighted_sums;
