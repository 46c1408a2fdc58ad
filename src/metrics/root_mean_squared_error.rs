use super::forms::pointwise::{self, PointwiseMetric};
use super::states::weighted_mean::WeightedMean;
use super::{Direction, Metric, MetricState, Width};
use crate::items::item;
use crate::kernels::rowwise::{Rowwise, SampleColumns};
use crate::kernels::{Element, Simd, distances};
use crate::{Result, Scalar};

item! {
    /// The root of the mean squared error, `√(mean of (p − y)²)` over outputs and samples.
    ///
    /// The root is taken of the mean over all batches.
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let model = Sequential::new()
    ///     .add(Dense::new(1, Linear))
    ///     .compile(Adam::default(), MeanSquaredError, metrics![RootMeanSquaredError]);
    /// ```
    ///
    /// # References
    ///
    /// Keras: `keras.metrics.RootMeanSquaredError`.
    pub struct RootMeanSquaredError: "RootMeanSquaredError" {
        /// The key in history and logs; `root_mean_squared_error` by default.
        name: Option<String> = None,
    }
}

impl<T: Element> PointwiseMetric<T> for RootMeanSquaredError {
    #[inline(always)]
    fn value<S: Simd<T>>(&self, s: S, y: S::V, p: S::V) -> S::V {
        distances::squared(s, y, p)
    }
}

impl<T: Element> Rowwise<T> for RootMeanSquaredError {
    #[inline(always)]
    fn apply<S: Simd<T>>(&self, s: S, y: SampleColumns<'_, T>, p: SampleColumns<'_, T>) -> S::V {
        pointwise::mean(self, s, y, p)
    }
}

impl<T: Scalar> Metric<T> for RootMeanSquaredError {
    fn start(&self, width: Width) -> Result<Box<dyn MetricState<T>>> {
        width.matching(self)?;
        Ok(Box::new(WeightedMean::with_function(self.clone(), f64::sqrt)))
    }

    fn given_name(&self) -> Option<String> {
        self.name.clone()
    }

    fn direction(&self) -> Option<Direction> {
        Some(Direction::Down)
    }
}
