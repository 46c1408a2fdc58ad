use super::weighted_mean::{PerSample, WeightedMean};
use super::{Direction, Metric, MetricState, Width};
use crate::kernels::lanewise::{self, Lanewise};
use crate::kernels::{Element, Simd};
use crate::spec::spec;
use crate::{Batch, Result, Scalar};

spec! {
    /// The share of outputs that lie on the same side of a threshold as their targets, `(p > t) = y`.
    ///
    /// # References
    ///
    /// Keras: `keras.metrics.BinaryAccuracy`.
    pub struct BinaryAccuracy: "BinaryAccuracy" {
        /// Above it an output means 1; default 0.5.
        threshold: f64 = 0.5,
        /// The key in history and logs; `binary_accuracy` by default.
        name: Option<String> = None,
    }
}

struct Hits {
    threshold: f64,
    share: f64,
}

impl<T: Element> Lanewise<T, 3, 1> for Hits {
    #[inline(always)]
    fn apply<S: Simd<T>>(&self, s: S, [y, p, total]: [S::V; 3]) -> [S::V; 1] {
        let predicted = s.select(s.gt(p, s.literal(self.threshold)), s.literal(1.0), s.zero());
        // Equality of two numbers as "not above and not below".
        let difference = s.abs(s.sub(predicted, y));
        let hit = s.select(s.gt(difference, s.zero()), s.zero(), s.literal(self.share));
        [s.add(total, hit)]
    }
}

impl<T: Scalar> PerSample<T> for BinaryAccuracy {
    fn values(&self, y: Batch<'_, T>, p: Batch<'_, T>, values: &mut [T]) {
        values.fill(T::zero());
        let hits = Hits { threshold: self.threshold, share: 1.0 / p.columns() as f64 };
        for j in 0..p.columns() {
            lanewise::update(&hits, [y.column(j), p.column(j)], [values]);
        }
    }
}

impl<T: Scalar> Metric<T> for BinaryAccuracy {
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
