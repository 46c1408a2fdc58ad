//! A column of truth and scores for each class or label.

use crate::error::counted;
use nalgebra::DMatrix;

use super::class_average::Average;
use super::paired::{finite, same_rows, weights_of};
use super::ranking::{Ranking, Sample};
use super::scored_classes::ScoredClasses;
use super::weighted::AsTruth;
use crate::as_column::AsColumn;
use crate::error::{Error, Result};

/// Truth and scores of several labels, and the weights of the samples.
pub(super) struct LabelColumns {
    positive: DMatrix<bool>,
    scores: DMatrix<f64>,
    weights: Vec<f64>,
}

impl LabelColumns {
    /// The columns of classes, each against all others.
    pub(super) fn one_vs_rest(
        item: &'static str,
        y_true: &(impl AsTruth + ?Sized),
        y_score: &(impl AsColumn + ?Sized),
    ) -> Result<LabelColumns> {
        ScoredClasses::several(item, y_true, y_score).map(Self::of_classes)
    }

    /// The columns of classes, each against all others.
    pub(super) fn of_classes(classes: ScoredClasses) -> LabelColumns {
        let (rows, columns) = classes.scores.shape();
        let positive = DMatrix::from_fn(rows, columns, |row, class| classes.labels[row] == class);
        LabelColumns { positive, scores: classes.scores, weights: classes.weights }
    }

    /// The columns of labels; any number of labels may apply to a sample.
    pub(super) fn multilabel(
        item: &'static str,
        y_true: &(impl AsTruth + ?Sized),
        y_score: &(impl AsColumn + ?Sized),
    ) -> Result<LabelColumns> {
        let (truth, scores) = (y_true.truth_outputs()?, y_score.as_outputs()?);
        same_rows(truth.nrows(), "y_score", scores.nrows())?;
        if truth.ncols() != scores.ncols() {
            let expected = format!("{}, one for each label as in y_true", counted(truth.ncols(), "column"));
            return Err(Error::argument(
                item,
                "y_score",
                format!("of {}", counted(scores.ncols(), "column")),
                expected,
            ));
        }
        if truth.ncols() == 0 {
            let advice = "pass a column for each label".into();
            return Err(Error::Empty { what: "y_true".into(), advice });
        }
        if let Some(at) = truth.iter().position(|&label| label != 0.0 && label != 1.0) {
            let (row, column) = (at % truth.nrows(), at / truth.nrows());
            let expected = "0 or 1 for each label".into();
            return Err(Error::Target { item: item.into(), row, column, value: truth[at], expected });
        }
        finite("y_score", scores.as_slice(), scores.nrows())?;
        let weights = weights_of(y_true, truth.nrows())?;
        Ok(LabelColumns { positive: truth.map(|label| label == 1.0), scores, weights })
    }

    fn column(&self, column: usize) -> Vec<Sample> {
        let of_row = |(row, &weight): (usize, &f64)| Sample {
            score: self.scores[(row, column)],
            positive: self.positive[(row, column)],
            weight,
        };
        self.weights.iter().enumerate().map(of_row).collect()
    }

    /// The average of a score over the columns; `score` returns the class without samples, 0 or 1, if it is not defined.
    ///
    /// With [`Average::Weighted`], columns without positives are left out.
    pub(super) fn average(
        &self,
        item: &str,
        average: Average,
        score: &dyn Fn(&Ranking) -> std::result::Result<f64, u8>,
    ) -> Result<f64> {
        if average == Average::Micro {
            let mut all = Vec::with_capacity(self.scores.len());
            (0..self.scores.ncols()).for_each(|column| all.extend(self.column(column)));
            return score(&Ranking::from_samples(all)).map_err(|class| undefined(item, "all columns together", class));
        }
        let (mut sum, mut total) = (0.0, 0.0);
        for column in 0..self.scores.ncols() {
            let ranking = Ranking::from_samples(self.column(column));
            let weight = if average == Average::Weighted { ranking.positives() } else { 1.0 };
            if weight > 0.0 {
                let value = score(&ranking).map_err(|class| undefined(item, &format!("column {column}"), class))?;
                sum += weight * value;
                total += weight;
            }
        }
        if total == 0.0 { Err(undefined(item, "all columns together", 1)) } else { Ok(sum / total) }
    }
}

fn undefined(item: &str, column: &str, class: u8) -> Error {
    let (what, cure) = match class {
        0 => ("negatives", "each column needs samples that are not of its class"),
        _ => (
            "positives",
            "each column needs samples of its class; Average::Weighted and Average::Micro leave out those without",
        ),
    };
    Error::Empty { what: format!("{item}: the {what} of {column}"), advice: cure.into() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dmatrix;

    #[test]
    fn labels_are_zero_or_one_in_as_many_columns_as_scores() {
        let of =
            |truth: &DMatrix<f64>, scores: &DMatrix<f64>| LabelColumns::multilabel("test", truth, scores).map(|_| ());
        let scores = dmatrix![0.1, 0.2; 0.3, 0.4];
        assert!(matches!(of(&dmatrix![0.0, 2.0; 1.0, 1.0], &scores), Err(Error::Target { row: 0, column: 1, .. })));
        assert!(matches!(of(&dmatrix![0.0; 1.0], &scores), Err(Error::Argument { argument: "y_score", .. })));
        assert!(matches!(of(&DMatrix::zeros(0, 2), &DMatrix::zeros(0, 2)), Err(Error::Empty { .. })));
        assert!(matches!(of(&DMatrix::zeros(2, 0), &DMatrix::zeros(2, 0)), Err(Error::Empty { .. })));
        assert!(matches!(of(&scores.map(|_| 1.0), &dmatrix![0.1, 0.2; 0.3, f64::NAN]), Err(Error::NotFinite { .. })));
    }

    #[test]
    fn a_column_without_positives_counts_only_in_the_macro_average() {
        let truth = dmatrix![0.0, 1.0; 0.0, 0.0];
        let columns = LabelColumns::multilabel("test", &truth, &dmatrix![0.1, 0.2; 0.3, 0.4]).unwrap();
        let positives = |ranking: &Ranking| if ranking.positives() > 0.0 { Ok(ranking.positives()) } else { Err(1) };
        assert_eq!(columns.average("test", Average::Weighted, &positives).unwrap(), 1.0);
        assert_eq!(columns.average("test", Average::Micro, &positives).unwrap(), 1.0);
        let error = columns.average("test", Average::Macro, &positives).unwrap_err().to_string();
        assert!(error.contains("positives of column 0") && error.contains("Average::Weighted"), "{error}");
    }
}
