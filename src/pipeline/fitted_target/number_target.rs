//! The distribution of a column of numbers.

use serde::{Deserialize, Serialize};

/// The learned statistics of one column of numbers.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct NumberTarget {
    pub(in super::super) mean: f64,
    pub(in super::super) scale: f64,
    /// The range of the training rows, in the units of the column.
    pub(in super::super) low: f64,
    pub(in super::super) high: f64,
}
