use crate::Result;
use nalgebra::DMatrix;

/// The mean of a score over labels that apply at the same time, one in each column.
pub(super) fn mean_over_labels(
    truth: &DMatrix<f64>,
    prediction: &DMatrix<f64>,
    score: impl Fn(&[f64], &[f64]) -> Result<f64>,
) -> Result<f64> {
    let rows = truth.nrows().max(1);
    let columns = truth.as_slice().chunks(rows).zip(prediction.as_slice().chunks(rows));
    let scores = columns.map(|(y, p)| score(y, p)).collect::<Result<Vec<f64>>>()?;
    Ok(scores.iter().sum::<f64>() / scores.len() as f64)
}
