//! Scores of labels that are averaged over classes, for the items that name them.

use nalgebra::DMatrix;

use super::class_average::{Average, averaged};
use super::class_sums::ClassSums;
use super::labelled::Labelled;
use super::weighted::AsTruth;
use crate::as_column::AsColumn;
use crate::error::Result;

/// A score of class 1 of two, or with an average of all classes.
pub(crate) fn class_score(
    y_true: &(impl AsTruth + ?Sized),
    y_pred: &(impl AsColumn + ?Sized),
    average: Option<Average>,
    score: &dyn Fn(&ClassSums) -> f64,
) -> Result<f64> {
    Labelled::new(y_true, y_pred)?.score("class_score", average, score)
}

/// A score of labels that apply at the same time, in columns of 0 and 1.
pub(crate) fn label_score(
    truth: &DMatrix<f64>,
    predicted: &DMatrix<f64>,
    weights: &[f64],
    average: Average,
    score: &dyn Fn(&ClassSums) -> f64,
) -> f64 {
    let sums = |(truth, predicted): (&[f64], &[f64])| {
        let sum =
            |of: &dyn Fn(usize) -> f64| weights.iter().enumerate().map(|(row, weight)| weight * of(row)).sum::<f64>();
        ClassSums::new(sum(&|row| truth[row] * predicted[row]), sum(&|row| truth[row]), sum(&|row| predicted[row]))
    };
    let rows = truth.nrows().max(1);
    let columns = truth.as_slice().chunks(rows).zip(predicted.as_slice().chunks(rows));
    averaged(&columns.map(sums).collect::<Vec<_>>(), average, score)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dmatrix;

    #[test]
    fn each_label_is_a_class() {
        let (truth, predicted) = (dmatrix![1.0, 0.0; 1.0, 1.0; 0.0, 1.0], dmatrix![1.0, 1.0; 0.0, 1.0; 0.0, 1.0]);
        let of =
            |average, score: fn(&ClassSums) -> f64| label_score(&truth, &predicted, &[1.0, 1.0, 2.0], average, &score);
        assert_eq!(of(Average::Macro, ClassSums::recall), 0.75);
        assert_eq!(of(Average::Micro, ClassSums::precision), 0.8);
        assert_eq!(of(Average::Weighted, ClassSums::recall), 0.8);
    }
}
