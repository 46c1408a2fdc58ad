//! Samples with true and predicted numbers, one or several each.

use crate::error::counted;
use nalgebra::DMatrix;

use super::paired::{finite, same_rows, weighted_mean, weights_of};
use super::weighted::AsTruth;
use crate::as_column::AsColumn;
use crate::error::{Error, Result};

/// True and predicted numbers of equal shape, samples × outputs, and the weights of the samples.
pub(super) struct NumberPairs {
    item: &'static str,
    truth: DMatrix<f64>,
    predicted: DMatrix<f64>,
    weights: Vec<f64>,
}

/// The numbers of one output.
pub(super) struct Output<'a> {
    pub(super) truth: &'a [f64],
    pub(super) predicted: &'a [f64],
    pub(super) weights: &'a [f64],
}

impl NumberPairs {
    pub(super) fn new(
        item: &'static str,
        y_true: &(impl AsTruth + ?Sized),
        y_pred: &(impl AsColumn + ?Sized),
    ) -> Result<NumberPairs> {
        let (truth, predicted) = (y_true.truth_outputs()?, y_pred.as_outputs()?);
        same_rows(truth.nrows(), "y_pred", predicted.nrows())?;
        if truth.ncols() != predicted.ncols() {
            let expected = format!("{}, one for each output as in y_true", counted(truth.ncols(), "column"));
            return Err(Error::argument(
                item,
                "y_pred",
                format!("of {}", counted(predicted.ncols(), "column")),
                expected,
            ));
        }
        if truth.ncols() == 0 {
            return Err(Error::Empty { what: "y_true".into(), advice: "pass a column for each output".into() });
        }
        finite("y_true", truth.as_slice(), truth.nrows())?;
        finite("y_pred", predicted.as_slice(), truth.nrows())?;
        let weights = weights_of(y_true, truth.nrows())?;
        Ok(NumberPairs { item, truth, predicted, weights })
    }

    /// The samples of weight 0 do not count.
    pub(super) fn samples(&self) -> usize {
        self.weights.iter().filter(|weight| **weight > 0.0).count()
    }

    /// Each output separately.
    pub(super) fn outputs(&self) -> impl Iterator<Item = Output<'_>> {
        let rows = self.truth.nrows();
        let columns = self.truth.as_slice().chunks(rows).zip(self.predicted.as_slice().chunks(rows));
        columns.map(|(truth, predicted)| Output { truth, predicted, weights: &self.weights })
    }

    /// The mean over the outputs of a number for each.
    pub(super) fn mean(&self, of_output: &dyn Fn(&Output<'_>) -> f64) -> Result<f64> {
        let sum: f64 = self.outputs().map(|output| of_output(&output)).sum();
        self.in_range(sum / self.truth.ncols() as f64)
    }

    /// A score, unless numbers were so large that it left the range of `f64`.
    pub(super) fn in_range(&self, score: f64) -> Result<f64> {
        if score.is_finite() {
            return Ok(score);
        }
        let expected = "numbers whose errors, squares and sums are in the range of f64; scale them";
        Err(Error::argument(self.item, "y_true", "too large together with y_pred", expected))
    }
}

impl Output<'_> {
    /// The mean of a function of true and predicted numbers, by the weights of the samples.
    pub(super) fn mean(&self, of: &dyn Fn(f64, f64) -> f64) -> f64 {
        let pairs = self.truth.iter().zip(self.predicted);
        weighted_mean(pairs.map(|(truth, predicted)| of(*truth, *predicted)), self.weights)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dmatrix;

    #[test]
    fn numbers_are_finite_and_as_many_as_predicted() {
        let of =
            |truth: &DMatrix<f64>, predicted: &DMatrix<f64>| NumberPairs::new("test", truth, predicted).map(|_| ());
        let truth = dmatrix![1.0, 2.0; 3.0, 4.0];
        assert!(of(&truth, &truth).is_ok());
        assert!(matches!(of(&truth, &dmatrix![1.0, 2.0]), Err(Error::Rows { right: "y_pred", .. })));
        assert!(matches!(of(&truth, &dmatrix![1.0; 2.0]), Err(Error::Argument { argument: "y_pred", .. })));
        assert!(matches!(of(&DMatrix::zeros(0, 1), &DMatrix::zeros(0, 1)), Err(Error::Empty { .. })));
        assert!(matches!(of(&DMatrix::zeros(1, 0), &DMatrix::zeros(1, 0)), Err(Error::Empty { .. })));
        let wrong = dmatrix![1.0, 2.0; 3.0, f64::NAN];
        assert!(matches!(of(&wrong, &truth), Err(Error::NotFinite { what: "y_true", row: 1, column: 1, .. })));
        assert!(matches!(of(&truth, &wrong), Err(Error::NotFinite { what: "y_pred", row: 1, column: 1, .. })));
    }

    #[test]
    fn errors_beyond_the_range_are_rejected() {
        let pairs = NumberPairs::new("test", &[f64::MAX], &[-f64::MAX]).unwrap();
        assert!(matches!(pairs.mean(&|output| output.mean(&|y, p| p - y)), Err(Error::Argument { .. })));
    }
}
