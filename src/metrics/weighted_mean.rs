//! The running mean of one value per sample: the state of most metrics.

use super::MetricState;
use crate::{Batch, Scalar};

/// Writes one value per sample, from targets and predictions.
pub(crate) trait PerSample<T: Scalar>: Send {
    /// The values of the samples of a batch, as many as it has rows.
    fn values(&self, y: Batch<'_, T>, p: Batch<'_, T>, values: &mut [T]);
}

/// `Σ wᵢ·vᵢ / Σ wᵢ`, 0 before the first sample.
pub(crate) struct WeightedMean<T, V> {
    per_sample: V,
    values: Vec<T>,
    sum: f64,
    weight: f64,
}

impl<T: Scalar, V: PerSample<T>> WeightedMean<T, V> {
    pub(crate) fn new(per_sample: V) -> Self {
        WeightedMean { per_sample, values: Vec::new(), sum: 0.0, weight: 0.0 }
    }
}

impl<T: Scalar, V: PerSample<T>> MetricState<T> for WeightedMean<T, V> {
    fn update(&mut self, y: Batch<'_, T>, p: Batch<'_, T>, weights: Option<&[T]>) {
        self.values.resize(y.rows(), T::zero());
        self.per_sample.values(y, p, &mut self.values);
        match weights {
            Some(weights) => {
                for (value, weight) in self.values.iter().zip(weights) {
                    self.sum += value.to_f64() * weight.to_f64();
                    self.weight += weight.to_f64();
                }
            }
            None => {
                self.sum += crate::kernels::reduce::sum(&self.values);
                self.weight += y.rows() as f64;
            }
        }
    }

    fn result(&self) -> f64 {
        if self.weight == 0.0 { 0.0 } else { self.sum / self.weight }
    }

    fn reset(&mut self) {
        (self.sum, self.weight) = (0.0, 0.0);
    }
}
