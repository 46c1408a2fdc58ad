use super::states::vectorwise::{VectorPair, VectorwiseMean, check_axis};
use super::states::weighted_mean::WeightedMean;
use super::{Direction, Metric, MetricState, Width};
use crate::items::{Spec, item};
use crate::kernels::distances::EPSILON;
use crate::kernels::rowwise::{Rowwise, SampleColumns};
use crate::kernels::{Element, Simd};
use crate::{Result, Scalar};

item! {
    /// The cosine of the angle between targets and predictions, `Σ y·p / (‖y‖·‖p‖)`, 1 for the same direction.
    ///
    /// Along the outputs (`axis` −1) every sample has one, and the value is their mean; along the samples (`axis` 0)
    /// every output has one over the samples of a batch. Norms below 1e-7 count as 1e-7. The loss of the
    /// same name is its negative.
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let model = Sequential::new()
    ///     .add(Dense::new(3, Linear))
    ///     .compile(Adam::default(), MeanSquaredError, metrics![metrics::CosineSimilarity]);
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Argument`](crate::Error::Argument) for another axis.
    ///
    /// # References
    ///
    /// Keras: `keras.metrics.CosineSimilarity`.
    pub struct CosineSimilarity: "CosineSimilarity" checked by check_axis {
        /// −1 or 1: along the outputs of a sample; 0: along the samples of a batch.
        axis: i64 = -1,
        /// The key in history and logs; `cosine_similarity` by default.
        name: Option<String> = None,
    }
}

impl CosineSimilarity {
    fn check_axis(&self) -> Result<()> {
        check_axis(self, self.axis)
    }
}

impl<T: Element> Rowwise<T> for CosineSimilarity {
    #[inline(always)]
    fn apply<S: Simd<T>>(&self, s: S, y: SampleColumns<'_, T>, p: SampleColumns<'_, T>) -> S::V {
        let mut sums = [s.zero(); 3];
        for j in 0..p.count() {
            let (y, p) = (y.load(s, j), p.load(s, j));
            sums = [s.mul_add(y, p, sums[0]), s.mul_add(y, y, sums[1]), s.mul_add(p, p, sums[2])];
        }
        let floor = s.literal(EPSILON);
        let norms = s.mul(s.max(floor, s.sqrt(sums[1])), s.max(floor, s.sqrt(sums[2])));
        s.div(sums[0], norms)
    }
}

fn cosine(vectors: &VectorPair<'_>) -> f64 {
    let norms = vectors.sum(|y, _| y * y).sqrt().max(EPSILON) * vectors.sum(|_, p| p * p).sqrt().max(EPSILON);
    vectors.sum(|y, p| y * p) / norms
}

impl<T: Scalar> Metric<T> for CosineSimilarity {
    fn start(&self, width: Width) -> Result<Box<dyn MetricState<T>>> {
        self.check()?;
        width.matching(self)?;
        match self.axis {
            0 => VectorwiseMean::start(self, width, 0, cosine),
            _ => Ok(Box::new(WeightedMean::new(self.clone()))),
        }
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
    use crate::BatchBuffer;
    use crate::dmatrix;
    use nalgebra::DMatrix;

    #[test]
    fn an_axis_is_the_other_of_the_transposed_table() -> Result<()> {
        let y = dmatrix![1.0, -2.0; 0.5, 3.0; 2.0, 1.0];
        let p = dmatrix![0.5, -1.0; 1.0, 1.0; -1.0, 4.0];
        let mean = |metric: CosineSimilarity, y: &DMatrix<f64>, p: &DMatrix<f64>| -> Result<f64> {
            let mut state = metric.start(Width { targets: y.ncols(), outputs: p.ncols() })?;
            state.update(BatchBuffer::from_matrix(y).batch(), BatchBuffer::from_matrix(p).batch(), None);
            Ok(state.result())
        };
        let along_samples = mean(CosineSimilarity.axis(0), &y, &p)?;
        let along_outputs = mean(CosineSimilarity, &y.transpose(), &p.transpose())?;
        approx::assert_relative_eq!(along_samples, along_outputs, max_relative = 1e-14);
        Ok(())
    }
}
