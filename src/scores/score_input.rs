//! The truth and the predictions that scores compare.

use crate::error::counted;
use nalgebra::{DMatrix, DVector};

use super::task::Task;
use crate::error::{Error, Result};
use crate::metrics::to_classes;

/// The truth about samples.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Truth<'a> {
    /// One class of each sample.
    Classes {
        /// The index of each sample's class.
        labels: &'a [usize],
        /// The number of classes, at least 2, of which not all need to occur.
        n_classes: usize,
    },
    /// Numbers, samples × outputs.
    Numbers(&'a DMatrix<f64>),
    /// 0 and 1, samples × labels, any number of which apply to a sample.
    Indicators(&'a DMatrix<f64>),
}

/// Truth and predictions of samples, for a [`Score`](super::Score).
///
/// ```
/// use perceptra::dmatrix;
/// use perceptra::scores::{Accuracy, ScoreInput, Truth, score_of};
///
/// let p = dmatrix![0.7, 0.2, 0.1; 0.3, 0.4, 0.3; 0.1, 0.3, 0.6];
/// let input = ScoreInput::new(Truth::Classes { labels: &[0, 1, 1], n_classes: 3 }, &p).with_weights(&[1.0, 1.0, 2.0]);
/// assert_eq!(score_of(Accuracy, &input)?, 0.5);
/// # Ok::<(), perceptra::Error>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct ScoreInput<'a> {
    /// The truth.
    pub truth: Truth<'a>,
    /// The predictions: probabilities, samples × classes, of two classes that of class 1 in one column; probabilities, samples × labels;
    /// or numbers, samples × outputs.
    pub prediction: &'a DMatrix<f64>,
    /// The probability above which a sample is of class 1, or a label applies, for scores of decided labels; not used for more than two
    /// classes.
    pub threshold: f64,
    /// The weights of the samples; without them all count equally.
    pub weights: Option<&'a [f64]>,
}

impl<'a> ScoreInput<'a> {
    /// Truth and predictions, with the threshold 0.5 and without weights.
    pub fn new(truth: Truth<'a>, prediction: &'a DMatrix<f64>) -> Self {
        ScoreInput { truth, prediction, threshold: 0.5, weights: None }
    }

    /// Sets the threshold, from 0 to 1.
    #[must_use]
    pub fn with_threshold(self, threshold: f64) -> Self {
        ScoreInput { threshold, ..self }
    }

    /// Sets a weight for each sample, finite and at least 0; at least one must be above 0.
    #[must_use]
    pub fn with_weights(self, weights: &'a [f64]) -> Self {
        ScoreInput { weights: Some(weights), ..self }
    }

    /// The kind of truth.
    pub fn task(&self) -> Task {
        match self.truth {
            Truth::Classes { n_classes, .. } if n_classes > 2 => Task::Multiclass,
            Truth::Classes { .. } => Task::Binary,
            Truth::Numbers(numbers) if numbers.ncols() > 1 => Task::MultiRegression,
            Truth::Numbers(_) => Task::Regression,
            Truth::Indicators(_) => Task::Multilabel,
        }
    }

    /// The number of samples in the truth.
    pub fn rows(&self) -> usize {
        match self.truth {
            Truth::Classes { labels, .. } => labels.len(),
            Truth::Numbers(truth) | Truth::Indicators(truth) => truth.nrows(),
        }
    }

    /// Checks that truth, predictions, threshold and weights go together.
    ///
    /// # Errors
    ///
    /// [`Error::Rows`] for different numbers of samples, [`Error::Empty`] for none, [`Error::Argument`] for a prediction of another width, a
    /// threshold outside `[0, 1]`, fewer than two classes and weights that are all 0, [`Error::Target`] for a label that is none of
    /// the classes, an indicator other than 0 and 1, and [`Error::NotFinite`] and [`Error::SampleWeight`] for such numbers.
    pub fn check(&self) -> Result<()> {
        let (rows, columns) = self.prediction.shape();
        if self.rows() != rows {
            return Err(Error::Rows { left: "truth", left_rows: self.rows(), right: "prediction", right_rows: rows });
        }
        if rows == 0 {
            return Err(Error::Empty { what: "truth".into(), advice: "pass at least one sample".into() });
        }
        let (fits, expected) = match self.truth {
            Truth::Classes { n_classes: 2, .. } => {
                (columns == 1 || columns == 2, "one column, the probability of class 1, or two".into())
            }
            Truth::Classes { n_classes, .. } => {
                (columns == n_classes, format!("{n_classes} columns, one for each class"))
            }
            Truth::Numbers(truth) => {
                (columns == truth.ncols(), format!("{} as in the truth", counted(truth.ncols(), "column")))
            }
            Truth::Indicators(truth) => (
                columns == truth.ncols(),
                format!("{}, one for each label as in the truth", counted(truth.ncols(), "column")),
            ),
        };
        if !fits || columns == 0 {
            return Err(Error::argument(
                "ScoreInput",
                "prediction",
                format!("of {}", counted(columns, "column")),
                expected,
            ));
        }
        if !(0.0..=1.0).contains(&self.threshold) {
            return Err(Error::argument("ScoreInput", "threshold", self.threshold, "a probability from 0 to 1"));
        }
        self.check_truth()?;
        finite("prediction", self.prediction)?;
        self.check_weights()
    }

    fn check_truth(&self) -> Result<()> {
        let refused = |row, column, value, expected| {
            Err(Error::Target { item: "ScoreInput".into(), row, column, value, expected })
        };
        match self.truth {
            Truth::Classes { n_classes: 0 | 1, .. } => {
                Err(Error::argument("ScoreInput", "n_classes", "below 2", "at least 2 classes"))
            }
            Truth::Classes { labels, n_classes } => match labels.iter().position(|label| *label >= n_classes) {
                Some(row) => refused(row, 0, labels[row] as f64, format!("a class index from 0 to {}", n_classes - 1)),
                None => Ok(()),
            },
            Truth::Numbers(truth) => finite("truth", truth),
            Truth::Indicators(truth) => match truth.iter().position(|value| *value != 0.0 && *value != 1.0) {
                Some(at) => refused(at % truth.nrows(), at / truth.nrows(), truth[at], "0 or 1 for each label".into()),
                None => Ok(()),
            },
        }
    }

    fn check_weights(&self) -> Result<()> {
        let Some(weights) = self.weights else { return Ok(()) };
        if weights.len() != self.rows() {
            let (right, right_rows) = ("weights", weights.len());
            return Err(Error::Rows { left: "truth", left_rows: self.rows(), right, right_rows });
        }
        if let Some(row) = weights.iter().position(|weight| !weight.is_finite() || *weight < 0.0) {
            return Err(Error::SampleWeight { what: "weights", row, value: weights[row] });
        }
        if weights.iter().all(|weight| *weight == 0.0) {
            return Err(Error::argument(
                "ScoreInput",
                "weights",
                "0 for all samples",
                "a weight above 0 for one of them",
            ));
        }
        Ok(())
    }

    /// The class index of each sample.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] if the truth is no classes.
    pub fn labels(&self) -> Result<&'a [usize]> {
        match self.truth {
            Truth::Classes { labels, .. } => Ok(labels),
            _ => Err(no_classes(self.task())),
        }
    }

    /// The predicted class of each sample: of two classes 1 if its probability is above the threshold, of more the one with the highest
    /// probability.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] if the truth is no classes.
    pub fn classes(&self) -> Result<Vec<usize>> {
        match self.task() {
            Task::Binary => Ok(self.positive()?.iter().map(|p| usize::from(*p > self.threshold)).collect()),
            Task::Multiclass => Ok(to_classes(self.prediction, self.threshold)),
            task => Err(no_classes(task)),
        }
    }

    /// The predicted labels, 0 and 1: those whose probability is above the threshold.
    pub fn indicators(&self) -> DMatrix<f64> {
        self.prediction.map(|p| f64::from(u8::from(p > self.threshold)))
    }

    /// The probability of class 1 of two.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] if the truth is not one of two classes, or there are no predictions.
    pub fn positive(&self) -> Result<DVector<f64>> {
        match (self.task(), self.prediction.ncols()) {
            (Task::Binary, columns @ 1..) => Ok(self.prediction.column(columns - 1).into_owned()),
            (Task::Binary, 0) => self.check().map(|()| DVector::zeros(0)),
            (task, _) => Err(no_classes(task)),
        }
    }

    /// The weight of each sample, 1 if none are given.
    pub fn sample_weights(&self) -> Vec<f64> {
        self.weights.map_or_else(|| vec![1.0; self.rows()], <[f64]>::to_vec)
    }
}

fn no_classes(task: Task) -> Error {
    let expected = "classes as truth, Truth::Classes, and for the probability of class 1 two of them";
    Error::argument("ScoreInput", "truth", format!("that of {task}"), expected)
}

fn finite(what: &'static str, numbers: &DMatrix<f64>) -> Result<()> {
    match numbers.iter().position(|number| !number.is_finite()) {
        Some(at) => {
            let (row, column) = (at % numbers.nrows(), at / numbers.nrows());
            Err(Error::NotFinite { what, row, column, value: numbers[at] })
        }
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dmatrix;

    fn classes(labels: &[usize], n_classes: usize) -> Truth<'_> {
        Truth::Classes { labels, n_classes }
    }

    #[test]
    fn classes_are_decided_at_the_threshold_or_by_the_highest_probability() {
        let one = dmatrix![0.5; 0.6; 0.7];
        let input = ScoreInput::new(classes(&[0, 1, 1], 2), &one);
        assert_eq!(input.classes().unwrap(), [0, 1, 1]);
        assert_eq!(input.with_threshold(0.6).classes().unwrap(), [0, 0, 1]);
        let two = dmatrix![0.5, 0.5; 0.4, 0.6; 0.3, 0.7];
        assert_eq!(ScoreInput { prediction: &two, ..input }.with_threshold(0.6).classes().unwrap(), [0, 0, 1]);
        let three = dmatrix![0.2, 0.5, 0.3];
        assert_eq!(ScoreInput::new(classes(&[0], 3), &three).classes().unwrap(), [1]);
        let numbers = ScoreInput::new(Truth::Numbers(&one), &one);
        assert!(numbers.classes().is_err() && numbers.labels().is_err() && numbers.positive().is_err());
        assert_eq!(numbers.indicators(), dmatrix![0.0; 1.0; 1.0]);
    }

    #[test]
    fn inconsistent_inputs_are_rejected() {
        let (one, three, none) = (dmatrix![0.5; 0.6], dmatrix![0.2, 0.5, 0.3; 0.1, 0.1, 0.8], DMatrix::zeros(0, 1));
        let without_columns = DMatrix::zeros(2, 0);
        let check = |truth, prediction| ScoreInput::new(truth, prediction).check();
        assert!(check(classes(&[0, 1], 2), &one).is_ok() && check(classes(&[0, 2], 3), &three).is_ok());
        assert!(matches!(check(classes(&[0], 2), &one), Err(Error::Rows { .. })));
        assert!(matches!(check(classes(&[], 2), &none), Err(Error::Empty { .. })));
        assert!(matches!(check(classes(&[0, 2], 2), &one), Err(Error::Target { row: 1, .. })));
        assert!(matches!(check(classes(&[0, 1], 2), &three), Err(Error::Argument { argument: "prediction", .. })));
        for n_classes in [0, 1, 4, usize::MAX] {
            assert!(check(classes(&[0, 0], n_classes), &one).is_err());
            assert!(check(classes(&[0, 0], n_classes), &without_columns).is_err());
        }
        assert!(check(Truth::Numbers(&without_columns), &without_columns).is_err());
        assert!(matches!(check(Truth::Indicators(&one), &one), Err(Error::Target { value: 0.5, .. })));
        assert!(matches!(check(Truth::Numbers(&one), &three), Err(Error::Argument { .. })));
        let wrong = dmatrix![0.5; f64::NAN];
        assert!(matches!(check(Truth::Numbers(&one), &wrong), Err(Error::NotFinite { what: "prediction", .. })));
        assert!(matches!(check(Truth::Numbers(&wrong), &one), Err(Error::NotFinite { what: "truth", .. })));
    }

    #[test]
    fn threshold_and_weights_are_in_their_ranges() {
        let p = dmatrix![0.5; 0.6];
        let input = ScoreInput::new(classes(&[0, 1], 2), &p);
        assert!(input.with_weights(&[0.0, 2.0]).check().is_ok());
        assert!(matches!(input.with_weights(&[1.0]).check(), Err(Error::Rows { .. })));
        assert!(matches!(input.with_weights(&[1.0, -1.0]).check(), Err(Error::SampleWeight { row: 1, .. })));
        assert!(matches!(input.with_weights(&[0.0, 0.0]).check(), Err(Error::Argument { .. })));
        for threshold in [-0.1, 1.1, f64::NAN] {
            assert!(matches!(input.with_threshold(threshold).check(), Err(Error::Argument { .. })));
        }
    }
}
