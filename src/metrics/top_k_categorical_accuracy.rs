use super::arithmetic::argmax::{argmax, rank};
use super::states::weighted_mean::WeightedMean;
use super::{Direction, Metric, MetricState, Outputs, Width};
use crate::items::{Spec, invalid, item};
use crate::kernels::rowwise::{Rowwise, SampleColumns};
use crate::kernels::{Element, Simd};
use crate::{Result, Scalar};

item! {
    /// The fraction of samples with the class of the largest target among the `k` largest outputs.
    ///
    /// `y` has a column for each output, usually one-hot. Equal outputs all have the best of their ranks.
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let model = Sequential::new()
    ///     .add(Dense::new(7, Softmax))
    ///     .compile(Adam::default(), CategoricalCrossentropy, metrics![TopKCategoricalAccuracy.k(3)]);
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Argument`](crate::Error::Argument) if `k` is 0 or exceeds the number of outputs.
    ///
    /// # References
    ///
    /// Keras: `keras.metrics.TopKCategoricalAccuracy`.
    pub struct TopKCategoricalAccuracy: "TopKCategoricalAccuracy" {
        /// The number of largest outputs that count, from 1 to the number of outputs.
        k: usize [at least 1] = 5,
        /// The key in history and logs; `top_k_categorical_accuracy` by default.
        name: Option<String> = None,
    }
}

impl<T: Element> Rowwise<T> for TopKCategoricalAccuracy {
    #[inline(always)]
    fn apply<S: Simd<T>>(&self, s: S, y: SampleColumns<'_, T>, p: SampleColumns<'_, T>) -> S::V {
        let (k, one) = (s.literal(self.k as f64), s.literal(1.0));
        s.select(s.gt(k, rank(s, p, argmax(s, y))), one, s.zero())
    }
}

impl<T: Scalar> Metric<T> for TopKCategoricalAccuracy {
    fn start(&self, width: Width) -> Result<Box<dyn MetricState<T>>> {
        self.check()?;
        width.matching(self)?;
        if self.k > width.outputs {
            return Err(invalid(self, "k", self.k, format!("1 to the number of outputs, {}", width.outputs)));
        }
        Ok(Box::new(WeightedMean::new(self.clone())))
    }

    fn expects(&self, _: Width) -> Outputs {
        Outputs::Classes
    }

    fn given_name(&self) -> Option<String> {
        self.name.clone()
    }

    fn direction(&self) -> Option<Direction> {
        Some(Direction::Up)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn k_fits_the_outputs() {
        let width = Width { targets: 3, outputs: 3 };
        assert!(Metric::<f32>::start(&TopKCategoricalAccuracy.k(3), width).is_ok());
        for k in [0, 4] {
            assert!(Metric::<f32>::start(&TopKCategoricalAccuracy.k(k), width).is_err(), "{k}");
        }
    }
}
