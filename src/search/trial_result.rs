//! The result of one trial.

use super::TrialArguments;

/// The result of one trial of a search.
///
/// ```
/// use perceptra::prelude::*;
/// use perceptra::search::FunctionSearch;
///
/// let space = SearchSpace::new().integer("units", 1..=9);
/// let search = FunctionSearch::new(space, |trial| Ok((trial.integer("units")? as f64 - 4.0).abs()));
/// let result = search.strategy(GridSearch::new(9)).seed(1).progress(false).run()?;
/// let best = result.best();
/// assert_eq!((best.score, best.arguments.to_string().as_str(), best.failure.as_deref()), (0.0, "units 4", None));
/// # Ok::<(), perceptra::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct TrialResult {
    /// The number of the trial, counted from 0.
    pub number: usize,
    /// Its arguments.
    pub arguments: TrialArguments,
    /// The seed of all its random numbers.
    pub seed: u64,
    /// The fraction of its epochs, in (0, 1], after which it was scored; below 1 if it was ended early.
    pub fraction: f64,
    /// The score: the mean over the folds, or the score on the validation part; NaN if the trial failed.
    pub score: f64,
    /// The standard error of the score, from the parts; NaN with fewer than two parts.
    pub standard_error: f64,
    /// The score on each fold, or on each of several disjoint groups of the validation part.
    pub parts: Vec<f64>,
    /// Whether the difference from the best trial is not significant; true for the best one. Both are compared part by part with the
    /// t-test of [`compare`](crate::model_selection::compare), at a level of 5%.
    pub same_as_best: bool,
    /// Why the trial failed, if it did: its loss became NaN or infinite, or its score is not a number.
    pub failure: Option<String>,
    /// The duration of its last evaluation in seconds; other trials may have run at the same time.
    pub seconds: f64,
}
