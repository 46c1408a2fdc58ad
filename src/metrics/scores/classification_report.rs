//! Precision, recall and F1 of every class in one table.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::class_average::Average;
use super::confusion_matrix::confusion_matrix;
use crate::as_column::AsColumn;
use crate::error::Result;

/// Precision, recall, F1 and number of samples of every class, and their averages.
///
/// ```
/// use perceptra::metrics::classification_report;
///
/// let report = classification_report(&[0, 0, 1, 1], &[0, 1, 1, 1])?;
/// assert_eq!(report.classes[1].recall, 1.0);
/// println!("{report}");
/// # Ok::<(), perceptra::Error>(())
/// ```
///
/// # Errors
///
/// The errors of [`confusion_matrix`].
///
/// # References
///
/// scikit-learn, *sklearn.metrics.classification_report*.
pub fn classification_report(
    y_true: &(impl AsColumn + ?Sized),
    y_pred: &(impl AsColumn + ?Sized),
) -> Result<ClassificationReport> {
    let confusion = confusion_matrix(y_true, y_pred)?;
    let counts = confusion.classes();
    let classes = confusion.labels().iter().zip(&counts).map(|(label, class)| ClassReport {
        name: label.to_string(),
        precision: class.precision(),
        recall: class.recall(),
        f1: class.f1(),
        support: class.support(),
    });
    let average = |name: &str, average| {
        let [precision, recall, f1] = confusion.average(average);
        ClassReport { name: name.to_owned(), precision, recall, f1, support: confusion.counts().iter().sum() }
    };
    Ok(ClassificationReport {
        classes: classes.collect(),
        accuracy: confusion.accuracy(),
        macro_average: average("macro avg", Average::Macro),
        weighted_average: average("weighted avg", Average::Weighted),
    })
}

/// The scores of [`classification_report`]; `Display` lays them out as scikit-learn does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ClassificationReport {
    /// One row per class, in ascending order of the labels.
    pub classes: Vec<ClassReport>,
    /// The fraction of labels that are correct.
    pub accuracy: f64,
    /// The mean over the classes.
    pub macro_average: ClassReport,
    /// The mean over the classes, weighted with their samples.
    pub weighted_average: ClassReport,
}

/// One row of a [`ClassificationReport`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ClassReport {
    /// The label, or the name of the average.
    pub name: String,
    /// `TP / (TP + FP)`.
    pub precision: f64,
    /// `TP / (TP + FN)`.
    pub recall: f64,
    /// The harmonic mean of both.
    pub f1: f64,
    /// The samples that are of the class.
    pub support: u64,
}

impl fmt::Display for ClassificationReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let averages = [&self.macro_average, &self.weighted_average];
        let names = self.classes.iter().chain(averages).map(|line| line.name.len());
        // The limit of a format's width; longer names are not aligned.
        let width = names.max().unwrap_or(0).min(usize::from(u16::MAX));
        let line = |f: &mut fmt::Formatter<'_>, line: &ClassReport| {
            let ClassReport { name, precision, recall, f1, support } = line;
            writeln!(f, "{name:>width$}  {precision:>9.2} {recall:>9.2} {f1:>9.2} {support:>9}")
        };
        writeln!(f, "{:>width$}  {:>9} {:>9} {:>9} {:>9}\n", "", "precision", "recall", "f1-score", "support")?;
        self.classes.iter().try_for_each(|class| line(f, class))?;
        let support = self.macro_average.support;
        writeln!(f, "\n{:>width$}  {:>9} {:>9} {:>9.2} {support:>9}", "accuracy", "", "", self.accuracy)?;
        averages.into_iter().try_for_each(|average| line(f, average))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference;

    #[test]
    fn the_layout_is_that_of_the_reference() {
        for name in ["binary", "multiclass"] {
            let case = reference::case(name);
            let report = classification_report(&case.numbers("truth"), &case.numbers("label")).unwrap();
            assert_eq!(report.to_string(), case.text("report"));
        }
    }

    #[test]
    fn every_class_has_the_scores_of_the_reference() {
        let case = reference::case("multiclass");
        let report = classification_report(&case.numbers("truth"), &case.numbers("label")).unwrap();
        let values: Vec<f64> = report
            .classes
            .iter()
            .flat_map(|class| [class.precision, class.recall, class.f1, class.support as f64])
            .collect();
        case.assert_close("per_class", values, 1e-15);
    }
}
