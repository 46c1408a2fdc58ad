//! Counts of hits and misses at one or more thresholds, in the way that is quickest for them.

use super::histogram::{Grid, Histogram};
use crate::items::Spec;
use crate::kernels::confusion_counts::{self, ConfusionCounts};
use crate::lists::joined;
use crate::{Result, Scalar};

/// Whether the thresholds are exactly the even grid from 0 to 1 in type `T`. Keras also rounds nearly even thresholds to the grid;
/// this crate does not, so that predictions are compared with the thresholds that were given.
pub(crate) fn is_even<T: Scalar>(thresholds: &[f64]) -> bool {
    let steps = thresholds.len().saturating_sub(1) as f64;
    thresholds.len() >= 3
        && thresholds.iter().enumerate().all(|(i, threshold)| T::of(*threshold) == T::of(i as f64 / steps))
}

/// Counts at some thresholds.
pub(crate) enum ThresholdCounts<T> {
    /// Counts in one pass for each threshold.
    Separate(Vec<(f64, ConfusionCounts)>),
    /// Counts in one pass for all thresholds.
    Histogram(Histogram<T>),
}

impl<T: Scalar> ThresholdCounts<T> {
    pub(crate) fn new(item: &dyn Spec, thresholds: &[f64]) -> Result<Self> {
        if is_even::<T>(thresholds) {
            return Self::even(item, thresholds.len());
        }
        Ok(ThresholdCounts::Separate(
            thresholds.iter().map(|&threshold| (threshold, ConfusionCounts::default())).collect(),
        ))
    }

    /// `count` thresholds evenly from 0 to 1; a single one is 0.5.
    pub(crate) fn even(item: &dyn Spec, count: usize) -> Result<Self> {
        Ok(match count {
            0 | 1 => ThresholdCounts::Separate(vec![(0.5, ConfusionCounts::default())]),
            _ => ThresholdCounts::Histogram(Histogram::new(item, Grid::Even { steps: count - 1, open: false })?),
        })
    }

    pub(crate) fn add(&mut self, y: &[T], p: &[T], weights: Option<&[T]>) {
        match self {
            ThresholdCounts::Separate(each) => {
                for (threshold, counts) in each {
                    let more = confusion_counts::counts(y, p, weights, *threshold);
                    counts.true_positives += more.true_positives;
                    counts.false_positives += more.false_positives;
                    counts.true_negatives += more.true_negatives;
                    counts.false_negatives += more.false_negatives;
                }
            }
            ThresholdCounts::Histogram(histogram) => histogram.add(y, p, weights, 1.0),
        }
    }

    pub(crate) fn counts(&self) -> Vec<ConfusionCounts> {
        match self {
            ThresholdCounts::Separate(counts) => counts.iter().map(|(_, counts)| *counts).collect(),
            ThresholdCounts::Histogram(histogram) => histogram.counts(),
        }
    }

    /// All counts, mutably.
    pub(crate) fn accumulators_mut(&mut self) -> Vec<&mut f64> {
        match self {
            ThresholdCounts::Separate(each) => joined(each, |(_, counts)| {
                let ConfusionCounts { true_positives, false_positives, true_negatives, false_negatives } = counts;
                vec![true_positives, false_positives, true_negatives, false_negatives]
            }),
            ThresholdCounts::Histogram(histogram) => histogram.accumulators_mut().collect(),
        }
    }

    pub(crate) fn clear(&mut self) {
        match self {
            ThresholdCounts::Separate(counts) => {
                counts.iter_mut().for_each(|(_, counts)| *counts = ConfusionCounts::default())
            }
            ThresholdCounts::Histogram(histogram) => histogram.clear(),
        }
    }
}
