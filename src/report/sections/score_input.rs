//! Outcomes of two classes as scores, calibration and decisions take them.

use crate::report::outcomes::BinaryOutcomes;
use crate::scores::{ScoreInput, Truth};
use nalgebra::DMatrix;

/// The classes of the rows as 0 and 1, and the probabilities of class 1 as a column.
pub(super) fn columns(binary: &BinaryOutcomes) -> (Vec<usize>, DMatrix<f64>) {
    let truth = binary.truth.iter().map(|truth| usize::from(*truth)).collect();
    (truth, DMatrix::from_column_slice(binary.rows(), 1, &binary.probability))
}

/// Both as the input of a score.
pub(super) fn of<'a>(truth: &'a [usize], prediction: &'a DMatrix<f64>) -> ScoreInput<'a> {
    ScoreInput::new(Truth::Classes { labels: truth, n_classes: 2 }, prediction)
}
