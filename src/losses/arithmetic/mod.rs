//! The arithmetic that several losses share.

pub(crate) mod class_crossentropy;
pub(crate) mod focal_factor;
pub(crate) mod hinge_labels;
pub(crate) mod label_smoothing;
pub(crate) mod weigh;
