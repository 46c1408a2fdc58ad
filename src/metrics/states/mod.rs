//! Metric states that several metrics share.

pub(crate) mod confusion;
pub(crate) mod constrained;
pub(crate) mod fbeta;
pub(crate) mod hinge_distance;
pub(crate) mod histogram;
pub(crate) mod selection;
pub(crate) mod threshold_counts;
pub(crate) mod vectorwise;
pub(crate) mod weighted_mean;
