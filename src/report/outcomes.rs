//! Truth and predictions of the test rows, as the sections compare them.

use super::wording::counted;
use crate::sorting;
use nalgebra::DMatrix;

/// The largest number of classes with curves.
const MOST_DRAWN: usize = 6;

/// The note that replaces a section if all test rows are of one class.
pub(super) const ONE_CLASS: &str = "Not shown: all test rows are of one class, and this needs rows of two.";

/// The sentence that states which classes are drawn, if not all.
pub(super) fn drawn_of(drawn: usize, total: usize) -> String {
    match drawn < total {
        true => format!(" Drawn are the {drawn} most frequent of {total} classes."),
        false => String::new(),
    }
}

/// The predictions and the truth of the test rows, by the task.
pub(super) enum Outcomes {
    Binary(BinaryOutcomes),
    Classes(ClassOutcomes),
    Numbers(Vec<NumberOutcomes>),
    Labels(Vec<BinaryOutcomes>),
}

/// Outcomes with two classes: of a binary target, of one of several labels, or one class against all others.
pub(super) struct BinaryOutcomes {
    /// The column.
    pub(super) name: String,
    /// The negative and the positive class.
    pub(super) classes: [String; 2],
    pub(super) truth: Vec<bool>,
    /// The probability of the positive class.
    pub(super) probability: Vec<f64>,
    pub(super) decided: Vec<bool>,
    pub(super) threshold: f64,
}

/// One of several classes.
pub(super) struct ClassOutcomes {
    pub(super) classes: Vec<String>,
    pub(super) truth: Vec<usize>,
    pub(super) decided: Vec<usize>,
    /// Rows × classes.
    pub(super) probability: DMatrix<f64>,
}

/// A number.
pub(super) struct NumberOutcomes {
    pub(super) name: String,
    pub(super) truth: Vec<f64>,
    pub(super) predicted: Vec<f64>,
}

/// Counts of decisions.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct DecisionCounts {
    pub(super) true_negatives: usize,
    pub(super) false_positives: usize,
    pub(super) false_negatives: usize,
    pub(super) true_positives: usize,
}

impl BinaryOutcomes {
    pub(super) fn rows(&self) -> usize {
        self.truth.len()
    }

    pub(super) fn positives(&self) -> usize {
        self.truth.iter().filter(|truth| **truth).count()
    }

    /// The fraction of positives.
    pub(super) fn rate(&self) -> f64 {
        self.positives() as f64 / self.rows() as f64
    }

    /// The truth as 0 and 1.
    pub(super) fn numbers(&self) -> Vec<f64> {
        self.truth.iter().map(|truth| f64::from(u8::from(*truth))).collect()
    }

    /// The counts of the decisions of the pipeline.
    pub(super) fn counts(&self) -> DecisionCounts {
        DecisionCounts::of(self.truth.iter().copied().zip(self.decided.iter().copied()))
    }

    /// The counts of decisions for probabilities above a threshold.
    pub(super) fn counts_at(&self, threshold: f64) -> DecisionCounts {
        DecisionCounts::of(self.truth.iter().copied().zip(self.probability.iter().map(|p| *p > threshold)))
    }

    /// The note that explains the missing comparison of two classes if all rows are of one class.
    pub(super) fn one_class(&self) -> Option<String> {
        let positives = self.positives();
        let only = match positives {
            0 => &self.classes[0],
            _ if positives == self.rows() => &self.classes[1],
            _ => return None,
        };
        let rows = counted(self.rows(), "test row");
        Some(format!("Not shown: all of the {rows} are of the class {only}, and this needs rows of both classes."))
    }

    /// The probabilities that differ.
    pub(super) fn are_equal(&self) -> bool {
        self.probability.windows(2).all(|pair| pair[0] == pair[1])
    }
}

impl DecisionCounts {
    fn of(pairs: impl Iterator<Item = (bool, bool)>) -> Self {
        let mut counts = DecisionCounts::default();
        for (truth, decided) in pairs {
            match (truth, decided) {
                (false, false) => counts.true_negatives += 1,
                (false, true) => counts.false_positives += 1,
                (true, false) => counts.false_negatives += 1,
                (true, true) => counts.true_positives += 1,
            }
        }
        counts
    }

    pub(super) fn decided_positive(&self) -> usize {
        self.true_positives + self.false_positives
    }

    pub(super) fn positives(&self) -> usize {
        self.true_positives + self.false_negatives
    }

    pub(super) fn negatives(&self) -> usize {
        self.true_negatives + self.false_positives
    }

    pub(super) fn right(&self) -> usize {
        self.true_positives + self.true_negatives
    }

    pub(super) fn rows(&self) -> usize {
        self.positives() + self.negatives()
    }
}

impl ClassOutcomes {
    pub(super) fn rows(&self) -> usize {
        self.truth.len()
    }

    /// The rows of each class.
    pub(super) fn class_rows(&self) -> Vec<usize> {
        let mut rows = vec![0; self.classes.len()];
        self.truth.iter().for_each(|class| rows[*class] += 1);
        rows
    }

    /// The classes that are drawn, at most six: those of which some test rows are and some are not, the most frequent ones; and how
    /// many there would be.
    pub(super) fn drawn(&self) -> (Vec<usize>, usize) {
        let rows = self.class_rows();
        let mut order: Vec<usize> =
            (0..rows.len()).filter(|class| rows[*class] > 0 && rows[*class] < self.rows()).collect();
        let total = order.len();
        sorting::by_integer(&mut order, |&class| -(rows[class] as i64));
        order.truncate(MOST_DRAWN);
        order.sort_unstable();
        (order, total)
    }

    /// The outcomes of one class against all others.
    pub(super) fn one_vs_rest(&self, class: usize) -> BinaryOutcomes {
        BinaryOutcomes {
            name: self.classes[class].clone(),
            classes: ["any other".into(), self.classes[class].clone()],
            truth: self.truth.iter().map(|truth| *truth == class).collect(),
            probability: self.probability.column(class).iter().copied().collect(),
            decided: self.decided.iter().map(|decided| *decided == class).collect(),
            threshold: 0.5,
        }
    }
}

impl NumberOutcomes {
    pub(super) fn rows(&self) -> usize {
        self.truth.len()
    }

    /// Predicted minus actual.
    pub(super) fn errors(&self) -> Vec<f64> {
        self.predicted.iter().zip(&self.truth).map(|(predicted, truth)| predicted - truth).collect()
    }
}
