//! The cross-validation of candidates, and its results.

use super::candidate::Candidate;
use super::sample::Sample;
use perceptra::Result;
use perceptra::model_selection::{PairedComparison, compare};
use perceptra::scores::RocAuc;

/// A candidate with its ROC AUC on the rows left out: the mean over the folds.
#[derive(Clone)]
pub(crate) struct Trial {
    pub candidate: Candidate,
    pub roc_auc: f64,
    /// The standard error of the mean.
    pub error: f64,
    /// The ROC AUC of each fold.
    scores: Vec<f64>,
    /// The number of rows that a fold trains on, and of those that it leaves out.
    rows: (usize, usize),
}

/// Cross-validates each candidate.
pub(super) fn cross_validate(candidates: &[Candidate], sample: &Sample<'_>) -> Result<Vec<Trial>> {
    if candidates.is_empty() {
        return Ok(Vec::new());
    }
    let result = sample.search(candidates).score(RocAuc).run(sample.rows())?;
    let left_out = sample.rows().nrows() / super::sample::FOLDS;
    let rows = (sample.rows().nrows() - left_out, left_out);
    let of = |(number, candidate): (usize, &Candidate)| {
        result.trial(number).map(|found| Trial {
            candidate: candidate.clone(),
            roc_auc: found.score,
            error: found.standard_error,
            scores: found.parts.clone(),
            rows,
        })
    };
    // A grid tries the choices in their order.
    Ok(candidates.iter().enumerate().filter_map(of).collect())
}

impl Trial {
    /// The difference of the ROC AUC and another's on the same folds, with a standard error that allows for folds that share
    /// training rows.
    pub(crate) fn minus(&self, other: &Trial) -> Result<PairedComparison> {
        compare(&self.scores, &other.scores, self.rows.0, self.rows.1)
    }
}
