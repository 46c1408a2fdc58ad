//! The hinge distances, whose labels are −1 and 1 or 0 and 1.

use super::MetricState;
use super::pointwise::{self, Pointwise};
use super::weighted_mean::WeightedMean;
use crate::kernels::rowwise::{Columns, Rowwise};
use crate::kernels::{Element, Simd, distances};
use crate::{Batch, Scalar};

/// The distance under one of the two readings of the labels.
#[derive(Debug, Clone, Copy)]
struct Distance {
    /// Whether the labels are 0 and 1, and 0 stands for −1.
    binary: bool,
    squared: bool,
}

impl<T: Element> Pointwise<T> for Distance {
    #[inline(always)]
    fn value<S: Simd<T>>(&self, s: S, y: S::V, p: S::V) -> S::V {
        let sign = if self.binary { s.sub(s.add(y, y), s.literal(1.0)) } else { y };
        let distance = distances::hinge(s, sign, p);
        if self.squared { s.mul(distance, distance) } else { distance }
    }
}

impl<T: Element> Rowwise<T> for Distance {
    #[inline(always)]
    fn apply<S: Simd<T>>(&self, s: S, y: Columns<'_, T>, p: Columns<'_, T>) -> S::V {
        pointwise::mean(self, s, y, p)
    }
}

/// The mean of the distance; every batch decides how its labels are read.
pub(super) struct Margin<T> {
    mean: WeightedMean<T, Distance>,
}

impl<T: Scalar> Margin<T> {
    pub(super) fn new(squared: bool) -> Self {
        Margin { mean: WeightedMean::new(Distance { binary: false, squared }) }
    }
}

impl<T: Scalar> MetricState<T> for Margin<T> {
    fn update(&mut self, y: Batch<'_, T>, p: Batch<'_, T>, weights: Option<&[T]>) {
        let zero_or_one = |label: &T| *label == T::zero() || *label == T::one();
        self.mean.value.binary = (0..y.columns()).all(|column| y.column(column).iter().all(zero_or_one));
        self.mean.update(y, p, weights);
    }

    fn result(&self) -> f64 {
        self.mean.result()
    }

    fn reset(&mut self) {
        self.mean.reset();
    }

    fn numbers(&mut self) -> Vec<&mut f64> {
        self.mean.numbers()
    }
}
