//! The running mean of one value per sample: the state of most metrics.

use crate::kernels::rowwise::{self, BatchColumns, Rowwise};
use crate::kernels::weighted_sums::{self, Counted};
use crate::metrics::MetricState;
use crate::{Batch, Scalar};

/// `Σ wᵢ·vᵢ / Σ wᵢ`, 0 before the first sample.
pub(crate) struct WeightedMean<T, V> {
    pub(crate) value: V,
    values: Vec<T>,
    sum: f64,
    weight: f64,
    function: fn(f64) -> f64,
}

impl<T: Scalar, V: Rowwise<T>> WeightedMean<T, V> {
    pub(crate) fn new(value: V) -> Self {
        Self::with_function(value, |mean| mean)
    }

    /// A mean to which `function` is applied in [`result`](MetricState::result), such as a square root.
    pub(crate) fn with_function(value: V, function: fn(f64) -> f64) -> Self {
        WeightedMean { value, values: Vec::new(), sum: 0.0, weight: 0.0, function }
    }

    /// Subtracts weight from the denominator.
    pub(crate) fn discount(&mut self, weight: f64) {
        self.weight -= weight;
    }
}

impl<T: Scalar, V: Rowwise<T> + Send> MetricState<T> for WeightedMean<T, V> {
    fn update(&mut self, y: Batch<'_, T>, p: Batch<'_, T>, weights: Option<&[T]>) {
        self.values.resize(y.rows(), T::zero());
        rowwise::apply(&self.value, BatchColumns::from_batch(y), BatchColumns::from_batch(p), &mut self.values);
        let [sum, weight] = weighted_sums::sums(&Counted, [&self.values], weights);
        self.sum += sum;
        self.weight += weight;
    }

    fn result(&self) -> f64 {
        if self.weight == 0.0 { 0.0 } else { (self.function)(self.sum / self.weight) }
    }

    fn reset(&mut self) {
        (self.sum, self.weight) = (0.0, 0.0);
    }

    fn accumulators_mut(&mut self) -> Vec<&mut f64> {
        vec![&mut self.sum, &mut self.weight]
    }
}

/// The parts of [`Metric`](crate::metrics::Metric) that metrics which are a mean have in common.
///
/// The arguments are the metric, its direction, the function of [`Width`](crate::metrics::Width) that checks the widths, and
/// the expected form of the outputs.
macro_rules! mean_metric {
    ($name:ident, $direction:ident, $widths:ident $(, $expects:expr)?) => {
        impl<T: $crate::Scalar> $crate::metrics::Metric<T> for $name {
            fn start(&self, width: $crate::metrics::Width) -> $crate::Result<Box<dyn $crate::metrics::MetricState<T>>> {
                width.$widths(self)?;
                Ok(Box::new($crate::metrics::states::weighted_mean::WeightedMean::new(self.clone())))
            }

            fn given_name(&self) -> Option<String> {
                self.name.clone()
            }

            fn direction(&self) -> Option<$crate::metrics::Direction> {
                Some($crate::metrics::Direction::$direction)
            }

            $(fn expects(&self, _: $crate::metrics::Width) -> $crate::metrics::Outputs {
                let expects: fn(&$name) -> $crate::metrics::Outputs = $expects;
                expects(self)
            })?
        }
    };
}
pub(crate) use mean_metric;
