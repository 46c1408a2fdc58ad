//! The check of the two columns that every score compares.

use crate::as_column::AsColumn;
use crate::error::{Error, Result};

/// Two columns that describe the same samples, of which there is at least one.
pub(super) fn paired<A, B>(truth: &A, predicted: &B, what: &'static str) -> Result<(Vec<f64>, Vec<f64>)>
where
    A: AsColumn + ?Sized,
    B: AsColumn + ?Sized,
{
    let (truth, predicted) = (truth.as_column()?, predicted.as_column()?);
    if truth.len() != predicted.len() {
        return Err(Error::Rows { left: "y_true", left_rows: truth.len(), right: what, right_rows: predicted.len() });
    }
    if truth.is_empty() {
        return Err(Error::Empty { what: "y_true".into(), advice: "pass at least one sample".into() });
    }
    Ok((truth, predicted))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_have_equal_lengths_and_a_sample() {
        assert!(matches!(paired(&[1], &[1, 2], "y_pred"), Err(Error::Rows { right: "y_pred", .. })));
        assert!(matches!(paired(&[0.0; 0], &[0.0; 0], "y_pred"), Err(Error::Empty { .. })));
    }
}
