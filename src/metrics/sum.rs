use super::{Metric, MetricState, Width};
use crate::items::item;
use crate::kernels::weighted_sums::{self, Counted};
use crate::{Batch, Result, Scalar};

item! {
    /// The sum of the predictions over outputs and samples; the targets are ignored.
    ///
    /// It has no direction.
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let model = Sequential::new()
    ///     .add(Dense::new(1, Sigmoid))
    ///     .compile(Adam::default(), BinaryCrossentropy, metrics![metrics::Sum]);
    /// ```
    ///
    /// # References
    ///
    /// Keras: `keras.metrics.Sum`, which adds any values; here they are the predictions.
    pub struct Sum: "Sum" {
        /// The key in history and logs; `sum` by default.
        name: Option<String> = None,
    }
}

struct SumState {
    total: f64,
}

impl<T: Scalar> MetricState<T> for SumState {
    fn update(&mut self, _: Batch<'_, T>, p: Batch<'_, T>, weights: Option<&[T]>) {
        for j in 0..p.columns() {
            let [sum, _] = weighted_sums::sums(&Counted, [p.column(j)], weights);
            self.total += sum;
        }
    }

    fn result(&self) -> f64 {
        self.total
    }

    fn reset(&mut self) {
        self.total = 0.0;
    }

    fn accumulators_mut(&mut self) -> Vec<&mut f64> {
        vec![&mut self.total]
    }
}

impl<T: Scalar> Metric<T> for Sum {
    fn start(&self, _: Width) -> Result<Box<dyn MetricState<T>>> {
        Ok(Box::new(SumState { total: 0.0 }))
    }

    fn given_name(&self) -> Option<String> {
        self.name.clone()
    }
}
