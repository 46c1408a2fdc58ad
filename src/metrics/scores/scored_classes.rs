//! Class indices and a score for each class.

use nalgebra::DMatrix;

use super::paired::{finite, same_rows, weights_of};
use super::weighted::AsTruth;
use crate::as_column::AsColumn;
use crate::error::{Error, Result};
use crate::lists::try_map;

/// Samples with a class index and a score for each class, one column for two classes.
pub(super) struct ScoredClasses {
    pub(super) labels: Vec<usize>,
    pub(super) scores: DMatrix<f64>,
    pub(super) weights: Vec<f64>,
}

/// The largest difference from 1 of the sum of a sample's probabilities: the square root of the precision of `f32`.
const SUM_TOLERANCE: f64 = 3.452_669_830_012_439e-4;

impl ScoredClasses {
    /// Reads one column with the score of class 1 of two, or a column for each of several classes.
    pub(super) fn new(
        item: &'static str,
        y_true: &(impl AsTruth + ?Sized),
        y_score: &(impl AsColumn + ?Sized),
    ) -> Result<ScoredClasses> {
        let (truth, scores) = (y_true.truth_column()?, y_score.as_outputs()?);
        same_rows(truth.len(), "y_score", scores.nrows())?;
        if scores.ncols() == 0 {
            let advice = "pass a column for each class, or one column for two classes".into();
            return Err(Error::Empty { what: "y_score".into(), advice });
        }
        let classes = scores.ncols().max(2);
        let label = |(row, &value): (usize, &f64)| {
            if value.fract() == 0.0 && value >= 0.0 && value < classes as f64 {
                return Ok(value as usize);
            }
            let expected = match scores.ncols() {
                1 => "0 or 1, since y_score has one column; for more classes pass a column for each".into(),
                _ => format!("a class from 0 to {}: the index of its column in y_score", classes - 1),
            };
            Err(Error::Target { item: item.into(), row, column: 0, value, expected })
        };
        let labels = try_map(truth.iter().enumerate(), label)?;
        finite("y_score", scores.as_slice(), scores.nrows())?;
        let weights = weights_of(y_true, truth.len())?;
        Ok(ScoredClasses { labels, scores, weights })
    }

    /// Reads a column for each class, at least two.
    pub(super) fn several(
        item: &'static str,
        y_true: &(impl AsTruth + ?Sized),
        y_score: &(impl AsColumn + ?Sized),
    ) -> Result<ScoredClasses> {
        let columns = y_score.as_outputs()?.ncols();
        if columns == 1 {
            let expected =
                "a column for each class; for two classes in one column take the function without `multiclass_`";
            return Err(Error::argument(item, "y_score", "of one column", expected));
        }
        Self::new(item, y_true, y_score)
    }

    /// Checks that the scores are probabilities: from 0 to 1, and of several columns with the sum 1 in each row.
    pub(super) fn probabilities(self, item: &'static str) -> Result<ScoredClasses> {
        let rows = self.scores.nrows();
        if let Some(at) = self.scores.iter().position(|p| !(0.0..=1.0).contains(p)) {
            let value = format!("{} at row {}, column {} (counted from 0)", self.scores[at], at % rows, at / rows);
            let expected =
                "probabilities from 0 to 1; logits become probabilities by the activation Sigmoid or Softmax";
            return Err(Error::argument(item, "y_score", value, expected));
        }
        if self.scores.ncols() > 1 {
            let sums = self.scores.row_iter().map(|row| row.iter().sum::<f64>());
            if let Some((row, sum)) = sums.enumerate().find(|(_, sum)| (sum - 1.0).abs() > SUM_TOLERANCE) {
                let value = format!("probabilities with the sum {sum} in row {row} (counted from 0)");
                let expected = "a sum of 1 in each row, as from the activation Softmax; for several labels that apply at the \
                                same time score each column by itself";
                return Err(Error::argument(item, "y_score", value, expected));
            }
        }
        Ok(self)
    }

    /// The number of classes.
    pub(super) fn classes(&self) -> usize {
        self.scores.ncols().max(2)
    }

    /// The score of a class; of one column `p` these are `1 − p` and `p`.
    pub(super) fn score(&self, row: usize, class: usize) -> f64 {
        match (self.scores.ncols(), class) {
            (1, 0) => 1.0 - self.scores[(row, 0)],
            (1, _) => self.scores[(row, 0)],
            _ => self.scores[(row, class)],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dmatrix;

    fn error(truth: &[f64], scores: &DMatrix<f64>) -> Option<Error> {
        ScoredClasses::new("test", truth, scores).and_then(|classes| classes.probabilities("test")).err()
    }

    #[test]
    fn labels_are_indices_of_columns() {
        let scores = dmatrix![0.2, 0.5, 0.3];
        for wrong in [3.0, -1.0, 0.5, f64::NAN, f64::INFINITY] {
            assert!(matches!(error(&[wrong], &scores), Some(Error::Target { row: 0, .. })), "{wrong}");
        }
        assert!(error(&[2.0], &scores).is_none());
        assert!(matches!(error(&[2.0], &dmatrix![0.2]), Some(Error::Target { .. })));
        assert!(matches!(error(&[], &DMatrix::zeros(0, 3)), Some(Error::Empty { .. })));
        assert!(matches!(error(&[0.0], &DMatrix::zeros(1, 0)), Some(Error::Empty { .. })));
        assert!(matches!(error(&[0.0, 1.0], &scores), Some(Error::Rows { .. })));
    }

    #[test]
    fn probabilities_are_from_zero_to_one_with_the_sum_one() {
        for wrong in [-0.1, 1.1] {
            assert!(matches!(error(&[0.0], &dmatrix![wrong]), Some(Error::Argument { argument: "y_score", .. })));
        }
        let found = error(&[0.0], &dmatrix![0.5, 0.6]).map(|error| error.to_string());
        assert!(found.is_some_and(|text| text.contains("row 0") && text.contains("Softmax")));
        assert!(error(&[0.0], &dmatrix![0.333_333_3_f32, 0.333_333_3, 0.333_333_3].map(f64::from)).is_none());
        assert!(matches!(error(&[0.0], &dmatrix![f64::NAN]), Some(Error::NotFinite { .. })));
    }

    #[test]
    fn one_column_is_the_probability_of_class_one() {
        let classes = ScoredClasses::new("test", &[1], &[0.25]).unwrap();
        assert_eq!((classes.classes(), classes.score(0, 0), classes.score(0, 1)), (2, 0.75, 0.25));
        assert!(ScoredClasses::several("test", &[1], &[0.25]).is_err());
    }
}
