//! The counts that all curves over thresholds start from.

use super::paired::{Paired, finite, paired};
use super::weighted::AsTruth;
use crate::as_column::AsColumn;
use crate::error::{Error, Result};

/// The weights of true and false positives, if samples with at least a given score are positive; counts if all weights are 1.
pub(super) struct Ranking {
    /// The distinct scores, descending.
    pub(super) thresholds: Vec<f64>,
    /// Positives with at least the score.
    pub(super) true_positives: Vec<f64>,
    /// Negatives with at least the score.
    pub(super) false_positives: Vec<f64>,
}

impl Ranking {
    /// Ranks samples by finite scores; the truth is 0 or 1, and there is at least one sample.
    pub(super) fn new(
        item: &'static str,
        y_true: &(impl AsTruth + ?Sized),
        y_score: &(impl AsColumn + ?Sized),
    ) -> Result<Ranking> {
        let Paired { truth, predicted: scores, weights } = paired(y_true, y_score, "y_score")?;
        if let Some(row) = truth.iter().position(|&label| label != 0.0 && label != 1.0) {
            return Err(Error::Target {
                item: item.into(),
                row,
                column: 0,
                value: truth[row],
                expected: "0 or 1".into(),
            });
        }
        finite("y_score", &scores, scores.len())?;
        let samples = scores.into_iter().zip(&truth).zip(weights);
        let samples = samples.map(|((score, label), weight)| Sample { score, positive: *label == 1.0, weight });
        Ok(Ranking::from_samples(samples.collect()))
    }

    /// Ranks samples with finite scores; samples with weight 0 are ignored.
    pub(super) fn from_samples(mut samples: Vec<Sample>) -> Ranking {
        samples.retain(|sample| sample.weight > 0.0);
        samples.sort_unstable_by(|a, b| b.score.total_cmp(&a.score));
        let (mut tp, mut fp) = (0.0, 0.0);
        let mut ranking = Ranking { thresholds: Vec::new(), true_positives: Vec::new(), false_positives: Vec::new() };
        for tied in samples.chunk_by(|a, b| a.score == b.score) {
            for sample in tied {
                *if sample.positive { &mut tp } else { &mut fp } += sample.weight;
            }
            ranking.thresholds.push(tied[0].score);
            ranking.true_positives.push(tp);
            ranking.false_positives.push(fp);
        }
        ranking
    }

    /// The weight of all positives.
    pub(super) fn positives(&self) -> f64 {
        self.true_positives.last().copied().unwrap_or(0.0)
    }

    /// The weight of all negatives.
    pub(super) fn negatives(&self) -> f64 {
        self.false_positives.last().copied().unwrap_or(0.0)
    }

    /// The class that does not occur, if there is one.
    pub(super) fn absent_class(&self) -> Option<u8> {
        if self.positives() == 0.0 { Some(1) } else { (self.negatives() == 0.0).then_some(0) }
    }
}

/// A sample with its score.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sample {
    pub(super) score: f64,
    pub(super) positive: bool,
    pub(super) weight: f64,
}

/// The error for a truth with a single class, if a curve needs both.
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
        let ranking = Ranking::new("test", &[0, 1, 1, 0], &[0.5, 0.9, 0.5, -0.0]).unwrap();
        assert_eq!(ranking.thresholds, [0.9, 0.5, 0.0]);
        assert_eq!(ranking.true_positives, [1.0, 2.0, 2.0]);
        assert_eq!(ranking.false_positives, [0.0, 1.0, 2.0]);
    }

    #[test]
    fn truth_is_zero_or_one_and_scores_are_finite() {
        assert!(matches!(Ranking::new("test", &[0, 2], &[0.1, 0.2]), Err(Error::Target { row: 1, .. })));
        assert!(matches!(Ranking::new("test", &[0, 1], &[0.1, f64::NAN]), Err(Error::NotFinite { row: 1, .. })));
    }
}
