use super::categorical_accuracy::largest;
use super::weighted_mean::{PerSample, WeightedMean};
use super::{Direction, Metric, MetricState, Width};
use crate::spec::spec;
use crate::{Batch, Result, Scalar};

spec! {
    /// The share of samples whose largest output is in the column that their target names.
    ///
    /// # References
    ///
    /// Keras: `keras.metrics.SparseCategoricalAccuracy`.
    pub struct SparseCategoricalAccuracy: "SparseCategoricalAccuracy" {
        /// The key in history and logs; `sparse_categorical_accuracy` by default.
        name: Option<String> = None,
    }
}

impl<T: Scalar> PerSample<T> for SparseCategoricalAccuracy {
    fn values(&self, y: Batch<'_, T>, p: Batch<'_, T>, values: &mut [T]) {
        for (i, value) in values.iter_mut().enumerate() {
            *value = if y.at(i, 0) == T::of(largest(p, i) as f64) { T::one() } else { T::zero() };
        }
    }
}

impl<T: Scalar> Metric<T> for SparseCategoricalAccuracy {
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
