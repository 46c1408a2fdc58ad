//! The counts that all curves over thresholds start from.

use super::paired::paired;
use crate::as_column::AsColumn;
use crate::error::{Error, Result};

/// The true and false positives when everything with at least a score counts as positive.
pub(super) struct Ranking {
    /// The distinct scores, descending.
    pub(super) thresholds: Vec<f64>,
    /// Positives with at least the score.
    pub(super) true_positives: Vec<u64>,
    /// Negatives with at least the score.
    pub(super) false_positives: Vec<u64>,
}

impl Ranking {
    /// From truth of 0 and 1 and finite scores of equal number, at least one.
    pub(super) fn of(
        item: &'static str,
        y_true: &(impl AsColumn + ?Sized),
        y_score: &(impl AsColumn + ?Sized),
    ) -> Result<Ranking> {
        let (truth, scores) = paired(y_true, y_score, "y_score")?;
        if let Some(row) = truth.iter().position(|&label| label != 0.0 && label != 1.0) {
            return Err(Error::Target {
                item: item.into(),
                row,
                column: 0,
                value: truth[row],
                expected: "0 or 1".into(),
            });
        }
        if let Some(row) = scores.iter().position(|score| !score.is_finite()) {
            return Err(Error::NotFinite { what: "y_score", row, column: 0, value: scores[row] });
        }
        let mut pairs: Vec<(f64, bool)> = scores.into_iter().zip(truth.iter().map(|&label| label == 1.0)).collect();
        pairs.sort_unstable_by(|a, b| b.0.total_cmp(&a.0));
        let (mut tp, mut fp) = (0, 0);
        let mut ranking = Ranking { thresholds: Vec::new(), true_positives: Vec::new(), false_positives: Vec::new() };
        for tied in pairs.chunk_by(|a, b| a.0 == b.0) {
            let positive = tied.iter().filter(|pair| pair.1).count() as u64;
            tp += positive;
            fp += tied.len() as u64 - positive;
            ranking.thresholds.push(tied[0].0);
            ranking.true_positives.push(tp);
            ranking.false_positives.push(fp);
        }
        Ok(ranking)
    }

    /// All positives.
    pub(super) fn positives(&self) -> u64 {
        self.true_positives.last().copied().unwrap_or(0)
    }

    /// All negatives.
    pub(super) fn negatives(&self) -> u64 {
        self.false_positives.last().copied().unwrap_or(0)
    }
}

/// Both classes have to occur for a curve that compares them.
pub(super) fn one_class(item: &str, class: u8) -> Error {
    Error::Empty {
        what: format!("{item}: class {class} of y_true"),
        advice: "the score compares two classes, so each needs a sample".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_scores_are_one_threshold() {
        let ranking = Ranking::of("test", &[0, 1, 1, 0], &[0.5, 0.9, 0.5, -0.0]).unwrap();
        assert_eq!(ranking.thresholds, [0.9, 0.5, 0.0]);
        assert_eq!(ranking.true_positives, [1, 2, 2]);
        assert_eq!(ranking.false_positives, [0, 1, 2]);
    }

    #[test]
    fn truth_is_zero_or_one_and_scores_are_finite() {
        assert!(matches!(Ranking::of("test", &[0, 2], &[0.1, 0.2]), Err(Error::Target { row: 1, .. })));
        assert!(matches!(Ranking::of("test", &[0, 1], &[0.1, f64::NAN]), Err(Error::NotFinite { row: 1, .. })));
    }
}
