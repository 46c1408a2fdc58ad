//! The loss and the metrics of a compiled model.

use crate::Scalar;
use crate::items::Item;
use crate::losses::Loss;
use crate::metrics::Metric;

/// The loss and metrics of a compiled model.
#[derive(Clone, Copy)]
pub(crate) struct Measures<'m, T: Scalar> {
    pub(crate) loss: &'m Item<dyn Loss<T>>,
    pub(crate) metrics: &'m [Item<dyn Metric<T>>],
    pub(crate) weighted_metrics: &'m [Item<dyn Metric<T>>],
}
