//! The state of metrics that follow from counts of hits and misses at thresholds.

use super::MetricState;
use crate::kernels::counts::{self, Counts};
use crate::{Batch, Scalar};

/// Counts at one or more thresholds, and the figure made of them.
pub(crate) struct Confusion {
    thresholds: Vec<f64>,
    counts: Vec<Counts>,
    figure: fn(&Counts) -> f64,
}

impl Confusion {
    /// A state that has seen nothing; no threshold means the one of 0.5.
    pub(crate) fn new(thresholds: &[f64], figure: fn(&Counts) -> f64) -> Self {
        let thresholds = if thresholds.is_empty() { vec![0.5] } else { thresholds.to_vec() };
        Confusion { counts: vec![Counts::default(); thresholds.len()], thresholds, figure }
    }
}

/// `a/(a + b)`, 0 where both are.
pub(crate) fn share(a: f64, b: f64) -> f64 {
    if a == 0.0 { 0.0 } else { a / (a + b) }
}

impl<T: Scalar> MetricState<T> for Confusion {
    fn update(&mut self, y: Batch<'_, T>, p: Batch<'_, T>, weights: Option<&[T]>) {
        for (counts, &threshold) in self.counts.iter_mut().zip(&self.thresholds) {
            for j in 0..p.columns() {
                let more = counts::counts(y.column(j), p.column(j), weights, threshold);
                counts.true_positives += more.true_positives;
                counts.false_positives += more.false_positives;
                counts.true_negatives += more.true_negatives;
                counts.false_negatives += more.false_negatives;
            }
        }
    }

    fn result(&self) -> f64 {
        (self.figure)(&self.counts[0])
    }

    fn results(&self) -> Vec<f64> {
        self.counts.iter().map(self.figure).collect()
    }

    fn reset(&mut self) {
        self.counts.fill(Counts::default());
    }
}
