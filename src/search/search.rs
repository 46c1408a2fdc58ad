//! A search over pipelines.

use super::journal::Journal;
use super::journal_line::{JournalLine, opened};
use super::objective::Objective;
use super::pipeline_objective::{PipelineObjective, SearchValidation};
use super::run::Run;
use super::search_options::{SearchOptions, search_options};
use super::search_result::Evaluated;
use super::{SearchResult, SearchSpace, Trial, TrialArguments, TrialResult};
use crate::distributed::Communicator;
use crate::engine::ranks::agree;
use crate::items::{IntoItem, Item};
use crate::model_selection::Folds;
use crate::pipeline::{FittedPipeline, Pipeline};
use crate::preprocessing::Table;
use crate::scores::Score;
use crate::{Error, Result, Scalar, num_threads};
use serde_json::{Map, Value, json};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// The closure that builds the pipeline of a trial.
pub(super) type MakePipeline<'a, T> = Arc<dyn Fn(&Trial) -> Result<Pipeline<T>> + Send + Sync + 'a>;

/// A search for the arguments of a pipeline.
///
/// | option | default | |
/// |---|---|---|
/// | [`strategy`](Self::strategy) | `RandomSearch::new(100)` | which arguments are tried |
/// | [`score`](Self::score) | log loss of classes and labels, root mean squared error of numbers | the score by which trials are compared |
/// | [`validation_split`](Self::validation_split) | 0.2 | the fraction of the rows on which trials are scored |
/// | [`cross_validation`](Self::cross_validation) | none | folds in place of that fraction |
/// | [`threads`](Self::threads) | [`num_threads`](crate::num_threads) | trials that are evaluated at the same time |
/// | [`seed`](Self::seed) | a random one | the seed of all random numbers |
/// | [`journal`](Self::journal) | none | the file from which the search is resumed |
/// | [`time_budget`](Self::time_budget) | none | the time after which no trial is started |
/// | [`progress`](Self::progress) | true | the display on standard error |
///
/// See the [module](super) for an example.
#[derive(Clone)]
#[must_use = "nothing is evaluated before .run(…)"]
pub struct Search<'a, T: Scalar = f32> {
    space: Arc<SearchSpace>,
    make: MakePipeline<'a, T>,
    score: Option<Item<dyn Score>>,
    validation: SearchValidation,
    options: SearchOptions,
}

impl<'a, T: Scalar> Search<'a, T> {
    /// Creates a search over a space; the closure builds the pipeline of a trial.
    ///
    /// The closure is called from several threads, and again when a trial is continued or repeated: it must return the same pipeline for
    /// the same arguments.
    pub fn new(space: SearchSpace, make: impl Fn(&Trial) -> Result<Pipeline<T>> + Send + Sync + 'a) -> Self {
        Search {
            space: Arc::new(space),
            make: Arc::new(make),
            score: None,
            validation: SearchValidation::Fraction(0.2),
            options: SearchOptions::default(),
        }
    }

    /// The score by which trials are compared: an item of [`scores`](mod@crate::scores), its name, or a shared pointer to one.
    pub fn score<M>(mut self, score: impl IntoItem<dyn Score, M>) -> Self {
        self.score = Some(score.into_item());
        self
    }

    /// Scores every trial on the same fraction of the rows, in (0, 1), drawn at random and stratified by class. The standard
    /// error comes from the scores on up to 20 disjoint groups of these rows. Defaults to 0.2.
    pub fn validation_split(mut self, fraction: f64) -> Self {
        self.validation = SearchValidation::Fraction(fraction);
        self
    }

    /// Scores every trial on the test rows of these folds: the score is the mean over the folds.
    pub fn cross_validation<M>(mut self, folds: impl IntoItem<dyn Folds, M>) -> Self {
        self.validation = SearchValidation::Folds(folds.into_item());
        self
    }

    /// Runs the search on the rows of a table.
    ///
    /// Rows are encoded only once for all trials with the same columns, target, weights, excluded columns and validation part in
    /// their pipelines. A trial whose loss or prediction becomes NaN or infinite has failed, and the search goes on.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] for an option out of its range, for a journal of another search, and for a time budget in which no trial
    /// was begun; those of [`SearchSpace::check`], of the strategy, the folds, the score, the closure and [`Pipeline::fit`], with the
    /// arguments of the trial.
    pub fn run(&self, table: &Table) -> Result<SearchResult> {
        T::search(self, table, None)
    }

    /// Runs the search on all [ranks](crate::distributed). Each rank passes the same search and the same table; the trials are distributed
    /// over the ranks, and all ranks return the same result, bitwise equal to that of [`run`](Self::run) for any number of ranks.
    ///
    /// Each rank evaluates as many trials at the same time as rank 0 has [`threads`](Self::threads). The journal is written by rank 0 after
    /// each such round, and a job that was killed can be resumed from it on any number of ranks. The seed, the time budget and the progress
    /// display are those of rank 0.
    ///
    /// ```
    /// use perceptra::distributed::InProcess;
    /// use perceptra::prelude::*;
    /// use perceptra::search::FunctionSearch;
    ///
    /// let space = SearchSpace::new().float("x", -2.0..=2.0);
    /// let search = FunctionSearch::new(space, |trial| Ok((trial.float("x")? - 1.0).powi(2))).seed(1).progress(false);
    /// let scores = InProcess::run(2, |world| Ok(search.run_distributed(world)?.best().score))?;
    /// assert_eq!(scores, [search.run()?.best().score; 2]);
    /// # Ok::<(), perceptra::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The errors of [`run`](Self::run), on all ranks: the others return [`Error::Rank`], which names the one that failed; [`Error::Argument`] for a rank
    /// whose search or table differs from that of rank 0, and [`Error::NotSerializable`] for items without a configuration.
    pub fn run_distributed(&self, communicator: &dyn Communicator, table: &Table) -> Result<SearchResult> {
        T::search(self, table, Some(communicator))
    }

    pub(crate) fn run_trials(&self, table: &Table, over: Option<&dyn Communicator>) -> Result<SearchResult> {
        let run = Run::new(&self.space, &self.options, over)?;
        let objective = self.objective(table, run.seed());
        let objective = match over {
            Some(communicator) => agree(communicator, objective)?,
            None => objective?,
        };
        run.begin(over, || {
            let mut head = Map::new();
            let score = self.score.as_ref().map(serde_json::to_value).transpose();
            head.insert("score".into(), score.map_err(described)?.unwrap_or(Value::Null));
            head.insert("validation".into(), self.validation.describe().map_err(described)?);
            head.insert(
                "table".into(),
                json!({ "rows": table.nrows(), "fingerprint": super::fingerprint::fingerprint(table) }),
            );
            head.insert("element".into(), json!(T::DTYPE.to_string()));
            Ok(head)
        })?;
        run.run(&objective, over)
    }

    /// Repeats the trial of one line of a journal from its start. The result is bitwise that of the search, where other trials ran at
    /// the same time and this one may have been continued.
    ///
    /// The seed must be that of the search: set it with `.seed(…)`, or name the journal with `.journal(…)`.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] for a line that is damaged, is not an evaluation, or has another seed; otherwise as
    /// [`run`](Self::run).
    pub fn run_trial(&self, table: &Table, line: &str) -> Result<TrialResult> {
        T::search_trial(self, table, line)
    }

    pub(crate) fn repeat_trial(&self, table: &Table, line: &str) -> Result<TrialResult> {
        self.space.check()?;
        let refuse = |value: String, expected: &str| Err(Error::argument("Search::run_trial", "line", value, expected));
        let Some(value) = opened(line.trim_end_matches(['\n', '\r'])) else {
            return refuse("damaged".into(), "a complete journal line");
        };
        let line: JournalLine = match serde_json::from_value(value) {
            Ok(line) => line,
            Err(error) => return refuse(error.to_string(), "a trial line, not the header of the journal"),
        };
        let seed = match (self.options.seed, &self.options.journal) {
            (Some(seed), _) => seed,
            (None, Some(path)) if path.exists() => Journal::read_seed(path)?,
            (None, _) => return refuse("of a search without a seed".into(), "a search with .seed(…) or .journal(…)"),
        };
        let arguments: TrialArguments = line.arguments.in_order(self.space.names());
        self.space.check_arguments(&arguments)?;
        let trial = Trial::new(line.trial, arguments, seed, &self.space);
        if trial.seed() != line.seed {
            return refuse(format!("of a search with another seed, not {seed}"), "a line of this search");
        }
        if !(line.fraction > 0.0 && line.fraction <= 1.0) {
            return refuse(format!("with the fraction {}", line.fraction), "a fraction in (0, 1]");
        }
        let objective = self.objective(table, seed)?;
        let start = std::time::Instant::now();
        let measured = objective.evaluate(&trial, line.fraction, num_threads())?;
        let one = Evaluated { trial, fraction: line.fraction, measured, seconds: start.elapsed().as_secs_f64() };
        let greater = objective.greater_is_better();
        let result =
            SearchResult::new(self.space.clone(), vec![one], (String::new(), greater), seed, false, Duration::ZERO)?;
        Ok(result.best().clone())
    }

    /// Fits the pipeline of the best trial to all rows of a table, with the seed of the trial. Evaluate it on rows that the search
    /// never saw.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] for a result whose best trial failed; those of the closure and of [`Pipeline::fit`].
    pub fn refit(&self, result: &SearchResult, table: &Table) -> Result<FittedPipeline<T>> {
        self.refit_trial(result.best(), table)
    }

    /// Fits the pipeline of any trial to all rows of a table, with the seed of the trial.
    ///
    /// # Errors
    ///
    /// The errors of [`refit`](Self::refit).
    pub fn refit_trial(&self, trial: &TrialResult, table: &Table) -> Result<FittedPipeline<T>> {
        if let Some(failure) = &trial.failure {
            let value = format!("number {}, which failed: {failure}", trial.number);
            return Err(Error::argument("Search::refit", "trial", value, "one with a score"));
        }
        self.space.check_arguments(&trial.arguments)?;
        let trial_with_seed = Trial::with_seed(trial.number, trial.arguments.clone(), trial.seed, &self.space);
        let pipeline = (self.make)(&trial_with_seed)?;
        let seed = pipeline.given_seed().unwrap_or(trial.seed);
        pipeline.seed(seed).fit(table)
    }

    fn objective<'s>(&'s self, table: &'s Table, seed: u64) -> Result<PipelineObjective<'s, T>> {
        // The default score depends on the target, which a first pipeline shows.
        let first = Trial::new(0, self.space.sample(seed, 0), seed, &self.space);
        PipelineObjective::new(table, &*self.make, (self.score.as_ref(), &first), &self.validation, seed)
    }
}

fn described(error: serde_json::Error) -> Error {
    Error::NotSerializable {
        item: "the search".into(),
        reason: format!("{error}; a journal needs items with a configuration"),
    }
}

search_options!(impl<T: Scalar> Search<'_, T>);

impl<T: Scalar> fmt::Debug for Search<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Search")
            .field("space", &self.space)
            .field("score", &self.score)
            .field("validation", &self.validation)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}
