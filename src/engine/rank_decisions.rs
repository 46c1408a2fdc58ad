//! Broadcasts the decisions of rank 0 in a distributed fit to all ranks.

use super::fit_loop::FitLoop;
use super::fit_state::{Position, Resumed, ResumedFit, RunningPart};
use super::history::History;
use super::progress::Verbosity;
use super::ranks::{Ranks, agree, broadcast, broadcast_values, gather};
use crate::distributed::Distributed;
use crate::optimizers::LearningRate;
use crate::{Error, Result, Scalar};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// The changes that the callbacks made in one round of calls. Numbers are stored as bits, since JSON has no NaN.
#[derive(Serialize, Deserialize)]
struct SharedDecisions {
    stop: bool,
    /// The learning rate, unless the optimizer follows a schedule.
    learning_rate: Option<u64>,
    /// Whether callbacks changed weights or the state of layers.
    changed: bool,
    logs: Vec<(String, u64)>,
}

/// The position in a backup from which a fit resumes.
#[derive(Serialize, Deserialize)]
struct SharedStart {
    path: PathBuf,
    position: Position,
    /// Whether the fit was stopped, its history, and whether it was within an epoch.
    fit: Option<(bool, History, bool)>,
}

/// The weights and the state of layers before callbacks are called.
pub(super) struct Before<T> {
    weights: Vec<T>,
    state: Vec<T>,
    swapped: bool,
}

impl<'f, T: Scalar> FitLoop<'_, 'f, '_, T> {
    /// Distributes a fit that is prepared on every rank: rejects ranks that differ, and exchanges the values that the steps need.
    pub(crate) fn over(mut self, over: Distributed<'f>) -> Result<Self> {
        let communicator = over.communicator();
        let (every, _) = over.schedule();
        self.compare(communicator, over.schedule())?;
        agree(communicator, self.check_distributed(every))?;
        let rows = if self.source.is_some() { 0 } else { self.data.rows() };
        let batches = self.batches.of_pass().map_or(-1.0, |batches| batches as f64);
        let weighs = f64::from(u8::from(self.step.loss.needs_totals()));
        let observed = f64::from(u8::from(!self.callbacks.is_empty()));
        let batch_size = self.options.batch_size as f64;
        let all = gather(communicator, &[rows as f64, batches, weighs, observed, batch_size])?;
        let column = |index: usize| all.iter().map(move |numbers| numbers.get(index).copied().unwrap_or_default());
        let observed = column(3).next().is_some_and(|observed| observed > 0.0);
        // A pass has as many batches as the rank with the most rows.
        let longest = column(1).fold(0.0, f64::max);
        self.batches.set_of_pass(column(1).all(|batches| batches >= 0.0).then_some(longest as usize));
        let different = column(4).any(|size| size != batch_size);
        let counts = self.source.is_some() || different || observed || column(2).any(|weighs| weighs > 0.0);
        let rows = column(0).map(|rows| rows as usize).collect();
        if communicator.rank() > 0 {
            self.callbacks.clear();
            self.known.clear();
            self.options.verbosity = Verbosity::Silent;
        }
        self.ranks = Some(Ranks { over, observed, counts, rows });
        Ok(self)
    }

    /// Rejects losses, metrics and settings that a distributed fit does not support.
    fn check_distributed(&mut self, every: Option<usize>) -> Result<()> {
        let refused = |value: String, expected: &str| Err(Error::argument("Fit", "distributed", value, expected));
        if every == Some(0) {
            return Err(Error::argument("Distributed", "average_every", 0, "at least 1 step"));
        }
        let loss = self.step.loss.loss();
        if loss.whole_batch() && every.is_none() {
            let value = format!("given with {}, which is one loss of a whole batch", loss.class_name());
            return refused(value, "a loss that is a sum over samples, or Distributed::average_every(…)");
        }
        let hidden = self.metrics.hidden().map(str::to_string);
        if let Some(key) = hidden {
            let value = format!("given with the metric {key}, whose numbers are not known");
            return refused(value, "metrics whose state returns its numbers from accumulators_mut");
        }
        if self.resumable.is_some() {
            return refused("given in a fit in parts".into(), "a fit in one part");
        }
        Ok(())
    }

    /// A copy of the values that callbacks may change; `None` if the fit is not distributed, and on ranks other than 0.
    pub(super) fn before_callbacks(&self) -> Option<Before<T>> {
        self.ranks.as_ref().filter(|ranks| ranks.observed && ranks.is_first()).map(|_| Before {
            weights: self.network.weights.to_vec(),
            state: self.network.state.to_vec(),
            swapped: self.optimizer_state.swapped,
        })
    }

    /// Broadcasts the changes that callbacks made, or the error of one of them, to all ranks.
    pub(super) fn broadcast_decisions(&mut self, before: Option<Before<T>>, result: Result<()>) -> Result<()> {
        let Some(ranks) = self.ranks.as_ref().filter(|ranks| ranks.observed) else { return result };
        let communicator = ranks.communicator();
        agree(communicator, result)?;
        let changed = before.is_some_and(|before| {
            before.swapped != self.optimizer_state.swapped
                || before.weights[..] != self.network.weights[..]
                || before.state[..] != self.network.state[..]
        });
        let mine = SharedDecisions {
            stop: self.stop,
            learning_rate: match &self.optimizer_state.learning_rate {
                LearningRate::Constant(rate) => Some(rate.to_bits()),
                LearningRate::Schedule(_) => None,
            },
            changed,
            logs: self.logs.iter().map(|(name, value)| (name.to_string(), value.to_bits())).collect(),
        };
        let decided = broadcast(communicator, 0, &mine)?;
        self.stop = decided.stop;
        if let Some(rate) = decided.learning_rate {
            self.optimizer_state.learning_rate = LearningRate::Constant(f64::from_bits(rate));
        }
        self.logs.clear();
        for (name, value) in decided.logs {
            self.logs.set(name, f64::from_bits(value));
        }
        if decided.changed { self.broadcast_state() } else { Ok(()) }
    }

    /// Broadcasts the weights, the state of layers and the state of the optimizer of rank 0.
    pub(super) fn broadcast_state(&mut self) -> Result<()> {
        let Some(ranks) = &self.ranks else { return Ok(()) };
        let communicator = ranks.communicator();
        broadcast_values(communicator, &mut self.network.weights)?;
        broadcast_values(communicator, &mut self.network.state)?;
        broadcast_values(communicator, &mut self.optimizer_state.slots)?;
        broadcast_values(communicator, &mut self.optimizer_state.scalars)?;
        let state = &*self.optimizer_state;
        let mine = (self.network.seed, state.iterations, state.epochs, state.swapped);
        let (seed, iterations, epochs, swapped) = broadcast(communicator, 0, &mine)?;
        self.network.seed = seed;
        let state = &mut *self.optimizer_state;
        (state.iterations, state.epochs, state.swapped) = (iterations, epochs, swapped);
        Ok(())
    }

    /// Broadcasts the position from which rank 0 resumes, and the state of the fit there.
    pub(super) fn broadcast_start(&mut self) -> Result<()> {
        let Some(ranks) = &self.ranks else { return Ok(()) };
        let mine = self.resume.as_ref().map(|resumed| SharedStart {
            path: resumed.path.clone(),
            position: resumed.position,
            fit: resumed.fit.as_ref().map(|fit| (fit.stopped, fit.history.clone(), fit.running.is_some())),
        });
        let (is_first, start) = (ranks.is_first(), broadcast(ranks.communicator(), 0, &mine)?);
        if !is_first {
            self.resume = start.map(|SharedStart { path, position, fit }| Resumed {
                path,
                position,
                // Only rank 0 continues with the stored running metrics, which are those of all ranks.
                fit: fit.map(|(stopped, history, within)| ResumedFit {
                    stopped,
                    history,
                    running: within.then(|| RunningPart { numbers: Vec::new() }),
                    callbacks: Vec::new(),
                }),
            });
        }
        self.broadcast_state()
    }

    /// The result of this rank if all ranks have succeeded, otherwise an error; the result itself if the fit is not distributed.
    pub(super) fn agreed<V>(&self, result: Result<V>) -> Result<V> {
        match &self.ranks {
            Some(ranks) => agree(ranks.communicator(), result),
            None => result,
        }
    }

    /// The decision of rank 0; the decision itself if the fit is not distributed.
    pub(super) fn decided(&self, decision: bool) -> Result<bool> {
        match &self.ranks {
            Some(ranks) => broadcast(ranks.communicator(), 0, &decision),
            None => Ok(decision),
        }
    }
}
