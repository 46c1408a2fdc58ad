use super::states::vectorwise::{PairMoments, VectorPair, VectorwiseMean, check_axis};
use super::{Direction, Metric, MetricState, Width};
use crate::items::{invalid, item};
use crate::kernels::distances::EPSILON;
use crate::{Result, Scalar};

item! {
    /// Lin's concordance correlation, `2·cov(y, p) / (σ_y² + σ_p² + (μ_y − μ_p)² + 1e-7)`.
    ///
    /// Along the outputs (`axis` −1, Keras's default) every sample has a correlation over its outputs, and the
    /// value is their mean. Along the samples (`axis` 0) every output has one over the samples of a batch, and the
    /// value is the mean over outputs and batches; sample weights, which Keras cannot take there, then weigh the
    /// moments. It is 1 only where predictions equal targets; it is less for shifted or scaled ones.
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let model = Sequential::new()
    ///     .add(Dense::new(1, Linear))
    ///     .compile(Adam::default(), MeanSquaredError, metrics![ConcordanceCorrelation.axis(0)]);
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Argument`](crate::Error::Argument) for another axis, and for the axis of the outputs if there is
    /// one output only.
    ///
    /// # References
    ///
    /// Keras: `keras.metrics.ConcordanceCorrelation`. Lin, *A concordance correlation coefficient to evaluate
    /// reproducibility*, 1989.
    pub struct ConcordanceCorrelation: "ConcordanceCorrelation" checked by check_axis {
        /// −1 or 1: along the outputs of a sample; 0: along the samples of a batch.
        axis: i64 = -1,
        /// The key in history and logs; `concordance_correlation` by default.
        name: Option<String> = None,
    }
}

impl ConcordanceCorrelation {
    fn check_axis(&self) -> Result<()> {
        check_axis(self, self.axis)
    }
}

fn correlation(vectors: &VectorPair<'_>) -> f64 {
    vectors.moments().map_or(0.0, |PairMoments { means, variances, covariance }| {
        let shift = means[0] - means[1];
        2.0 * covariance / (variances[0] + variances[1] + shift * shift + EPSILON)
    })
}

impl<T: Scalar> Metric<T> for ConcordanceCorrelation {
    fn start(&self, width: Width) -> Result<Box<dyn MetricState<T>>> {
        if self.axis != 0 && width.outputs == 1 {
            return Err(invalid(self, "axis", self.axis, "0 where there is one output, along the samples"));
        }
        VectorwiseMean::start(self, width, self.axis, correlation)
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
    fn extremes() {
        let correlation = |y: &[f64], p: &[f64]| correlation(&VectorPair { y, p, weights: &[1.0, 2.0, 0.5] });
        let y = [1.0, 2.0, 4.0];
        approx::assert_relative_eq!(correlation(&y, &y), 1.0, max_relative = 1e-7);
        assert!(correlation(&y, &[3.0, 5.0, 9.0]) < 0.5);
        assert_eq!(correlation(&y, &[3.0, 3.0, 3.0]), 0.0);
        // Rounded means do not make two constants covary.
        assert_eq!(correlation(&[0.1, 0.1, 0.1], &[0.7, 0.7, 0.7]), 0.0);
        let far = correlation(&y.map(|y| y + 1e12), &[3.0, 5.0, 9.0].map(|p| p + 1e12));
        approx::assert_relative_eq!(far, correlation(&y, &[3.0, 5.0, 9.0]), max_relative = 1e-14);
    }

    #[test]
    fn one_output_has_no_line_of_outputs() {
        let width = Width { targets: 1, outputs: 1 };
        assert!(Metric::<f32>::start(&ConcordanceCorrelation, width).is_err());
        assert!(Metric::<f32>::start(&ConcordanceCorrelation.axis(0), width).is_ok());
        assert!(Metric::<f32>::start(&ConcordanceCorrelation.axis(2), width).is_err());
    }
}
