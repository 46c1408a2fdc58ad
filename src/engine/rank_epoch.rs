//! An epoch of a distributed fit.

use super::fit_loop::{FitLoop, Interruption};
use super::fit_state::RunningPart;
use super::part_step::CountedRows;
use super::progress::Progress;
use super::ranks::{Ranks, agree, broadcast, gather};
use crate::layers::RankRows;
use crate::random::seed_of_rank;
use crate::{Error, Result, Scalar};

/// The rows of a step on this rank, and their position among those of all ranks.
struct StepPart {
    /// The position of this rank's rows in the dataset; `None` if it has no more rows.
    start: Option<usize>,
    before: usize,
    rows: usize,
    total: usize,
    totals: CountedRows,
}

/// The progress of a rank since the weights were last averaged.
#[derive(Default)]
struct Since {
    rows: usize,
    failure: Option<Error>,
    /// The step with a loss that is not finite, and that loss.
    diverged: Option<(usize, f64)>,
}

impl<T: Scalar> FitLoop<'_, '_, '_, T> {
    /// Runs one epoch of all ranks from step `first` on; returns the number of steps done.
    pub(super) fn epoch_of_ranks(
        &mut self,
        (ranks, epoch, first): (&Ranks<'_>, usize, usize),
        running: Option<(RunningPart, usize)>,
        progress: &mut Progress,
    ) -> std::result::Result<usize, Interruption> {
        if self.batches.is_open() && !self.batches.at_start() {
            let next = self.batches.next();
            let found = self.own_rows(next).map(|rows| rows.map_or(0.0, |(_, rows)| rows as f64));
            let found = agree(ranks.communicator(), found)?;
            if gather(ranks.communicator(), &[found])?.concat().iter().all(|rows| *rows == 0.0) {
                self.batches.end_pass(next);
            }
        }
        if self.batches.at_start() {
            self.draw_order(self.optimizer_state.epochs);
        }
        self.metrics.reset();
        let mut done = 0;
        if let Some((running, steps)) = running {
            self.metrics.continue_with(&running);
            done = steps.min(self.batches.in_next_epoch());
        }
        let result = match ranks.over.period(epoch) {
            None => self.summed_steps(ranks, (epoch, first), progress),
            Some(period) => {
                let seed = self.network.seed;
                self.network.seed = seed_of_rank(seed, ranks.rank());
                let result = self.averaged_steps(ranks, (epoch, first, period), progress);
                self.network.seed = seed;
                result
            }
        };
        done += result?;
        let mine = self.metrics.numbers();
        self.metrics.set_merged(&gather(ranks.communicator(), &mine)?);
        Ok(done)
    }

    /// Runs the steps of an epoch, each with the gradients summed over all ranks.
    fn summed_steps(
        &mut self,
        ranks: &Ranks<'_>,
        (epoch, first): (usize, usize),
        progress: &mut Progress,
    ) -> std::result::Result<usize, Interruption> {
        let communicator = ranks.communicator();
        let (mut done, mut sums) = (0, Vec::new());
        for (step, batch) in self.batches.next_epoch().enumerate().skip(first) {
            let part = self.part(ranks, batch)?;
            if part.total == 0 {
                self.batches.end_pass(batch);
                break;
            }
            if ranks.observed {
                self.call(epoch, |callback, context| callback.on_train_batch_begin(step, context))?;
            }
            if let (Some(start), false) = (part.start, ranks.counts) {
                self.step.set_rows(part.rows);
                self.step.load(&mut self.data, start);
            }
            let StepPart { before, rows, total, totals, .. } = part;
            let part = RankRows { communicator, before, rows, total };
            let (mine, loss) = self.step.part(self.network, self.optimizer_state, &part, totals, &mut sums)?;
            if !loss.is_finite() {
                return Err(self.diverged(epoch, step, loss)?);
            }
            self.optimizer_state.step(self.network);
            self.step.update_part(&mut self.metrics, &part, mine);
            done += 1;
            self.after_step(ranks, (epoch, step), progress)?;
            if self.stop {
                break;
            }
        }
        Ok(done)
    }

    /// Calls the callbacks after a step, makes backups and updates the display.
    fn after_step(&mut self, ranks: &Ranks<'_>, (epoch, step): (usize, usize), progress: &mut Progress) -> Result<()> {
        if ranks.observed {
            // Callbacks and backups need the metrics over all ranks.
            let mine = self.metrics.numbers();
            self.metrics.set_merged(&gather(ranks.communicator(), &mine)?);
            self.logs.clear();
            self.metrics.write("", &mut self.logs);
            self.call(epoch, |callback, context| callback.on_train_batch_end(step, context))?;
            let written = self.back_up(epoch);
            agree(ranks.communicator(), written)?;
            self.metrics.set_merged(&[mine]);
        }
        if progress.is_due(step) {
            self.logs.clear();
            self.metrics.write("", &mut self.logs);
            progress.draw(step + 1, &self.logs);
        }
        Ok(())
    }

    /// The position and the number of this rank's rows in a batch of the pass; `None` if it has no more rows.
    fn own_rows(&mut self, batch: usize) -> Result<Option<(usize, usize)>> {
        let start = self.position(batch)?.filter(|start| *start < self.data.rows());
        Ok(start.map(|start| (start, (self.data.rows() - start).min(self.options.batch_size))))
    }

    /// Determines the rows of all ranks in a batch of the pass; loads this rank's rows if they have to be counted.
    fn part(&mut self, ranks: &Ranks<'_>, batch: usize) -> Result<StepPart> {
        let rank = ranks.rank();
        if !ranks.counts {
            let size = self.options.batch_size;
            let of_rank = |rows: &usize| rows.saturating_sub(batch.saturating_mul(size)).min(size);
            let rows: Vec<usize> = ranks.rows.iter().map(of_rank).collect();
            let (before, own, total) =
                (rows.iter().take(rank).sum(), rows.get(rank).copied().unwrap_or(0), rows.iter().sum::<usize>());
            let totals = CountedRows { samples: total, weight: total as f64 };
            return Ok(StepPart { start: (own > 0).then_some(batch * size), before, rows: own, total, totals });
        }
        let mine = self.own_rows(batch);
        let mut totals = CountedRows { samples: 0, weight: 0.0 };
        let (failed, rows) = match &mine {
            Ok(found) => (0.0, found.map_or(0, |(_, rows)| rows)),
            Err(_) => (1.0, 0),
        };
        if let Ok(Some((start, rows))) = mine {
            self.step.set_rows(rows);
            self.step.load(&mut self.data, start);
            totals = self.step.totals();
        }
        let numbers = [failed, rows as f64, totals.samples as f64, totals.weight];
        let all = gather(ranks.communicator(), &numbers)?;
        let sum = |index: usize, count: usize| {
            let values = all.iter().take(count).map(|numbers| numbers.get(index).copied().unwrap_or_default());
            values.sum::<f64>()
        };
        let size = all.len();
        let found = if sum(0, size) > 0.0 { agree(ranks.communicator(), mine)? } else { mine? };
        let start = found.map(|(start, _)| start);
        let totals = CountedRows { samples: sum(2, size) as usize, weight: sum(3, size) };
        let (before, total) = (sum(1, rank) as usize, sum(1, size) as usize);
        Ok(StepPart { start, before, rows, total, totals })
    }

    /// Runs the steps of an epoch on each rank independently, and averages the weights after every `period` steps.
    fn averaged_steps(
        &mut self,
        ranks: &Ranks<'_>,
        (epoch, first, period): (usize, usize, usize),
        progress: &mut Progress,
    ) -> std::result::Result<usize, Interruption> {
        let (mut done, mut since) = (0, Since::default());
        let batches = self.batches.next_epoch();
        let (begin, last) = (batches.start, batches.end - batches.start);
        for (step, batch) in batches.enumerate().skip(first) {
            if ranks.observed {
                self.call(epoch, |callback, context| callback.on_train_batch_begin(step, context))?;
            }
            self.own_step(step, batch, &mut since);
            done += 1;
            let averages = (step + 1).is_multiple_of(period) || step + 1 == last;
            if averages {
                let rows = self.average(ranks, epoch, std::mem::take(&mut since))?;
                if rows == 0 && self.batches.is_open() {
                    self.batches.end_pass(begin + step + 1);
                    break;
                }
            }
            self.after_step(ranks, (epoch, step), progress)?;
            if self.stop {
                if !averages {
                    self.average(ranks, epoch, since)?;
                }
                break;
            }
        }
        Ok(done)
    }

    /// Runs a step on the rows of this rank only, unless it has no more rows or has failed.
    fn own_step(&mut self, step: usize, batch: usize, since: &mut Since) {
        if since.failure.is_some() || since.diverged.is_some() {
            return;
        }
        let (start, rows) = match self.own_rows(batch) {
            Ok(Some(found)) => found,
            Ok(None) => return,
            Err(error) => {
                since.failure = Some(error);
                return;
            }
        };
        self.step.set_rows(rows);
        self.step.load(&mut self.data, start);
        self.step.forward(self.network, self.optimizer_state);
        let loss = self.step.compute_loss(self.network);
        if !loss.is_finite() {
            since.diverged = Some((step, loss));
            return;
        }
        self.step.backward(self.network, self.optimizer_state);
        self.optimizer_state.step(self.network);
        self.step.update(&mut self.metrics, loss);
        since.rows += rows;
    }

    /// Averages weights, the state of layers and the slots of the optimizer over the ranks; returns the number of rows that they have
    /// trained on.
    fn average(&mut self, ranks: &Ranks<'_>, epoch: usize, since: Since) -> std::result::Result<usize, Interruption> {
        let communicator = ranks.communicator();
        let Since { rows, failure, diverged } = since;
        let (step, loss) = diverged.unwrap_or((0, 0.0));
        let flags = [failure.is_some(), diverged.is_some()].map(|flag| f64::from(u8::from(flag)));
        let steps = self.optimizer_state.iterations as f64;
        let all = gather(communicator, &[rows as f64, flags[0], flags[1], steps, step as f64])?;
        let column = |index: usize| all.iter().map(move |numbers| numbers.get(index).copied().unwrap_or_default());
        if column(1).any(|failed| failed > 0.0) {
            agree(communicator, failure.map_or(Ok(()), Err))?;
        }
        if let Some(first) = column(2).position(|diverged| diverged > 0.0) {
            let (step, loss) = broadcast(communicator, first, &(step, loss.to_bits()))?;
            return Err(self.diverged(epoch, step, f64::from_bits(loss))?);
        }
        let total: f64 = column(0).sum();
        if total == 0.0 {
            return Ok(0);
        }
        let share = T::of(rows as f64 / total);
        let state = &mut *self.optimizer_state;
        for values in [&mut self.network.weights, &mut self.network.state, &mut state.slots] {
            values.iter_mut().for_each(|value| *value *= share);
            T::sum_over(communicator, values)?;
        }
        // Ranks with fewer rows have done fewer steps; the scalars of the optimizer come from the rank that has done most.
        let most = column(3).fold(0.0, f64::max);
        let longest = column(3).position(|steps| steps == most).unwrap_or(0);
        if ranks.rank() != longest {
            state.scalars.fill(0.0);
        }
        if !state.scalars.is_empty() {
            communicator.sum_f64(&mut state.scalars)?;
        }
        state.iterations = most as u64;
        self.network.constrain();
        Ok(total as usize)
    }
}
