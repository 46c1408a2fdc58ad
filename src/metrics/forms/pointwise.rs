//! Metrics that are the mean over samples and outputs of a function of one target and one prediction.

use crate::kernels::rowwise::SampleColumns;
use crate::kernels::{Element, Simd};

/// The function of one target and one prediction.
pub(crate) trait PointwiseMetric<T: Element> {
    /// The value at one position. Implementations are `#[inline(always)]`.
    fn value<S: Simd<T>>(&self, s: S, y: S::V, p: S::V) -> S::V;
}

/// The mean over the outputs of a sample.
#[inline(always)]
pub(crate) fn mean<T: Element, S: Simd<T>>(
    function: &impl PointwiseMetric<T>,
    s: S,
    y: SampleColumns<'_, T>,
    p: SampleColumns<'_, T>,
) -> S::V {
    s.mul(sum(function, s, y, p), s.literal(1.0 / p.count() as f64))
}

/// The sum over the outputs of a sample.
#[inline(always)]
pub(crate) fn sum<T: Element, S: Simd<T>>(
    function: &impl PointwiseMetric<T>,
    s: S,
    y: SampleColumns<'_, T>,
    p: SampleColumns<'_, T>,
) -> S::V {
    let mut total = s.zero();
    for j in 0..p.count() {
        total = s.add(total, function.value(s, y.load(s, j), p.load(s, j)));
    }
    total
}

/// Makes a [`PointwiseMetric`] function with a field `name` a metric, the mean over the outputs.
macro_rules! pointwise_metric {
    ($name:ident, $direction:ident $(, $expects:expr)?) => {
        impl<T: $crate::kernels::Element> $crate::kernels::rowwise::Rowwise<T> for $name {
            #[inline(always)]
            fn apply<S: $crate::kernels::Simd<T>>(
                &self,
                s: S,
                y: $crate::kernels::rowwise::SampleColumns<'_, T>,
                p: $crate::kernels::rowwise::SampleColumns<'_, T>,
            ) -> S::V {
                $crate::metrics::forms::pointwise::mean(self, s, y, p)
            }
        }

        $crate::metrics::states::weighted_mean::mean_metric!($name, $direction, matching $(, $expects)?);
    };
}
pub(crate) use pointwise_metric;
