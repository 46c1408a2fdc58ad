use super::arithmetic::argmax::{rank, same};
use super::states::weighted_mean::WeightedMean;
use super::{Direction, Metric, MetricState, Width};
use crate::items::{Spec, invalid, item};
use crate::kernels::rowwise::{Rowwise, SampleColumns};
use crate::kernels::{Element, Simd};
use crate::{Result, Scalar};

item! {
    /// The fraction of samples with the target class among the `k` largest outputs.
    ///
    /// `y` is one column of class indices `0..outputs`. Equal outputs all have the best of their ranks.
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let model = Sequential::new()
    ///     .add(Dense::new(7, Softmax))
    ///     .compile(Adam::default(), SparseCategoricalCrossentropy, metrics![SparseTopKCategoricalAccuracy.k(3)]);
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Argument`](crate::Error::Argument) if `k` is 0 or exceeds the number of outputs.
    ///
    /// # References
    ///
    /// Keras: `keras.metrics.SparseTopKCategoricalAccuracy`.
    pub struct SparseTopKCategoricalAccuracy: "SparseTopKCategoricalAccuracy" {
        /// The number of largest outputs that count, from 1 to the number of outputs.
        k: usize [at least 1] = 5,
        /// Whether the outputs are class indices, the most likely first, rather than scores.
        from_sorted_ids: bool = false,
        /// The key in history and logs; `sparse_top_k_categorical_accuracy` by default.
        name: Option<String> = None,
    }
}

impl<T: Element> Rowwise<T> for SparseTopKCategoricalAccuracy {
    #[inline(always)]
    fn apply<S: Simd<T>>(&self, s: S, y: SampleColumns<'_, T>, p: SampleColumns<'_, T>) -> S::V {
        let (class, one) = (y.load(s, 0), s.literal(1.0));
        if !self.from_sorted_ids {
            return s.select(s.gt(s.literal(self.k as f64), rank(s, p, class)), one, s.zero());
        }
        let mut hit = s.zero();
        for place in 0..self.k.min(p.count()) {
            hit = s.max(hit, same(s, class, p.load(s, place)));
        }
        hit
    }
}

impl<T: Scalar> Metric<T> for SparseTopKCategoricalAccuracy {
    fn start(&self, width: Width) -> Result<Box<dyn MetricState<T>>> {
        self.check()?;
        width.sparse(self)?;
        if self.k > width.outputs {
            return Err(invalid(self, "k", self.k, format!("1 to the number of outputs, {}", width.outputs)));
        }
        Ok(Box::new(WeightedMean::new(self.clone())))
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
        let width = Width { targets: 1, outputs: 3 };
        assert!(Metric::<f32>::start(&SparseTopKCategoricalAccuracy.k(3), width).is_ok());
        for k in [0, 4] {
            assert!(Metric::<f32>::start(&SparseTopKCategoricalAccuracy.k(k), width).is_err(), "{k}");
        }
    }
}
