//! The hinge distances, for labels −1 and 1 or 0 and 1.

use super::weighted_mean::WeightedMean;
use crate::kernels::hinge_labels::HingeLabels;
use crate::kernels::rowwise::{Rowwise, SampleColumns};
use crate::kernels::{Element, Simd, distances};
use crate::metrics::MetricState;
use crate::metrics::forms::pointwise::{self, PointwiseMetric};
use crate::{Batch, Scalar};

/// The distance for one of the two forms of labels.
#[derive(Debug, Clone, Copy)]
struct Distance {
    labels: HingeLabels,
    squared: bool,
}

impl<T: Element> PointwiseMetric<T> for Distance {
    #[inline(always)]
    fn value<S: Simd<T>>(&self, s: S, y: S::V, p: S::V) -> S::V {
        let distance = distances::hinge(s, self.labels.sign(s, y), p);
        if self.squared { s.mul(distance, distance) } else { distance }
    }
}

impl<T: Element> Rowwise<T> for Distance {
    #[inline(always)]
    fn apply<S: Simd<T>>(&self, s: S, y: SampleColumns<'_, T>, p: SampleColumns<'_, T>) -> S::V {
        pointwise::mean(self, s, y, p)
    }
}

/// The mean hinge distance; each batch is checked on its own for labels 0/1, which are mapped to −1/1.
pub(crate) struct HingeDistance<T> {
    mean: WeightedMean<T, Distance>,
}

impl<T: Scalar> HingeDistance<T> {
    pub(crate) fn new(squared: bool) -> Self {
        HingeDistance { mean: WeightedMean::new(Distance { labels: HingeLabels::default(), squared }) }
    }
}

impl<T: Scalar> MetricState<T> for HingeDistance<T> {
    fn update(&mut self, y: Batch<'_, T>, p: Batch<'_, T>, weights: Option<&[T]>) {
        self.mean.value.labels = HingeLabels::from_batch(y);
        self.mean.update(y, p, weights);
    }

    fn result(&self) -> f64 {
        self.mean.result()
    }

    fn reset(&mut self) {
        self.mean.reset();
    }

    fn accumulators_mut(&mut self) -> Vec<&mut f64> {
        self.mean.accumulators_mut()
    }
}
