//! The state of metrics that are functions of confusion counts at thresholds.

use super::selection::Selection;
use super::threshold_counts::ThresholdCounts;
use crate::items::Spec;
use crate::kernels::confusion_counts::ConfusionCounts;
use crate::metrics::MetricState;
use crate::{Batch, Result, Scalar};

/// Counts at one or more thresholds, and the value computed from those at each.
pub(crate) struct Confusion<T> {
    selection: Selection<T>,
    counts: ThresholdCounts<T>,
    value: fn(&ConfusionCounts) -> f64,
}

impl<T: Scalar> Confusion<T> {
    /// A fresh state.
    pub(crate) fn new(
        item: &dyn Spec,
        selection: Selection<T>,
        thresholds: &[f64],
        value: fn(&ConfusionCounts) -> f64,
    ) -> Result<Self> {
        Ok(Confusion { selection, counts: ThresholdCounts::new(item, thresholds)?, value })
    }
}

/// `a/(a + b)`; 0 if both are 0.
pub(crate) fn ratio(a: f64, b: f64) -> f64 {
    if a == 0.0 { 0.0 } else { a / (a + b) }
}

/// Precision, `TP/(TP + FP)`.
pub(crate) fn precision(counts: &ConfusionCounts) -> f64 {
    ratio(counts.true_positives, counts.false_positives)
}

/// Recall, or sensitivity, `TP/(TP + FN)`.
pub(crate) fn recall(counts: &ConfusionCounts) -> f64 {
    ratio(counts.true_positives, counts.false_negatives)
}

/// Specificity, `TN/(TN + FP)`.
pub(crate) fn specificity(counts: &ConfusionCounts) -> f64 {
    ratio(counts.true_negatives, counts.false_positives)
}

impl<T: Scalar> MetricState<T> for Confusion<T> {
    fn update(&mut self, y: Batch<'_, T>, p: Batch<'_, T>, weights: Option<&[T]>) {
        let counts = &mut self.counts;
        self.selection.columns(y, p, |y, p| counts.add(y, p, weights));
    }

    fn result(&self) -> f64 {
        self.counts.counts().first().map_or(0.0, self.value)
    }

    fn results(&self) -> Vec<f64> {
        self.counts.counts().iter().map(self.value).collect()
    }

    fn reset(&mut self) {
        self.counts.clear();
    }

    fn accumulators_mut(&mut self) -> Vec<&mut f64> {
        self.counts.accumulators_mut()
    }
}
