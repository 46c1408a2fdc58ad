//! Samples with a true and a predicted label, and their weights by class.

use super::class_average::{Average, averaged};
use super::class_sums::ClassSums;
use super::paired::{Paired, paired};
use super::weighted::AsTruth;
use crate::as_column::AsColumn;
use crate::error::{Error, Result};

/// Samples with two labels each.
pub(super) struct Labelled {
    /// All labels that occur, ascending; if only 0 and 1, or only −1 and 1, occur, both of the pair.
    pub(super) labels: Vec<i64>,
    /// For each sample, the position of its true label.
    pub(super) truth: Vec<usize>,
    /// For each sample, the position of its predicted label.
    pub(super) predicted: Vec<usize>,
    pub(super) weights: Vec<f64>,
}

/// Pairs of labels of which 1 is positive by convention.
pub(super) const CONVENTIONS: [[i64; 2]; 2] = [[0, 1], [-1, 1]];

impl Labelled {
    /// Pairs labels that are whole numbers.
    pub(super) fn new(y_true: &(impl AsTruth + ?Sized), y_pred: &(impl AsColumn + ?Sized)) -> Result<Labelled> {
        let Paired { truth, predicted, weights } = paired(y_true, y_pred, "y_pred")?;
        let (truth, predicted) = (whole("y_true", &truth)?, whole("y_pred", &predicted)?);
        let mut labels: Vec<i64> = truth.iter().chain(&predicted).copied().collect();
        labels.sort_unstable();
        labels.dedup();
        if let Some(pair) = CONVENTIONS.iter().find(|pair| labels.iter().all(|label| pair.contains(label))) {
            labels = pair.to_vec();
        }
        let positions =
            |column: Vec<i64>| column.into_iter().map(|label| labels.partition_point(|&known| known < label)).collect();
        let (truth, predicted) = (positions(truth), positions(predicted));
        Ok(Labelled { labels, truth, predicted, weights })
    }

    /// The fraction of labels that are correct.
    pub(super) fn accuracy(&self) -> f64 {
        let correct = (0..self.weights.len()).filter(|&row| self.truth[row] == self.predicted[row]);
        correct.map(|row| self.weights[row]).sum::<f64>() / self.weights.iter().sum::<f64>()
    }

    /// The weight of each class's true samples, and of those predicted to be of it.
    pub(super) fn margins(&self) -> (Vec<f64>, Vec<f64>) {
        let (mut truth, mut predicted) = (vec![0.0; self.labels.len()], vec![0.0; self.labels.len()]);
        for (row, weight) in self.weights.iter().enumerate() {
            truth[self.truth[row]] += weight;
            predicted[self.predicted[row]] += weight;
        }
        (truth, predicted)
    }

    /// The sums of each class against all others.
    pub(super) fn classes(&self) -> Vec<ClassSums> {
        let (truth, predicted) = self.margins();
        let mut hits = vec![0.0; self.labels.len()];
        for (row, weight) in self.weights.iter().enumerate() {
            if self.truth[row] == self.predicted[row] {
                hits[self.truth[row]] += weight;
            }
        }
        let margins = truth.iter().zip(&predicted);
        hits.iter().zip(margins).map(|(tp, (truth, predicted))| ClassSums::new(*tp, *truth, *predicted)).collect()
    }

    /// A score of class 1 against the other, or with an average the mean over all classes that occur.
    pub(super) fn score(&self, item: &str, average: Option<Average>, score: &dyn Fn(&ClassSums) -> f64) -> Result<f64> {
        let classes = self.classes();
        match average {
            Some(average) => Ok(averaged(&classes, average, score)),
            None if CONVENTIONS.iter().any(|pair| *pair == self.labels[..]) => Ok(score(&classes[1])),
            None => {
                let expected = match self.labels.len() {
                    2 => {
                        "labels 0 and 1, or -1 and 1; choose the positive one of these with \
                         confusion_matrix(&y_true, &y_pred)?.one_vs_rest(label)?"
                    }
                    _ => {
                        "two classes, 0 and 1, or -1 and 1; for more of them choose an average, as in \
                         Precision.average(Average::Macro) or confusion_matrix(&y_true, &y_pred)?.average(Average::Macro)"
                    }
                };
                Err(Error::argument(item, "labels", shown(&self.labels), expected))
            }
        }
    }
}

/// The labels in a message, the first of many.
pub(super) fn shown(labels: &[i64]) -> String {
    match labels.get(..10) {
        Some(first) if labels.len() > 10 => format!("{first:?} and {} more", labels.len() - 10),
        _ => format!("{labels:?}"),
    }
}

fn whole(item: &str, labels: &[f64]) -> Result<Vec<i64>> {
    let label = |(row, &value): (usize, &f64)| {
        // Beyond 2^53 neighbouring whole numbers have the same f64.
        if value.fract() == 0.0 && value.abs() <= 9_007_199_254_740_992.0 {
            return Ok(value as i64);
        }
        Err(Error::Target {
            item: item.to_owned(),
            row,
            column: 0,
            value,
            expected: "a whole number as label; turn probabilities into labels with metrics::to_classes(&p, 0.5)"
                .into(),
        })
    };
    labels.iter().enumerate().map(label).collect()
}

#[cfg(test)]
mod tests {
    use super::super::weighted::weighted;
    use super::*;

    #[test]
    fn sums_are_those_of_each_class_against_all_others() {
        let samples = Labelled::new(&weighted(&[0, 1, 2, 2], &[1.0, 2.0, 0.5, 3.0]), &[0, 0, 2, 1]).unwrap();
        let sums: Vec<_> = samples.classes().iter().map(|class| (class.tp, class.fp, class.fn_)).collect();
        assert_eq!(sums, [(1.0, 2.0, 0.0), (0.0, 3.0, 2.0), (0.5, 0.0, 3.0)]);
        assert_eq!(samples.accuracy(), 1.5 / 6.5);
    }

    #[test]
    fn many_labels_are_shown_by_the_first() {
        assert_eq!(shown(&[0, 2]), "[0, 2]");
        let labels: Vec<i64> = (0..100_000).collect();
        assert!(shown(&labels).ends_with("8, 9] and 99990 more"));
        assert!(Labelled::new(&labels, &labels).unwrap().score("test", None, &ClassSums::precision).is_err());
    }
}
