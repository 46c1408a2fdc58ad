//! What a search evaluates.

use super::Trial;
use crate::Result;

/// What a search evaluates: pipelines on a table, or a function.
pub(super) trait Objective: Sync {
    /// Evaluates a trial after this fraction of its epochs, on at most this many threads. It may continue what it kept of an earlier evaluation with a smaller
    /// fraction; the result is the same.
    fn evaluate(&self, trial: &Trial, fraction: f64, threads: usize) -> Result<Measured>;

    /// Drops what is kept of other trials than these.
    fn keep(&self, trials: &[usize]);

    /// The name of the score.
    fn score_name(&self) -> String;

    /// Whether more is better.
    fn greater_is_better(&self) -> bool;
}

/// The result of one evaluation.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Measured {
    /// NaN if the trial failed.
    pub(super) score: f64,
    /// The score on each fold, or on each of some disjoint groups of the validation part; none where it is not known.
    pub(super) parts: Vec<f64>,
    /// The rows that were trained on and scored in each fold, by which the parts are correlated; none for disjoint groups, whose
    /// model is the same.
    pub(super) fold_rows: Option<(usize, usize)>,
    /// Why the trial failed.
    pub(super) failure: Option<String>,
}

impl Measured {
    /// A trial that failed.
    pub(super) fn failed(reason: impl ToString) -> Self {
        Measured { score: f64::NAN, parts: Vec::new(), fold_rows: None, failure: Some(reason.to_string()) }
    }
}
