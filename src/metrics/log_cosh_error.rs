use super::forms::pointwise::{self, PointwiseMetric};
use super::states::weighted_mean::WeightedMean;
use super::{Direction, Metric, MetricState, Width};
use crate::items::item;
use crate::kernels::rowwise::{Rowwise, SampleColumns};
use crate::kernels::{Element, Simd, distances};
use crate::{Result, Scalar};

item! {
    /// The logarithm of the hyperbolic cosine of the error, `ln cosh(p − y)` averaged over outputs and samples.
    ///
    /// Approximately half the squared error for small errors, and the absolute error minus `ln 2` for large ones.
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let model = Sequential::new()
    ///     .add(Dense::new(1, Linear))
    ///     .compile(Adam::default(), MeanSquaredError, metrics![LogCoshError]);
    /// ```
    ///
    /// # References
    ///
    /// Keras: `keras.metrics.LogCoshError`.
    pub struct LogCoshError: "LogCoshError" {
        /// The key in history and logs; `logcosh` by default.
        name: Option<String> = None,
    }
}

impl<T: Element> PointwiseMetric<T> for LogCoshError {
    #[inline(always)]
    fn value<S: Simd<T>>(&self, s: S, y: S::V, p: S::V) -> S::V {
        distances::log_cosh(s, y, p)
    }
}

impl<T: Element> Rowwise<T> for LogCoshError {
    #[inline(always)]
    fn apply<S: Simd<T>>(&self, s: S, y: SampleColumns<'_, T>, p: SampleColumns<'_, T>) -> S::V {
        pointwise::mean(self, s, y, p)
    }
}

impl<T: Scalar> Metric<T> for LogCoshError {
    fn start(&self, width: Width) -> Result<Box<dyn MetricState<T>>> {
        width.matching(self)?;
        Ok(Box::new(WeightedMean::new(self.clone())))
    }

    fn given_name(&self) -> Option<String> {
        self.name.clone()
    }

    fn key(&self) -> String {
        self.name.clone().unwrap_or_else(|| "logcosh".into())
    }

    fn direction(&self) -> Option<Direction> {
        Some(Direction::Down)
    }
}
