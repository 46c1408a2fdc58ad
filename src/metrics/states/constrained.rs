//! The state of metrics that ask for the best of one figure where another is high enough.

use super::selection::Selection;
use super::threshold_counts::Tally;
use crate::items::{Spec, invalid};
use crate::kernels::confusion_counts::Counts;
use crate::metrics::{Metric, MetricState, Width};
use crate::{Batch, Result, Scalar};

/// The largest of a figure over the thresholds where a second figure reaches a floor; 0 where it nowhere does.
pub(crate) struct Constrained<T> {
    selection: Selection<T>,
    tally: Tally<T>,
    floor: f64,
    constrained: fn(&Counts) -> f64,
    figure: fn(&Counts) -> f64,
}

/// The arguments that all these metrics have.
pub(crate) struct Arguments {
    /// The name of the constrained figure.
    pub(crate) name: &'static str,
    /// Its floor, which has to be given.
    pub(crate) floor: Option<f64>,
    pub(crate) num_thresholds: usize,
    pub(crate) class_id: Option<usize>,
}

impl Arguments {
    /// Refuses a metric without its floor.
    pub(crate) fn check_given(&self, item: &dyn Spec) -> Result<()> {
        match self.floor {
            Some(_) => Ok(()),
            None => Err(invalid(item, self.name, "not given", "a number in [0, 1]")),
        }
    }

    /// A state that has seen nothing.
    pub(crate) fn start<T: Scalar>(
        &self,
        metric: &impl Metric<T>,
        width: Width,
        constrained: fn(&Counts) -> f64,
        figure: fn(&Counts) -> f64,
    ) -> Result<Box<dyn MetricState<T>>> {
        metric.check()?;
        Ok(Box::new(Constrained {
            selection: Selection::new(metric, width, self.class_id, None)?,
            tally: Tally::even(self.num_thresholds),
            floor: self.floor.unwrap_or_default(),
            constrained,
            figure,
        }))
    }
}

impl<T: Scalar> MetricState<T> for Constrained<T> {
    fn update(&mut self, y: Batch<'_, T>, p: Batch<'_, T>, weights: Option<&[T]>) {
        let tally = &mut self.tally;
        self.selection.columns(y, p, |y, p| tally.add(y, p, weights));
    }

    fn result(&self) -> f64 {
        let feasible = |counts: &Counts| (self.constrained)(counts) >= self.floor;
        self.tally.counts().iter().filter(|counts| feasible(counts)).map(self.figure).fold(0.0, f64::max)
    }

    fn reset(&mut self) {
        self.tally.clear();
    }

    fn numbers(&mut self) -> Vec<&mut f64> {
        self.tally.numbers()
    }
}
