//! The counts of true against predicted classes.

use std::fmt;

use nalgebra::DMatrix;

use super::class_average::Average;
use super::class_counts::{ClassCounts, fraction};
use super::labelled::{CONVENTIONS, Labelled};
use crate::as_column::AsColumn;
use crate::error::{Error, Result};

/// The confusion matrix: the counts of samples by true class (rows) and predicted class (columns).
///
/// Labels are whole numbers; probabilities become labels by [`to_classes`](super::to_classes). The classes are all
/// labels that occur in the truth or the prediction. If only 0 and 1 occur, or only −1 and 1, both are classes.
///
/// ```
/// use perceptra::metrics::confusion_matrix;
///
/// let confusion = confusion_matrix(&[0, 0, 0, 1, 1], &[0, 0, 1, 1, 0])?;
/// let binary = confusion.binary()?;
/// assert_eq!((binary.tn, binary.fp, binary.fn_, binary.tp), (2, 1, 1, 1));
/// assert!(confusion.to_string().contains("TN = 2 (TNR = 66.67%)"));
/// # Ok::<(), perceptra::Error>(())
/// ```
///
/// # Errors
///
/// [`Error::Rows`] for different numbers of labels, [`Error::Empty`] for none, [`Error::Target`] for a label that
/// is no whole number.
///
/// # References
///
/// scikit-learn, *sklearn.metrics.confusion_matrix*.
pub fn confusion_matrix(
    y_true: &(impl AsColumn + ?Sized),
    y_pred: &(impl AsColumn + ?Sized),
) -> Result<ConfusionMatrix> {
    let Labelled { labels, truth, predicted, .. } = Labelled::new(y_true, y_pred)?;
    let mut counts = DMatrix::zeros(labels.len(), labels.len());
    for (&truth, &predicted) in truth.iter().zip(&predicted) {
        counts[(truth, predicted)] += 1;
    }
    Ok(ConfusionMatrix { labels, counts })
}

/// Counts of true against predicted classes, from [`confusion_matrix`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfusionMatrix {
    labels: Vec<i64>,
    counts: DMatrix<u64>,
}

impl ConfusionMatrix {
    /// The classes in the order of rows and columns.
    pub fn labels(&self) -> &[i64] {
        &self.labels
    }

    /// The counts, true classes × predicted classes.
    pub fn counts(&self) -> &DMatrix<u64> {
        &self.counts
    }

    /// The counts divided by the number of samples of the true class, so that each row sums to 1, or to 0 if the class does not occur.
    pub fn normalized(&self) -> DMatrix<f64> {
        let totals: Vec<u64> = self.counts.row_iter().map(|row| row.iter().sum()).collect();
        self.counts.map_with_location(|row, _, count| fraction(count, totals[row]))
    }

    /// The fraction of samples on the diagonal.
    pub fn accuracy(&self) -> f64 {
        fraction(self.counts.diagonal().iter().sum(), self.counts.iter().sum())
    }

    /// The counts of the class of this label against all others, in the order of [`labels`](Self::labels).
    pub fn classes(&self) -> Vec<ClassCounts> {
        let total: u64 = self.counts.iter().sum();
        let class = |index: usize| {
            let tp = self.counts[(index, index)];
            let fn_ = self.counts.row(index).iter().sum::<u64>() - tp;
            let fp = self.counts.column(index).iter().sum::<u64>() - tp;
            ClassCounts { tn: total - tp - fn_ - fp, fp, fn_, tp }
        };
        (0..self.labels.len()).map(class).collect()
    }

    /// The four counts for the labels 0 and 1, or −1 and 1, where 1 is positive.
    ///
    /// Other labels have no positive one by convention: see [`one_vs_rest`](Self::one_vs_rest).
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] for other labels, and for more or fewer than two classes.
    pub fn binary(&self) -> Result<ClassCounts> {
        if self.is_binary() {
            return self.one_vs_rest(1);
        }
        let cure = match self.labels.as_slice() {
            [_, other] => {
                format!(
                    "labels 0 and 1, or -1 and 1; choose the positive one of these with .one_vs_rest({other})?, as in \
                     confusion_matrix(&y_true, &y_pred)?.one_vs_rest({other})?.precision()"
                )
            }
            _ => "two classes; for more of them use .classes(), .one_vs_rest(label), .average(…) or classification_report"
                .into(),
        };
        Err(Error::argument("ConfusionMatrix::binary", "labels", format!("{:?}", self.labels), cure))
    }

    /// The four counts of the class with this label, which is positive, against all others.
    ///
    /// ```
    /// use perceptra::metrics::confusion_matrix;
    ///
    /// let confusion = confusion_matrix(&[1, 1, 2, 2], &[1, 2, 2, 2])?;
    /// assert_eq!(confusion.one_vs_rest(1)?.precision(), 1.0);
    /// assert_eq!(confusion.one_vs_rest(2)?.precision(), 2.0 / 3.0);
    /// assert!(confusion.binary().is_err());
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] for a label that occurs neither in the truth nor in the prediction.
    pub fn one_vs_rest(&self, positive: i64) -> Result<ClassCounts> {
        let classes = self.classes();
        let found = self.labels.iter().zip(&classes).find(|(label, _)| **label == positive);
        found.map(|(_, counts)| *counts).ok_or_else(|| {
            Error::argument(
                "ConfusionMatrix::one_vs_rest",
                "positive",
                positive,
                format!("one of the labels {:?}", self.labels),
            )
        })
    }

    /// Whether the labels are a pair in which 1 is positive by convention.
    fn is_binary(&self) -> bool {
        CONVENTIONS.iter().any(|pair| *pair == self.labels[..])
    }

    /// Precision, recall and F1, in this order, averaged over the classes.
    pub fn average(&self, average: Average) -> [f64; 3] {
        let classes = self.classes();
        let values = |class: &ClassCounts| [class.precision(), class.recall(), class.f1()];
        let weighted = |weight: &dyn Fn(&ClassCounts) -> f64| {
            let total: f64 = classes.iter().map(weight).sum();
            let mut mean = [0.0; 3];
            for class in &classes {
                for (mean, value) in mean.iter_mut().zip(values(class)) {
                    *mean += weight(class) * value / total;
                }
            }
            mean
        };
        match average {
            Average::Macro => weighted(&|_| 1.0),
            Average::Weighted => weighted(&|class| class.support() as f64),
            Average::Micro => {
                let zero = ClassCounts { tn: 0, fp: 0, fn_: 0, tp: 0 };
                values(&classes.iter().fold(zero, |sum, class| ClassCounts {
                    tn: sum.tn + class.tn,
                    fp: sum.fp + class.fp,
                    fn_: sum.fn_ + class.fn_,
                    tp: sum.tp + class.tp,
                }))
            }
        }
    }
}

impl fmt::Display for ConfusionMatrix {
    /// A row per true class and a column per predicted one; 0 and 1, or −1 and 1, with the names and rates of the counts.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rates = self.normalized();
        let names = [["TN", "FP"], ["FN", "TP"]];
        let cell = |row: usize, column: usize| {
            let count = thousands(self.counts[(row, column)]);
            if !self.is_binary() {
                return count;
            }
            let (name, rate) = (names[row][column], rates[(row, column)] * 100.0);
            format!("{name} = {count} ({name}R = {rate:.2}%)")
        };
        let size = self.labels.len();
        let mut grid = vec![vec![String::new()]];
        grid[0].extend(self.labels.iter().map(|label| format!("predicted {label}")));
        for row in 0..size {
            let mut line = vec![format!("true {}", self.labels[row])];
            line.extend((0..size).map(|column| cell(row, column)));
            grid.push(line);
        }
        let width = |column: usize| grid.iter().map(|line| line[column].len()).max().unwrap_or(0);
        let widths: Vec<usize> = (0..=size).map(width).collect();
        for (index, line) in grid.iter().enumerate() {
            let cells = line.iter().zip(&widths).map(|(cell, &width)| format!("{cell:<width$}"));
            let line = cells.collect::<Vec<_>>().join("  ");
            write!(f, "{}{}", if index == 0 { "" } else { "\n" }, line.trim_end())?;
        }
        Ok(())
    }
}

/// A count with commas between groups of three digits.
fn thousands(count: u64) -> String {
    let digits = count.to_string();
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference;

    #[test]
    fn counts_and_fractions_are_those_of_the_reference() {
        for name in ["binary", "multiclass"] {
            let case = reference::case(name);
            let confusion = confusion_matrix(&case.numbers("truth"), &case.numbers("label")).unwrap();
            let counts = confusion.counts().map(|count| count as f64);
            assert_eq!(counts, case.matrix("confusion"));
            approx::assert_relative_eq!(confusion.normalized(), case.matrix("normalized"), epsilon = 1e-15);
            approx::assert_relative_eq!(confusion.accuracy(), case.numbers("accuracy")[0], epsilon = 1e-15);
        }
    }

    #[test]
    fn averages_are_those_of_the_reference() {
        let case = reference::case("multiclass");
        let confusion = confusion_matrix(&case.numbers("truth"), &case.numbers("label")).unwrap();
        case.assert_close("macro", confusion.average(Average::Macro), 1e-15);
        case.assert_close("micro", confusion.average(Average::Micro), 1e-15);
        case.assert_close("weighted", confusion.average(Average::Weighted), 1e-15);
        assert!(matches!(confusion.binary(), Err(Error::Argument { .. })));
    }

    #[test]
    fn two_classes_are_shown_with_names_and_rates() {
        let truth: Vec<u8> = (0..5000).map(|row| u8::from(row % 4 == 0)).collect();
        let predicted: Vec<u8> = (0..5000).map(|row| u8::from(row % 3 == 0)).collect();
        let shown = confusion_matrix(&truth, &predicted).unwrap().to_string();
        let expected = "        predicted 0                predicted 1\n\
                        true 0  TN = 2,500 (TNR = 66.67%)  FP = 1,250 (FPR = 33.33%)\n\
                        true 1  FN = 833 (FNR = 66.64%)    TP = 417 (TPR = 33.36%)";
        assert_eq!(shown, expected);
        let several = confusion_matrix(&[0, 1, 2], &[0, 2, 2]).unwrap().to_string();
        assert_eq!(several.lines().last(), Some("true 2  0            0            1"));
    }

    #[test]
    fn a_class_that_never_occurs_is_included() {
        let confusion = confusion_matrix(&[0, 0], &[false, false]).unwrap();
        assert_eq!(confusion.labels(), [0, 1]);
        assert_eq!(confusion.binary().unwrap(), ClassCounts { tn: 2, fp: 0, fn_: 0, tp: 0 });
        assert_eq!(confusion.binary().unwrap().recall(), 0.0);
        assert_eq!(confusion_matrix(&[3], &[-1]).unwrap().labels(), [-1, 3]);
    }

    #[test]
    fn the_positive_class_is_a_convention_or_chosen() {
        let (truth, predicted) = ([1, 2, 2, 1, 2], [1, 1, 2, 2, 2]);
        let confusion = confusion_matrix(&truth, &predicted).unwrap();
        let error = confusion.binary().unwrap_err().to_string();
        assert!(error.contains("[1, 2]") && error.contains(".one_vs_rest(2)"), "{error}");
        let case = reference::case("labels");
        assert_eq!(
            (case.numbers("truth"), case.numbers("label")),
            (truth.map(f64::from).to_vec(), predicted.map(f64::from).to_vec())
        );
        let counts = [1, 2].map(|positive| confusion.one_vs_rest(positive).unwrap());
        case.assert_close("precision", counts.map(|counts| counts.precision()), 1e-15);
        case.assert_close("recall", counts.map(|counts| counts.recall()), 1e-15);
        assert!(confusion.one_vs_rest(0).is_err());
        assert!(!confusion.to_string().contains("TN"));
        for negative in [0, -1] {
            let label = |labels: [i32; 5]| labels.map(|label| if label == 2 { 1 } else { negative });
            let counts = confusion_matrix(&label(truth), &label(predicted)).unwrap().binary().unwrap();
            assert_eq!(counts, confusion.one_vs_rest(2).unwrap());
        }
        assert_eq!(confusion_matrix(&[-1], &[-1]).unwrap().binary().unwrap().tn, 1);
    }

    #[test]
    fn probabilities_are_no_labels() {
        let error = confusion_matrix(&[0, 1], &[0.2, 0.9]).unwrap_err();
        assert!(error.to_string().contains("0.2") && error.to_string().contains("to_classes"));
        assert!(confusion_matrix(&[0.0, f64::NAN], &[0, 1]).is_err());
    }

    #[test]
    fn digits_are_grouped() {
        let grouped = [0, 999, 1_000, 1_234_567].map(thousands);
        assert_eq!(grouped, ["0", "999", "1,000", "1,234,567"]);
    }
}
