//! The result of a search.

use super::objective::Measured;
use super::search_strategy::by_loss;
use super::{SearchSpace, Trial, TrialResult};
use crate::error::counted;
use crate::model_selection::compare;
use crate::sorting;
use crate::{Error, Result};
use std::sync::Arc;
use std::time::Duration;

/// The result of a search: every trial, the best one first.
///
/// `Display` shows the best trials in lines of at most 80 characters, and `{:#}` shows all of them; [`table`](Self::table) returns one
/// row for each trial.
///
/// The score of the best of many trials is optimistic: it was selected partly by chance. Evaluate the refitted pipeline on rows
/// that the search never saw.
///
/// ```
/// use perceptra::prelude::*;
/// use perceptra::search::FunctionSearch;
///
/// let space = SearchSpace::new().integer("units", 4..=32).choice("activation", ["relu", "tanh"]);
/// let search = FunctionSearch::new(space, |trial| {
///     let penalty = if trial.choice("activation")? == "tanh" { 0.5 } else { 0.0 };
///     Ok((trial.integer("units")? as f64 - 12.0).abs() + penalty)
/// });
/// let result = search.strategy(RandomSearch::new(60)).seed(1).progress(false).run()?;
/// assert_eq!(result.best().arguments.to_string(), "units 12, activation relu");
/// assert_eq!(result.table()?.nrows(), 60);
/// println!("{result}");
/// # Ok::<(), perceptra::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct SearchResult {
    pub(super) space: Arc<SearchSpace>,
    /// At least one, the best one first.
    pub(super) trials: Vec<TrialResult>,
    pub(super) score_name: String,
    pub(super) greater_is_better: bool,
    /// Every evaluation in order: trial, fraction and score.
    evaluations: Vec<(usize, f64, f64)>,
    seed: u64,
    is_cut: bool,
    elapsed: Duration,
}

/// One evaluation of a trial.
#[derive(Debug)]
pub(super) struct Evaluated {
    pub(super) trial: Trial,
    pub(super) fraction: f64,
    pub(super) measured: Measured,
    pub(super) seconds: f64,
}

/// The level of the tests for a difference.
const LEVEL: f64 = 0.05;

impl SearchResult {
    pub(super) fn new(
        space: Arc<SearchSpace>,
        evaluated: Vec<Evaluated>,
        (score_name, greater_is_better): (String, bool),
        seed: u64,
        is_cut: bool,
        elapsed: Duration,
    ) -> Result<Self> {
        let evaluations = evaluated.iter().map(|one| (one.trial.number(), one.fraction, one.measured.score)).collect();
        // For a trial that was continued, the last evaluation counts.
        let mut last = evaluated;
        sorting::by_integer(&mut last, |one| one.trial.number() as i64);
        last.reverse();
        last.dedup_by_key(|one| one.trial.number());
        let loss = |one: &Evaluated| if greater_is_better { -one.measured.score } else { one.measured.score };
        sorting::by(&mut last, |a, b| {
            let failed = a.measured.score.is_nan().cmp(&b.measured.score.is_nan());
            failed
                .then(b.fraction.total_cmp(&a.fraction))
                .then_with(|| by_loss((loss(a), a.trial.number()), (loss(b), b.trial.number())))
        });
        let same: Vec<bool> = last.iter().enumerate().map(|(index, one)| index == 0 || same(&last[0], one)).collect();
        let trials: Vec<TrialResult> = last.into_iter().zip(same).map(|(one, same)| result(one, same)).collect();
        if trials.is_empty() {
            let expected = "time for at least one trial, and a strategy that proposes one";
            return Err(Error::argument("Search", "trials", "none", expected));
        }
        if trials[0].score.is_nan() {
            let reason = trials[0].failure.as_deref().unwrap_or("the score is NaN");
            let value = format!(
                "{}, all of which failed, number {}: {reason}",
                counted(trials.len(), "trial"),
                trials[0].number
            );
            let expected = "at least one trial with a score; see why they fail, search other ranges, such as smaller learning rates, \
                            or run more trials";
            return Err(Error::argument("Search", "trials", value, expected));
        }
        Ok(SearchResult { space, trials, score_name, greater_is_better, evaluations, seed, is_cut, elapsed })
    }

    /// The best trial: the one with the best score among those with the largest fraction of their epochs; of equal scores, the one
    /// with the smaller number.
    pub fn best(&self) -> &TrialResult {
        &self.trials[0]
    }

    /// All trials, the best one first; those that were ended early follow those with more of their epochs, and those that failed
    /// are last.
    pub fn trials(&self) -> &[TrialResult] {
        &self.trials
    }

    /// The trial with this number, if there is one.
    pub fn trial(&self, number: usize) -> Option<&TrialResult> {
        self.trials.iter().find(|trial| trial.number == number)
    }

    /// All evaluations in the order in which they were proposed: the number of the trial, the fraction of its epochs and the score.
    pub fn evaluations(&self) -> &[(usize, f64, f64)] {
        &self.evaluations
    }

    /// The best score so far after each of the [`evaluations`](Self::evaluations); a score after a larger fraction of the epochs
    /// takes precedence. NaN as long as all evaluations have failed.
    pub fn best_so_far(&self) -> Vec<f64> {
        let is_better = |score: f64, best: f64| if self.greater_is_better { score > best } else { score < best };
        let mut best = (0.0, f64::NAN);
        let step = |&(_, fraction, score): &(usize, f64, f64)| {
            if !score.is_nan() && (fraction > best.0 || fraction == best.0 && is_better(score, best.1)) {
                best = (fraction, score);
            }
            best.1
        };
        self.evaluations.iter().map(step).collect()
    }

    /// The name of the score.
    pub fn score_name(&self) -> &str {
        &self.score_name
    }

    /// The space that was searched.
    pub fn space(&self) -> &SearchSpace {
        &self.space
    }

    /// The seed of the search: the given one, that of the journal, or a random one.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// Whether the time budget ended the search before its strategy did.
    pub fn is_cut(&self) -> bool {
        self.is_cut
    }

    /// The time that the run took.
    pub fn elapsed(&self) -> Duration {
        self.elapsed
    }
}

fn result(one: Evaluated, same_as_best: bool) -> TrialResult {
    let Measured { score, parts, failure, .. } = one.measured;
    TrialResult {
        number: one.trial.number(),
        arguments: one.trial.arguments().clone(),
        seed: one.trial.seed(),
        fraction: one.fraction,
        score,
        standard_error: standard_error(&parts),
        parts,
        same_as_best,
        failure,
        seconds: one.seconds,
    }
}

/// The standard error `s/√k` of the parts.
fn standard_error(parts: &[f64]) -> f64 {
    if parts.len() < 2 {
        return f64::NAN;
    }
    let count = parts.len() as f64;
    let mean = parts.iter().sum::<f64>() / count;
    (parts.iter().map(|part| (part - mean).powi(2)).sum::<f64>() / (count - 1.0) / count).sqrt()
}

/// Whether the difference between two trials is not significant.
fn same(best: &Evaluated, other: &Evaluated) -> bool {
    if best.fraction != other.fraction {
        return false;
    }
    // Groups of rows that the same model predicts are independent: no correction is needed.
    let (train, test) = best.measured.fold_rows.unwrap_or((usize::MAX, 1));
    compare(&best.measured.parts, &other.measured.parts, train, test).is_ok_and(|found| found.p_value > LEVEL)
}
