//! Running a search: batch after batch, each on several threads.

use super::journal::Journal;
use super::journal_line::JournalLine;
use super::objective::Objective;
use super::search_display::SearchDisplay;
use super::search_options::SearchOptions;
use super::search_result::{Evaluated, SearchResult};
use super::workers::dealt;
use super::{FinishedTrial, Proposal, SearchProgress, SearchSpace, SearchStrategy, Trial};
use crate::distributed::Communicator;
use crate::engine::rank_identity::refuse_difference;
use crate::engine::ranks::{agree, broadcast};
use crate::random::fresh_seed;
use crate::{Error, Result, num_threads};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

/// A search with checked options and an open journal.
pub(super) struct Run<'a> {
    space: &'a Arc<SearchSpace>,
    strategy: Arc<dyn SearchStrategy>,
    options: &'a SearchOptions,
    pub(super) threads: usize,
    journal: Option<Journal>,
    seed: u64,
}

impl<'a> Run<'a> {
    /// Checks the options and opens the journal; of several ranks only rank 0 opens it, and its seed is used on all.
    pub(super) fn new(
        space: &'a Arc<SearchSpace>,
        options: &'a SearchOptions,
        over: Option<&dyn Communicator>,
    ) -> Result<Self> {
        let Some(communicator) = over else { return Run::of_process(space, options, true) };
        let mut run = agree(communicator, Run::of_process(space, options, communicator.rank() == 0))?;
        run.seed = broadcast(communicator, 0, &run.seed)?;
        Ok(run)
    }

    /// The run of one process; only the first process opens the journal.
    fn of_process(space: &'a Arc<SearchSpace>, options: &'a SearchOptions, is_first: bool) -> Result<Self> {
        space.check()?;
        let strategy = options.strategy.checked()?;
        let threads = options.threads.unwrap_or_else(num_threads);
        if threads == 0 {
            return Err(Error::argument("Search", "threads", 0, "at least 1"));
        }
        let journal = options.journal.as_deref().filter(|_| is_first).map(Journal::open).transpose()?;
        let known = journal.as_ref().and_then(Journal::seed);
        let seed = options.seed.or(known).unwrap_or_else(fresh_seed);
        Ok(Run { space, strategy, options, threads, journal, seed })
    }

    /// The seed: the given one, else that of the journal, else a random one.
    pub(super) fn seed(&self) -> u64 {
        self.seed
    }

    /// Checks that the space, the strategy, the seed and `more` equal those of the other ranks and of the journal; a new journal gets
    /// them as its header.
    pub(super) fn begin(
        &self,
        over: Option<&dyn Communicator>,
        more: impl FnOnce() -> Result<Map<String, Value>>,
    ) -> Result<()> {
        let Some(communicator) = over else {
            return match &self.journal {
                Some(journal) => journal.begin(&self.head(more()?)?),
                None => Ok(()),
            };
        };
        let head = agree(communicator, more().and_then(|more| self.head(more)))?;
        let compared = head.iter().map(|(key, value)| {
            let name = match key.as_str() {
                "version" => "the crate's version".into(),
                "element" => "the element type".into(),
                key => format!("the {key}"),
            };
            (name, value.as_str().map_or_else(|| value.to_string(), str::to_owned))
        });
        refuse_difference(communicator, "Search", &compared.collect())?;
        agree(communicator, self.journal.as_ref().map_or(Ok(()), |journal| journal.begin(&head)))
    }

    fn head(&self, more: Map<String, Value>) -> Result<Map<String, Value>> {
        let space = serde_json::to_value(&**self.space).map_err(|error| Error::configuration("SearchSpace", error))?;
        let strategy = json!({ "class_name": self.strategy.class_name(), "config": self.strategy.config()? });
        let mut head = Map::new();
        head.insert("version".into(), env!("CARGO_PKG_VERSION").into());
        head.insert("space".into(), space);
        head.insert("strategy".into(), strategy);
        head.insert("seed".into(), self.seed.into());
        head.extend(more);
        Ok(head)
    }

    /// Evaluates the proposals of the strategy until there are none.
    pub(super) fn run(&self, objective: &dyn Objective, over: Option<&dyn Communicator>) -> Result<SearchResult> {
        let begin = Instant::now();
        let deadline = self.options.time_budget.and_then(|budget| begin.checked_add(budget));
        let (name, greater) = (objective.score_name(), objective.greater_is_better());
        let is_shown = self.options.progress && over.is_none_or(|communicator| communicator.rank() == 0);
        let all = self.strategy.evaluations(self.space);
        let display = SearchDisplay::new(is_shown, all, name.clone(), greater);
        let (mut finished, mut evaluated, mut is_cut) = (Vec::new(), Vec::new(), false);
        let mut known: BTreeMap<usize, Proposal> = BTreeMap::new();
        while !is_cut {
            let progress = SearchProgress { space: self.space, seed: self.seed, finished: &finished };
            let batch = self.strategy.propose(&progress)?;
            if batch.is_empty() {
                break;
            }
            self.check(&batch, &known)?;
            objective.keep(&batch.iter().map(|one| one.trial).collect::<Vec<_>>());
            let done = match over {
                Some(communicator) => self.evaluate_on_ranks(communicator, &batch, objective, deadline, &display)?,
                None => self.evaluate(&batch, objective, deadline, &display)?,
            };
            is_cut = done.len() < batch.len();
            for (proposal, one) in batch.into_iter().zip(done) {
                let loss = if greater { -one.measured.score } else { one.measured.score };
                finished.push(FinishedTrial {
                    trial: proposal.trial,
                    arguments: proposal.arguments.clone(),
                    fraction: proposal.fraction,
                    loss,
                });
                known.insert(proposal.trial, proposal);
                evaluated.push(one);
            }
        }
        drop(display);
        SearchResult::new(self.space.clone(), evaluated, (name, greater), self.seed, is_cut, begin.elapsed())
    }

    /// Returns an error for proposals that are not in the space or contradict earlier evaluations.
    fn check(&self, batch: &[Proposal], known: &BTreeMap<usize, Proposal>) -> Result<()> {
        let mut seen = BTreeSet::new();
        for one in batch {
            let refuse = |value: String, expected: &str| {
                let strategy = self.strategy.class_name();
                Err(Error::argument(strategy, "proposal", format!("trial {} {value}", one.trial), expected))
            };
            self.space.check_arguments(&one.arguments)?;
            if !(one.fraction > 0.0 && one.fraction <= 1.0) {
                return refuse(format!("with the fraction {}", one.fraction), "a fraction in (0, 1]");
            }
            if !seen.insert(one.trial) {
                return refuse("twice in a batch".into(), "each trial once");
            }
            match known.get(&one.trial) {
                Some(before) if before.arguments != one.arguments => {
                    return refuse("with other arguments than before".into(), "a new number for other arguments");
                }
                Some(before) if before.fraction >= one.fraction => {
                    let value = format!("after the fraction {} of its epochs again", one.fraction);
                    return refuse(value, "a larger fraction than before");
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Evaluates a batch, or as many of its first trials as can be started within the time budget; returns the error of the first
    /// trial that has one.
    fn evaluate(
        &self,
        batch: &[Proposal],
        objective: &dyn Objective,
        deadline: Option<Instant>,
        display: &SearchDisplay,
    ) -> Result<Vec<Evaluated>> {
        let has_failed = AtomicBool::new(false);
        let is_over = || has_failed.load(Ordering::Relaxed) || deadline.is_some_and(|at| Instant::now() >= at);
        // With fewer trials than threads, several threads train the folds of one trial.
        let each = (self.threads / batch.len().max(1)).max(1);
        let one = |index: usize| {
            let result = self.evaluate_one(&batch[index], objective, each);
            match &result {
                Ok(one) => display.finished(one.trial.number(), one.fraction, one.measured.score),
                Err(_) => has_failed.store(true, Ordering::Relaxed),
            }
            result
        };
        dealt(batch.len(), self.threads, &is_over, &one).into_iter().collect()
    }

    fn evaluate_one(&self, proposal: &Proposal, objective: &dyn Objective, threads: usize) -> Result<Evaluated> {
        if let Some(line) = self.known(proposal)? {
            return Ok(self.evaluated(proposal, line));
        }
        let one = self.measure(proposal, objective, threads)?;
        self.write(&one.line())?;
        Ok(one)
    }

    /// The journal line of a proposal, if the journal has one.
    pub(super) fn known(&self, proposal: &Proposal) -> Result<Option<JournalLine>> {
        let Some(journal) = &self.journal else { return Ok(None) };
        journal.find(proposal.trial, proposal.fraction, &proposal.arguments).map(|line| line.cloned())
    }

    /// Appends a line to the journal, if there is one.
    pub(super) fn write(&self, line: &JournalLine) -> Result<()> {
        self.journal.as_ref().map_or(Ok(()), |journal| journal.write(line))
    }

    fn trial(&self, proposal: &Proposal) -> Trial {
        Trial::new(proposal.trial, proposal.arguments.clone(), self.seed, self.space)
    }

    /// The evaluation of a proposal that a journal line stores.
    pub(super) fn evaluated(&self, proposal: &Proposal, line: JournalLine) -> Evaluated {
        let (measured, trial) = (line.measured(), self.trial(proposal));
        Evaluated { trial, fraction: line.fraction, measured, seconds: line.seconds }
    }

    /// Evaluates a proposal.
    pub(super) fn measure(&self, proposal: &Proposal, objective: &dyn Objective, threads: usize) -> Result<Evaluated> {
        let trial = self.trial(proposal);
        let begin = Instant::now();
        let measured = objective
            .evaluate(&trial, proposal.fraction, threads)
            .map_err(|error| error.with_note(&format!("in trial {}: {}", proposal.trial, proposal.arguments)))?;
        Ok(Evaluated { trial, fraction: proposal.fraction, measured, seconds: begin.elapsed().as_secs_f64() })
    }
}

impl Evaluated {
    /// The journal line of this evaluation.
    pub(super) fn line(&self) -> JournalLine {
        let measured = self.measured.clone();
        JournalLine {
            trial: self.trial.number(),
            fraction: self.fraction,
            seed: self.trial.seed(),
            arguments: self.trial.arguments().clone(),
            score: Some(measured.score).filter(|score| !score.is_nan()),
            parts: measured.parts,
            fold_rows: measured.fold_rows,
            failure: measured.failure,
            seconds: self.seconds,
        }
    }
}
