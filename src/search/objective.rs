//! The objective of a search, and the result of evaluating it.

use super::Trial;
use crate::Result;

/// The objective of a search: the score of a pipeline on a table, or of a function.
pub(super) trait Objective: Sync {
    /// Evaluates a trial after this fraction of its epochs, on at most this many threads. It may continue the training of an earlier
    /// evaluation with a smaller fraction; the result is the same.
    fn evaluate(&self, trial: &Trial, fraction: f64, threads: usize) -> Result<Measured>;

    /// Drops the training state of all trials but these.
    fn keep(&self, trials: &[usize]);

    /// The name of the score.
    fn score_name(&self) -> String;

    /// Whether greater scores are better.
    fn greater_is_better(&self) -> bool;
}

/// The result of one evaluation.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Measured {
    /// NaN if the trial failed.
    pub(super) score: f64,
    /// The score on each fold, or on each of several disjoint groups of the validation part; empty if unknown.
    pub(super) parts: Vec<f64>,
    /// The numbers of training rows and of scored rows in a fold, which determine the correlation between folds; `None` for disjoint
    /// groups, which are scored by the same model.
    pub(super) fold_rows: Option<(usize, usize)>,
    /// Why the trial failed.
    pub(super) failure: Option<String>,
}

impl Measured {
    /// The result of a trial that failed for this reason.
    pub(super) fn failed(reason: impl ToString) -> Self {
        Measured { score: f64::NAN, parts: Vec::new(), fold_rows: None, failure: Some(reason.to_string()) }
    }
}
