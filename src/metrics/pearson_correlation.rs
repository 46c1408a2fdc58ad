use super::states::vectorwise::{VectorPair, VectorwiseMean, check_axis};
use super::{Direction, Metric, MetricState, Width};
use crate::items::{invalid, item};
use crate::{Result, Scalar};

item! {
    /// Pearson's correlation between targets and predictions, `cov(y, p) / (σ_y·σ_p)`.
    ///
    /// Along the outputs (`axis` −1, Keras's default) every sample has a correlation over its outputs, and the value is
    /// their mean. Along the samples (`axis` 0) every output has one over the samples of a batch, and the value is the
    /// mean over outputs and batches; sample weights, which Keras cannot take there, then weigh the moments. Where all
    /// targets or predictions are equal there is no correlation, which counts 0; Keras's value is NaN from then on.
    ///
    /// ```
    /// use perceptra::prelude::*;
    ///
    /// let model = Sequential::new()
    ///     .add(Dense::new(1, Linear))
    ///     .compile(Adam::default(), MeanSquaredError, metrics![PearsonCorrelation.axis(0)]);
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Argument`](crate::Error::Argument) for another axis, and for the axis of the outputs if there is
    /// one output only.
    ///
    /// # References
    ///
    /// Keras: `keras.metrics.PearsonCorrelation`.
    pub struct PearsonCorrelation: "PearsonCorrelation" checked by check_axis {
        /// −1 or 1: along the outputs of a sample; 0: along the samples of a batch.
        axis: i64 = -1,
        /// The key in history and logs; `pearson_correlation` by default.
        name: Option<String> = None,
    }
}

impl PearsonCorrelation {
    fn check_axis(&self) -> Result<()> {
        check_axis(self, self.axis)
    }
}

fn correlation(vectors: &VectorPair<'_>) -> f64 {
    vectors.moments().map_or(0.0, |moments| {
        let spread = moments.variances[0].sqrt() * moments.variances[1].sqrt();
        // Rounding may exceed 1.
        if spread == 0.0 { 0.0 } else { (moments.covariance / spread).clamp(-1.0, 1.0) }
    })
}

impl<T: Scalar> Metric<T> for PearsonCorrelation {
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
        approx::assert_relative_eq!(correlation(&y, &[3.0, 5.0, 9.0]), 1.0, max_relative = 1e-14);
        approx::assert_relative_eq!(correlation(&y, &[-1.0, -2.0, -4.0]), -1.0, max_relative = 1e-14);
        assert_eq!(correlation(&y, &[3.0, 3.0, 3.0]), 0.0);
    }

    #[test]
    fn constants_of_any_value_correlate_with_nothing() {
        let weights = [1.0; 10];
        let correlation = |y: &[f64], p: &[f64]| correlation(&VectorPair { y, p, weights: &weights });
        for constant in [5.0, 0.1, 0.7, 14.62, 1e8 + 0.3] {
            assert_eq!(correlation(&[constant; 10], &[0.7; 10]), 0.0);
            assert_eq!(correlation(&[constant; 10], &[0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.5]), 0.0);
        }
    }

    #[test]
    fn it_is_that_of_the_reference_far_from_zero() {
        let case = crate::reference::case("far_from_zero");
        for (shift, name) in [(0.0, "0"), (1e6, "1e+06"), (-1e8, "-1e+08")] {
            let [y, p] = ["y", "p"].map(|field| case.numbers(field).iter().map(|v| v + shift).collect::<Vec<_>>());
            let found = correlation(&VectorPair { y: &y, p: &p, weights: &vec![1.0; y.len()] });
            case.assert_close(&format!("pearson_{name}"), [found], 1e-13);
        }
    }

    #[test]
    fn a_large_offset_changes_nothing() {
        let weights = [1.0, 2.0, 0.5, 1.0];
        let correlation = |shift: f64, factor: f64| {
            let y = [1.0, 2.0, 4.0, -1.0].map(|y| y * factor + shift);
            let p = [1.5, 1.0, 4.0, 0.5].map(|p| p * factor - shift);
            correlation(&VectorPair { y: &y, p: &p, weights: &weights })
        };
        for (shift, factor) in [(1e8, 1.0), (1e15, 1.0), (0.0, 1e-140), (0.0, 1e140)] {
            approx::assert_relative_eq!(correlation(shift, factor), correlation(0.0, 1.0), max_relative = 1e-14);
        }
    }

    #[test]
    fn one_output_has_no_line_of_outputs() {
        let width = Width { targets: 1, outputs: 1 };
        assert!(Metric::<f32>::start(&PearsonCorrelation, width).is_err());
        assert!(Metric::<f32>::start(&PearsonCorrelation.axis(0), width).is_ok());
        assert!(Metric::<f32>::start(&PearsonCorrelation.axis(2), width).is_err());
    }
}
