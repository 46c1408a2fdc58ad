//! The running mean of a statistic of whole vectors: of each sample over the outputs, or of each output over the
//! samples of a batch.

use crate::items::{Spec, invalid};
use crate::metrics::{Metric, MetricState, Width};
use crate::{Batch, Result, Scalar};

/// Targets and predictions along one vector, with the weight of each position.
pub(crate) struct VectorPair<'a> {
    pub(crate) y: &'a [f64],
    pub(crate) p: &'a [f64],
    pub(crate) weights: &'a [f64],
}

/// The first two moments of a vector.
pub(crate) struct PairMoments {
    pub(crate) means: [f64; 2],
    pub(crate) variances: [f64; 2],
    pub(crate) covariance: f64,
}

impl VectorPair<'_> {
    /// `Σ w·f(y, p)`.
    pub(crate) fn sum(&self, f: impl Fn(f64, f64) -> f64) -> f64 {
        self.y.iter().zip(self.p).zip(self.weights).map(|((y, p), weight)| weight * f(*y, *p)).sum()
    }

    /// Returns the weighted means, variances and covariance; `None` if all weights are 0.
    ///
    /// Values are shifted by the first weighted one before averaging, so that the variance of equal values is exactly 0.
    pub(crate) fn moments(&self) -> Option<PairMoments> {
        let weight: f64 = self.weights.iter().sum();
        let first = self.weights.iter().position(|weight| *weight != 0.0)?;
        let (y, p) = (self.y[first], self.p[first]);
        let (mean_y, mean_p) = (self.sum(|a, _| a - y) / weight, self.sum(|_, b| b - p) / weight);
        let (from_y, from_p) = (|a: f64| (a - y) - mean_y, |b: f64| (b - p) - mean_p);
        Some(PairMoments {
            means: [y + mean_y, p + mean_p],
            variances: [self.sum(|a, _| from_y(a).powi(2)) / weight, self.sum(|_, b| from_p(b).powi(2)) / weight],
            covariance: self.sum(|a, b| from_y(a) * from_p(b)) / weight,
        })
    }
}

/// Checks the axis: −1 or 1 for one vector per sample, 0 for one vector per output.
pub(crate) fn check_axis(item: &dyn Spec, axis: i64) -> Result<()> {
    match axis {
        -1..=1 => Ok(()),
        _ => Err(invalid(item, "axis", axis, "-1 (or 1), along the outputs, or 0, along the samples")),
    }
}

/// The mean of a statistic over vectors. If a vector is a sample, the mean uses the sample weights; if it is an output,
/// each output of a batch counts once, and the statistic uses the sample weights.
pub(crate) struct VectorwiseMean {
    axis: i64,
    statistic: fn(&VectorPair<'_>) -> f64,
    y: Vec<f64>,
    p: Vec<f64>,
    weights: Vec<f64>,
    sum: f64,
    weight: f64,
}

impl VectorwiseMean {
    pub(crate) fn start<T: Scalar>(
        metric: &impl Metric<T>,
        width: Width,
        axis: i64,
        statistic: fn(&VectorPair<'_>) -> f64,
    ) -> Result<Box<dyn MetricState<T>>> {
        check_axis(metric, axis)?;
        width.matching(metric)?;
        Ok(Box::new(VectorwiseMean {
            axis,
            statistic,
            y: Vec::new(),
            p: Vec::new(),
            weights: Vec::new(),
            sum: 0.0,
            weight: 0.0,
        }))
    }

    fn clear(&mut self) {
        self.y.clear();
        self.p.clear();
        self.weights.clear();
    }

    fn push(&mut self, y: f64, p: f64, weight: f64) {
        self.y.push(y);
        self.p.push(p);
        self.weights.push(weight);
    }

    /// Adds the vector that was pushed.
    fn add(&mut self, weight: f64) {
        let vectors = VectorPair { y: &self.y, p: &self.p, weights: &self.weights };
        self.sum += weight * (self.statistic)(&vectors);
        self.weight += weight;
    }
}

impl<T: Scalar> MetricState<T> for VectorwiseMean {
    fn update(&mut self, y: Batch<'_, T>, p: Batch<'_, T>, weights: Option<&[T]>) {
        let weight = |i: usize| weights.map_or(1.0, |weights| weights[i].to_f64());
        if self.axis == 0 {
            for j in 0..p.columns() {
                self.clear();
                for (i, (y, p)) in y.column(j).iter().zip(p.column(j)).enumerate() {
                    self.push(y.to_f64(), p.to_f64(), weight(i));
                }
                self.add(1.0);
            }
        } else {
            for i in 0..p.rows() {
                self.clear();
                for j in 0..p.columns() {
                    self.push(y.at(i, j).to_f64(), p.at(i, j).to_f64(), 1.0);
                }
                self.add(weight(i));
            }
        }
    }

    fn result(&self) -> f64 {
        if self.weight == 0.0 { 0.0 } else { self.sum / self.weight }
    }

    fn reset(&mut self) {
        (self.sum, self.weight) = (0.0, 0.0);
    }

    fn accumulators_mut(&mut self) -> Vec<&mut f64> {
        vec![&mut self.sum, &mut self.weight]
    }
}
