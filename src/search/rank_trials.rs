//! Distributing the trials of a batch over the ranks.

use super::Proposal;
use super::journal_line::JournalLine;
use super::objective::Objective;
use super::run::Run;
use super::search_display::SearchDisplay;
use super::search_result::Evaluated;
use super::workers::dealt;
use crate::Result;
use crate::distributed::Communicator;
use crate::engine::ranks::{agree, broadcast, gather_values};
use crate::lists::try_map;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

impl Run<'_> {
    /// Evaluates a batch on all ranks, or as many of its first trials as can be started within the time budget. Trial n belongs to rank
    /// n mod size, so that a trial is continued on the rank that started it. Each round evaluates as many trials per rank as it has
    /// threads; after a round all ranks receive the results, and rank 0 writes them to the journal.
    pub(super) fn evaluate_on_ranks(
        &self,
        communicator: &dyn Communicator,
        batch: &[Proposal],
        objective: &dyn Objective,
        deadline: Option<Instant>,
        display: &SearchDisplay,
    ) -> Result<Vec<Evaluated>> {
        let (rank, size) = (communicator.rank(), communicator.size());
        let known = agree(communicator, try_map(batch.iter(), |proposal| self.known(proposal)))?;
        let mut lines: Vec<Option<JournalLine>> = broadcast(communicator, 0, &known)?;
        lines.iter().flatten().for_each(|line| display.finished(line.trial, line.fraction, line.measured().score));
        let is_open = |index: &usize| lines[*index].is_none();
        let of_rank =
            |rank: usize| (0..batch.len()).filter(is_open).filter(move |index| batch[*index].trial % size == rank);
        let threads = broadcast(communicator, 0, &self.threads)?;
        let rounds = (0..size).map(|rank| of_rank(rank).count().div_ceil(threads)).max().unwrap_or(0);
        let mine: Vec<usize> = of_rank(rank).collect();
        for round in 0..rounds {
            if broadcast(communicator, 0, &deadline.is_some_and(|at| Instant::now() >= at))? {
                break;
            }
            let part: Vec<usize> = mine.iter().skip(round * threads).take(threads).copied().collect();
            let each = (threads / part.len().max(1)).max(1);
            let has_failed = AtomicBool::new(false);
            let one = |place: usize| {
                let result = self.measure(&batch[part[place]], objective, each);
                has_failed.fetch_or(result.is_err(), Ordering::Relaxed);
                Ok((part[place], result?.line()))
            };
            let done = dealt(part.len(), threads, &|| has_failed.load(Ordering::Relaxed), &one);
            let done: Vec<(usize, JournalLine)> = agree(communicator, done.into_iter().collect())?;
            let mut of_all: Vec<(usize, JournalLine)> =
                gather_values(communicator, &done)?.into_iter().flatten().collect();
            crate::sorting::by_integer(&mut of_all, |(index, _)| *index as i64);
            agree(communicator, of_all.iter().try_for_each(|(_, line)| self.write(line)))?;
            for (index, line) in of_all {
                display.finished(line.trial, line.fraction, line.measured().score);
                lines[index] = Some(line);
            }
        }
        // Keeps the trials before the first gap, which is what a search in one process keeps when its time budget ends.
        let evaluated = batch.iter().zip(lines).map_while(|(proposal, line)| Some(self.evaluated(proposal, line?)));
        Ok(evaluated.collect())
    }
}
