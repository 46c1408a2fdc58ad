use super::states::weighted_mean::WeightedMean;
use super::{Metric, MetricState, Width};
use crate::items::item;
use crate::kernels::rowwise::{Rowwise, SampleColumns};
use crate::kernels::{Element, Simd};
use crate::{Result, Scalar};

item! {
    /// The mean of the predictions over outputs and samples; the targets are ignored.
    ///
    /// It shows how the outputs drift. It has no direction.
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let model = Sequential::new()
    ///     .add(Dense::new(1, Sigmoid))
    ///     .compile(Adam::default(), BinaryCrossentropy, metrics![metrics::Mean]);
    /// ```
    ///
    /// # References
    ///
    /// Keras: `keras.metrics.Mean`, which averages any values; here they are the predictions.
    pub struct Mean: "Mean" {
        /// The key in history and logs; `mean` by default.
        name: Option<String> = None,
    }
}

impl<T: Element> Rowwise<T> for Mean {
    #[inline(always)]
    fn apply<S: Simd<T>>(&self, s: S, _: SampleColumns<'_, T>, p: SampleColumns<'_, T>) -> S::V {
        let mut total = s.zero();
        for j in 0..p.count() {
            total = s.add(total, p.load(s, j));
        }
        s.mul(total, s.literal(1.0 / p.count() as f64))
    }
}

impl<T: Scalar> Metric<T> for Mean {
    fn start(&self, _: Width) -> Result<Box<dyn MetricState<T>>> {
        Ok(Box::new(WeightedMean::new(self.clone())))
    }

    fn given_name(&self) -> Option<String> {
        self.name.clone()
    }
}
