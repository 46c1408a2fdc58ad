use super::weighted_mean::{PerSample, WeightedMean};
use super::{Direction, Metric, MetricState, Width};
use crate::spec::spec;
use crate::{Batch, Result, Scalar};

spec! {
    /// The share of samples whose largest output is in the column of their largest target.
    ///
    /// # References
    ///
    /// Keras: `keras.metrics.CategoricalAccuracy`.
    pub struct CategoricalAccuracy: "CategoricalAccuracy" {
        /// The key in history and logs; `categorical_accuracy` by default.
        name: Option<String> = None,
    }
}

/// The column of a sample's largest value, the first of equals.
pub(super) fn largest<T: Scalar>(batch: Batch<'_, T>, sample: usize) -> usize {
    let mut best = 0;
    for column in 1..batch.columns() {
        if batch.at(sample, column) > batch.at(sample, best) {
            best = column;
        }
    }
    best
}

impl<T: Scalar> PerSample<T> for CategoricalAccuracy {
    fn values(&self, y: Batch<'_, T>, p: Batch<'_, T>, values: &mut [T]) {
        for (i, value) in values.iter_mut().enumerate() {
            *value = if largest(y, i) == largest(p, i) { T::one() } else { T::zero() };
        }
    }
}

impl<T: Scalar> Metric<T> for CategoricalAccuracy {
    fn start(&self, _: Width) -> Result<Box<dyn MetricState<T>>> {
        Ok(Box::new(WeightedMean::new(self.clone())))
    }

    fn given_name(&self) -> Option<String> {
        self.name.clone()
    }

    fn direction(&self) -> Option<Direction> {
        Some(Direction::Up)
    }
}
