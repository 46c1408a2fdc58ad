//! The check of the two columns that every score compares.

use super::weighted::AsTruth;
use crate::as_column::AsColumn;
use crate::error::{Error, Result};

/// Two columns that describe the same samples, at least one, and the weights of the samples.
#[derive(Debug)]
pub(super) struct Paired {
    pub(super) truth: Vec<f64>,
    pub(super) predicted: Vec<f64>,
    pub(super) weights: Vec<f64>,
}

pub(super) fn paired<A, B>(truth: &A, predicted: &B, what: &'static str) -> Result<Paired>
where
    A: AsTruth + ?Sized,
    B: AsColumn + ?Sized,
{
    let (column, predicted) = (truth.truth_column()?, predicted.as_column()?);
    same_rows(column.len(), what, predicted.len())?;
    let weights = weights_of(truth, column.len())?;
    Ok(Paired { truth: column, predicted, weights })
}

/// Checks that the truth has as many rows as the values it is compared with, and at least one.
pub(super) fn same_rows(rows: usize, what: &'static str, other: usize) -> Result<()> {
    if rows != other {
        return Err(Error::Rows { left: "y_true", left_rows: rows, right: what, right_rows: other });
    }
    if rows == 0 {
        return Err(Error::Empty { what: "y_true".into(), advice: "pass at least one sample".into() });
    }
    Ok(())
}

/// The weights of samples; all 1 if none are given.
pub(super) fn weights_of(truth: &(impl AsTruth + ?Sized), rows: usize) -> Result<Vec<f64>> {
    let Some(weights) = truth.sample_weight()? else { return Ok(vec![1.0; rows]) };
    if weights.len() != rows {
        let (right, right_rows) = ("sample_weight", weights.len());
        return Err(Error::Rows { left: "y_true", left_rows: rows, right, right_rows });
    }
    if let Some(row) = weights.iter().position(|weight| !weight.is_finite() || *weight < 0.0) {
        return Err(Error::SampleWeight { what: "sample_weight", row, value: weights[row] });
    }
    let total: f64 = weights.iter().sum();
    if total == 0.0 || !total.is_finite() {
        let expected = "weights with a finite sum above 0: at least one sample has to count, and large weights can be \
                        divided by the largest";
        return Err(Error::argument("weighted", "sample_weight", format!("weights with the sum {total}"), expected));
    }
    Ok(weights)
}

/// The position of the first value that is NaN or infinite.
pub(super) fn finite(what: &'static str, values: &[f64], rows: usize) -> Result<()> {
    match values.iter().position(|value| !value.is_finite()) {
        Some(at) => Err(Error::NotFinite { what, row: at % rows, column: at / rows, value: values[at] }),
        None => Ok(()),
    }
}

/// The mean of values, by the weights of their samples.
pub(super) fn weighted_mean(values: impl IntoIterator<Item = f64>, weights: &[f64]) -> f64 {
    let sum: f64 = values.into_iter().zip(weights).map(|(value, weight)| value * weight).sum();
    sum / weights.iter().sum::<f64>()
}

#[cfg(test)]
mod tests {
    use super::super::weighted::weighted;
    use super::*;

    #[test]
    fn pairs_have_equal_lengths_and_a_sample() {
        assert!(matches!(paired(&[1], &[1, 2], "y_pred"), Err(Error::Rows { right: "y_pred", .. })));
        assert!(matches!(paired(&[0.0; 0], &[0.0; 0], "y_pred"), Err(Error::Empty { .. })));
    }

    #[test]
    fn weights_are_as_many_as_samples_and_count() {
        let of = |weights: &[f64]| paired(&weighted(&[0, 1], weights), &[0, 1], "y_pred").map(|pair| pair.weights);
        assert_eq!(of(&[0.0, 2.5]).unwrap(), [0.0, 2.5]);
        assert!(matches!(of(&[1.0]), Err(Error::Rows { right: "sample_weight", .. })));
        for wrong in [-1.0, f64::NAN, f64::INFINITY] {
            assert!(matches!(of(&[1.0, wrong]), Err(Error::SampleWeight { row: 1, .. })));
        }
        for wrong in [0.0, f64::MAX] {
            assert!(matches!(of(&[wrong; 2]), Err(Error::Argument { argument: "sample_weight", .. })));
        }
    }
}
