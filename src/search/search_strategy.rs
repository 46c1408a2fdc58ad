//! The trait of strategies, and the types it uses.

use super::{SearchSpace, TrialArguments};
use crate::Result;
use crate::items::Spec;
use crate::sorting;
use std::cmp::Ordering;

/// A strategy of a search: it proposes which arguments are tried, and for which fraction of the epochs.
///
/// A strategy is plain data without state: it proposes one batch after another, each from all evaluations before it. A
/// search can therefore be resumed, and its results do not depend on the number of threads. All random numbers must come from
/// [`SearchProgress::seed`].
///
/// ```
/// use perceptra::prelude::*;
/// use perceptra::search::{FunctionSearch, Proposal, SearchProgress, SearchStrategy};
/// use perceptra::{Result, items::Spec};
///
/// /// Ten random trials, then the neighbours of the best one.
/// #[derive(Debug)]
/// struct Neighbours;
///
/// impl Spec for Neighbours {}
///
/// impl SearchStrategy for Neighbours {
///     fn propose(&self, progress: &SearchProgress<'_>) -> Result<Vec<Proposal>> {
///         Ok(match progress.finished().len() {
///             0 => (0..10).map(|trial| Proposal::new(trial, progress.space().sample(progress.seed(), trial))).collect(),
///             10 => {
///                 let Some(perceptra::search::SearchValue::Integer(best)) = progress.ranked()[0].arguments.get("n") else {
///                     return Ok(Vec::new());
///                 };
///                 let near = [best.saturating_sub(1).max(1), (best + 1).min(99)];
///                 (10..).zip(near).map(|(trial, n)| Proposal::new(trial, [("n", n.into())].into_iter().collect())).collect()
///             }
///             _ => Vec::new(),
///         })
///     }
/// }
///
/// let search = FunctionSearch::new(SearchSpace::new().integer("n", 1..=99), |trial| {
///     Ok((trial.integer("n")? as f64 - 40.0).abs())
/// });
/// assert_eq!(search.strategy(Neighbours).seed(1).progress(false).run()?.trials().len(), 12);
/// # Ok::<(), perceptra::Error>(())
/// ```
pub trait SearchStrategy: Spec {
    /// Returns the next batch of proposals; empty at the end of the search. It is called again when the whole batch has been evaluated.
    ///
    /// A proposal is either a new trial, or one that was evaluated for a smaller fraction of its epochs and is continued with the same
    /// arguments.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`](crate::Error::Argument) for an argument of the strategy that does not fit the space.
    fn propose(&self, progress: &SearchProgress<'_>) -> Result<Vec<Proposal>>;

    /// The number of evaluations of the whole search, if it is known beforehand; for the progress display.
    fn evaluations(&self, space: &SearchSpace) -> Option<usize> {
        let _ = space;
        None
    }
}

/// The most trials that a strategy may need to have in memory at once.
pub(super) const MOST_TRIALS: usize = 1_000_000;
/// The independent draws that are proposed at a time.
pub(super) const DRAWN_AT_ONCE: usize = 1000;

/// A trial to evaluate.
///
/// ```
/// use perceptra::search::Proposal;
///
/// // Trial 3 after a third of its epochs.
/// let proposal = Proposal::new(3, [("units", 8.into())].into_iter().collect()).with_fraction(1.0 / 3.0);
/// assert_eq!((proposal.trial, proposal.arguments.get("units")), (3, Some(&8.into())));
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Proposal {
    /// The number of the trial.
    pub trial: usize,
    /// Its arguments.
    pub arguments: TrialArguments,
    /// The fraction of the epochs, in (0, 1], after which it is evaluated.
    pub fraction: f64,
}

impl Proposal {
    /// Proposes a trial that is trained for all of its epochs.
    pub fn new(trial: usize, arguments: TrialArguments) -> Self {
        Proposal { trial, arguments, fraction: 1.0 }
    }

    /// Proposes the same trial, evaluated after this fraction of its epochs.
    #[must_use]
    pub fn with_fraction(self, fraction: f64) -> Self {
        Proposal { fraction, ..self }
    }
}

/// A trial that was evaluated.
///
/// ```
/// use perceptra::search::FinishedTrial;
///
/// let arguments = [("units", 8.into())].into_iter().collect();
/// let finished = FinishedTrial { trial: 3, arguments, fraction: 1.0, loss: 0.41 };
/// assert_eq!(finished.arguments.to_string(), "units 8");
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct FinishedTrial {
    /// The number of the trial.
    pub trial: usize,
    /// Its arguments.
    pub arguments: TrialArguments,
    /// The fraction of its epochs, in (0, 1].
    pub fraction: f64,
    /// The score, negated if greater scores are better, so that less is better; NaN if the trial failed.
    pub loss: f64,
}

/// The evaluations of a search so far, with its space and seed.
///
/// ```
/// use perceptra::search::{Proposal, SearchProgress};
///
/// /// A random trial as long as no loss is below 0.1.
/// fn next(progress: &SearchProgress<'_>) -> Option<Proposal> {
///     let is_good = progress.ranked().first().is_some_and(|best| best.loss < 0.1);
///     let trial = progress.finished().len();
///     (!is_good).then(|| Proposal::new(trial, progress.space().sample(progress.seed(), trial)))
/// }
/// ```
#[derive(Debug, Clone, Copy)]
pub struct SearchProgress<'a> {
    pub(super) space: &'a SearchSpace,
    pub(super) seed: u64,
    pub(super) finished: &'a [FinishedTrial],
}

impl<'a> SearchProgress<'a> {
    /// The space that is searched.
    pub fn space(&self) -> &'a SearchSpace {
        self.space
    }

    /// The seed of the search.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// All evaluations so far, in the order in which they were proposed.
    pub fn finished(&self) -> &'a [FinishedTrial] {
        self.finished
    }

    /// All evaluations so far, the best one first; equal losses are ordered by the number of the trial, and NaN is last.
    pub fn ranked(&self) -> Vec<&'a FinishedTrial> {
        let mut ranked: Vec<_> = self.finished.iter().collect();
        sorting::by(&mut ranked, |a, b| by_loss((a.loss, a.trial), (b.loss, b.trial)));
        ranked
    }
}

/// Compares evaluations by loss, then by the number of the trial; NaN is last.
pub(super) fn by_loss((loss, trial): (f64, usize), (other_loss, other): (f64, usize)) -> Ordering {
    let numbers = match (loss.is_nan(), other_loss.is_nan()) {
        (false, false) => loss.partial_cmp(&other_loss).unwrap_or(Ordering::Equal),
        (nan, other_nan) => nan.cmp(&other_nan),
    };
    numbers.then(trial.cmp(&other))
}
