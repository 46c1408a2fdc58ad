//! What a pass over samples is measured by.

use crate::Scalar;
use crate::losses::Loss;
use crate::metrics::Metric;
use std::sync::Arc;

/// The loss and metrics of a compiled model.
#[derive(Clone, Copy)]
pub(crate) struct Measures<'m, T: Scalar> {
    pub(crate) loss: &'m Arc<dyn Loss<T>>,
    pub(crate) metrics: &'m [Arc<dyn Metric<T>>],
    pub(crate) weighted_metrics: &'m [Arc<dyn Metric<T>>],
}
