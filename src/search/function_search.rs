//! A search over the scores of a function.

use super::objective::{Measured, Objective};
use super::run::Run;
use super::search_options::{SearchOptions, search_options};
use super::{SearchResult, SearchSpace, Trial};
use crate::Result;
use crate::distributed::Communicator;
use serde_json::{Map, json};
use std::fmt;
use std::sync::Arc;

/// The function to minimize or maximize; its second argument is the fraction of the epochs.
type Score<'a> = Arc<dyn Fn(&Trial, f64) -> Result<f64> + Send + Sync + 'a>;

/// A search over the scores of a function, for anything that is not a pipeline fitted to a table.
///
/// It has the options of [`Search`](super::Search). When a strategy that ends trials early continues one, the function is called
/// again; see [`with_fraction`](Self::with_fraction).
///
/// ```
/// use perceptra::prelude::*;
/// use perceptra::search::FunctionSearch;
///
/// let space = SearchSpace::new().float("x", -2.0..=2.0).float("y", -2.0..=2.0);
/// let search = FunctionSearch::new(space, |trial| Ok((trial.float("x")? - 1.0).powi(2) + trial.float("y")?.powi(2)));
/// let result = search.strategy(Tpe::new(80)).seed(1).progress(false).run()?;
/// assert!(result.best().score < 0.05);
/// # Ok::<(), perceptra::Error>(())
/// ```
#[derive(Clone)]
#[must_use = "nothing is evaluated before .run()"]
pub struct FunctionSearch<'a> {
    space: Arc<SearchSpace>,
    score: Score<'a>,
    greater_is_better: bool,
    options: SearchOptions,
}

impl<'a> FunctionSearch<'a> {
    /// Creates a search for the minimum of a function. A trial that returns NaN has failed.
    pub fn new(space: SearchSpace, score: impl Fn(&Trial) -> Result<f64> + Send + Sync + 'a) -> Self {
        Self::with_fraction(space, move |trial, _| score(trial))
    }

    /// Creates a search for the minimum of a function of a trial and of the fraction of its epochs, in (0, 1], after which it is scored.
    pub fn with_fraction(space: SearchSpace, score: impl Fn(&Trial, f64) -> Result<f64> + Send + Sync + 'a) -> Self {
        let (space, score) = (Arc::new(space), Arc::new(score));
        FunctionSearch { space, score, greater_is_better: false, options: SearchOptions::default() }
    }

    /// Whether greater scores are better. Defaults to false.
    pub fn greater_is_better(mut self, greater_is_better: bool) -> Self {
        self.greater_is_better = greater_is_better;
        self
    }

    /// Runs the search.
    ///
    /// # Errors
    ///
    /// The errors of [`SearchSpace::check`], of the strategy, of the journal and of the function;
    /// [`Error::Argument`](crate::Error::Argument) for 0 threads, for a time budget in which no trial was begun, and where
    /// every trial failed.
    pub fn run(&self) -> Result<SearchResult> {
        self.run_over(None)
    }

    /// Runs the search on all [ranks](crate::distributed), as [`Search::run_distributed`](super::Search::run_distributed) does; the function
    /// must be the same on each.
    ///
    /// # Errors
    ///
    /// The errors of [`run`](Self::run), on all ranks: the others return [`Error::Rank`](crate::Error::Rank), which names the one that failed;
    /// [`Error::Argument`](crate::Error::Argument) for a rank whose search differs from that of rank 0.
    pub fn run_distributed(&self, communicator: &dyn Communicator) -> Result<SearchResult> {
        self.run_over(Some(communicator))
    }

    fn run_over(&self, over: Option<&dyn Communicator>) -> Result<SearchResult> {
        let run = Run::new(&self.space, &self.options, over)?;
        run.begin(over, || {
            let mut head = Map::new();
            head.insert("function".into(), json!({ "greater_is_better": self.greater_is_better }));
            Ok(head)
        })?;
        run.run(self, over)
    }
}

search_options!(impl FunctionSearch<'_>);

impl Objective for FunctionSearch<'_> {
    fn evaluate(&self, trial: &Trial, fraction: f64, _: usize) -> Result<Measured> {
        let score = (self.score)(trial, fraction)?;
        Ok(match score.is_nan() {
            true => Measured::failed("the score is NaN"),
            false => Measured { score, parts: Vec::new(), fold_rows: None, failure: None },
        })
    }

    fn keep(&self, _: &[usize]) {}

    fn score_name(&self) -> String {
        "score".into()
    }

    fn greater_is_better(&self) -> bool {
        self.greater_is_better
    }
}

impl fmt::Debug for FunctionSearch<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FunctionSearch")
            .field("space", &self.space)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}
