//! The state of metrics like precision at recall: the best value of one rate among thresholds with a lower bound on another.

use super::selection::Selection;
use super::threshold_counts::ThresholdCounts;
use crate::items::{Spec, invalid};
use crate::kernels::confusion_counts::ConfusionCounts;
use crate::metrics::{Metric, MetricState, Width};
use crate::{Batch, Result, Scalar};

/// The maximum of `value` over the thresholds where `constrained` is at least `floor`; 0 if there is no such threshold.
pub(crate) struct Constrained<T> {
    selection: Selection<T>,
    counts: ThresholdCounts<T>,
    floor: f64,
    constrained: fn(&ConfusionCounts) -> f64,
    value: fn(&ConfusionCounts) -> f64,
}

/// The arguments that all these metrics have.
pub(crate) struct ConstrainedArguments {
    /// The name of the constrained value.
    pub(crate) name: &'static str,
    /// The lower bound, a required argument.
    pub(crate) floor: Option<f64>,
    pub(crate) num_thresholds: usize,
    pub(crate) class_id: Option<usize>,
}

impl ConstrainedArguments {
    /// Returns an error for a metric without its floor.
    pub(crate) fn check_given(&self, item: &dyn Spec) -> Result<()> {
        match self.floor {
            Some(_) => Ok(()),
            None => Err(invalid(item, self.name, "not given", "a number in [0, 1]")),
        }
    }

    /// A fresh state.
    pub(crate) fn start<T: Scalar>(
        &self,
        metric: &impl Metric<T>,
        width: Width,
        constrained: fn(&ConfusionCounts) -> f64,
        value: fn(&ConfusionCounts) -> f64,
    ) -> Result<Box<dyn MetricState<T>>> {
        metric.check()?;
        Ok(Box::new(Constrained {
            selection: Selection::new(metric, width, self.class_id, None)?,
            counts: ThresholdCounts::even(metric, self.num_thresholds)?,
            floor: self.floor.unwrap_or_default(),
            constrained,
            value,
        }))
    }
}

impl<T: Scalar> MetricState<T> for Constrained<T> {
    fn update(&mut self, y: Batch<'_, T>, p: Batch<'_, T>, weights: Option<&[T]>) {
        let counts = &mut self.counts;
        self.selection.columns(y, p, |y, p| counts.add(y, p, weights));
    }

    fn result(&self) -> f64 {
        let feasible = |counts: &ConfusionCounts| (self.constrained)(counts) >= self.floor;
        self.counts.counts().iter().filter(|counts| feasible(counts)).map(self.value).fold(0.0, f64::max)
    }

    fn reset(&mut self) {
        self.counts.clear();
    }

    fn accumulators_mut(&mut self) -> Vec<&mut f64> {
        self.counts.accumulators_mut()
    }
}
