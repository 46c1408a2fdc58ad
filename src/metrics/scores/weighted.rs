//! Truth with a weight for each sample.

use nalgebra::DMatrix;

use crate::as_column::AsColumn;
use crate::error::Result;

/// The truth in a score: a column or matrix of numbers, or one that is [`weighted`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the truth of samples",
    label = "neither numbers, one or several per sample, nor `weighted(&y_true, &weights)`",
    note = "pass a slice, a `Vec`, or a nalgebra vector or matrix of numbers or Booleans"
)]
pub trait AsTruth {
    /// One number per sample.
    ///
    /// # Errors
    ///
    /// The errors of [`AsColumn::as_column`].
    fn truth_column(&self) -> Result<Vec<f64>>;

    /// One row per sample, a column for each output.
    ///
    /// # Errors
    ///
    /// The errors of [`AsColumn::as_outputs`].
    fn truth_outputs(&self) -> Result<DMatrix<f64>>;

    /// The weight of each sample; `None` if all weights are equal.
    ///
    /// # Errors
    ///
    /// The errors of [`AsColumn::as_column`].
    fn sample_weight(&self) -> Result<Option<Vec<f64>>>;
}

impl<V: AsColumn + ?Sized> AsTruth for V {
    fn truth_column(&self) -> Result<Vec<f64>> {
        self.as_column()
    }

    fn truth_outputs(&self) -> Result<DMatrix<f64>> {
        self.as_outputs()
    }

    fn sample_weight(&self) -> Result<Option<Vec<f64>>> {
        Ok(None)
    }
}

/// Truth with sample weights, which any score accepts instead of the truth; scikit-learn's `sample_weight`.
///
/// A sample with weight 2 counts like two samples, and one with weight 0 is ignored. Weights are finite, at least 0, and one of them is
/// above 0.
///
/// ```
/// use perceptra::metrics::{accuracy_score, weighted};
///
/// assert_eq!(accuracy_score(&[0, 1], &[0, 0])?, 0.5);
/// assert_eq!(accuracy_score(&weighted(&[0, 1], &[3.0, 1.0]), &[0, 0])?, 0.75);
/// # Ok::<(), perceptra::Error>(())
/// ```
///
/// # References
///
/// scikit-learn, *sample_weight* in *Glossary of Common Terms and API Elements*.
pub fn weighted<'a, Y, W>(y_true: &'a Y, sample_weight: &'a W) -> WeightedTruth<'a, Y, W>
where
    Y: AsColumn + ?Sized,
    W: AsColumn + ?Sized,
{
    WeightedTruth { y_true, sample_weight }
}

/// Truth and weights, from [`weighted`].
#[derive(Debug)]
pub struct WeightedTruth<'a, Y: ?Sized, W: ?Sized> {
    y_true: &'a Y,
    sample_weight: &'a W,
}

impl<Y: AsColumn + ?Sized, W: AsColumn + ?Sized> AsTruth for WeightedTruth<'_, Y, W> {
    fn truth_column(&self) -> Result<Vec<f64>> {
        self.y_true.as_column()
    }

    fn truth_outputs(&self) -> Result<DMatrix<f64>> {
        self.y_true.as_outputs()
    }

    fn sample_weight(&self) -> Result<Option<Vec<f64>>> {
        self.sample_weight.as_column().map(Some)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn truth_has_the_weights_that_it_is_given() {
        assert_eq!([1, 0].sample_weight().unwrap(), None);
        let (truth, weights) = (DMatrix::from_element(3, 2, 1.0_f32), [1_u8, 2, 0]);
        let truth = weighted(&truth, &weights);
        assert_eq!(truth.sample_weight().unwrap(), Some(vec![1.0, 2.0, 0.0]));
        assert_eq!(truth.truth_outputs().unwrap().shape(), (3, 2));
        assert!(truth.truth_column().is_err());
    }
}
