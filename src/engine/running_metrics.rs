//! The running loss and metrics of an epoch or an evaluation.

use super::context::LogKey;
use super::fit_state::RunningPart;
use super::logs::Logs;
use crate::items::Item;
use crate::metrics::{Direction, Metric, MetricState, Width};
use crate::{Batch, Result, Scalar};

/// The running loss and all running metrics.
pub(super) struct RunningMetrics<T: Scalar> {
    entries: Vec<RunningMetric<T>>,
    loss: f64,
    rows: f64,
}

struct RunningMetric<T: Scalar> {
    key: String,
    direction: Option<Direction>,
    state: Box<dyn MetricState<T>>,
    /// Whether the metric uses sample weights.
    weighted: bool,
}

impl<T: Scalar> RunningMetrics<T> {
    pub(super) fn new(plain: &[Item<dyn Metric<T>>], weighted: &[Item<dyn Metric<T>>], width: Width) -> Result<Self> {
        let mut entries: Vec<RunningMetric<T>> = Vec::new();
        let both = plain.iter().map(|metric| (metric, false)).chain(weighted.iter().map(|metric| (metric, true)));
        for (metric, weighted) in both {
            let metric = metric.checked()?;
            let base = metric.key();
            let taken = |key: &str| key == "loss" || entries.iter().any(|entry| entry.key == key);
            let mut key = base.clone();
            let mut count = 0;
            while taken(&key) {
                count += 1;
                key = format!("{base}_{count}");
            }
            entries.push(RunningMetric { key, direction: metric.direction(), state: metric.start(width)?, weighted });
        }
        Ok(RunningMetrics { entries, loss: 0.0, rows: 0.0 })
    }

    pub(super) fn reset(&mut self) {
        (self.loss, self.rows) = (0.0, 0.0);
        self.entries.iter_mut().for_each(|entry| entry.state.reset());
    }

    /// Updates loss and metrics with the targets, predictions, sample weights and loss of a batch.
    pub(super) fn update(&mut self, y: Batch<'_, T>, p: Batch<'_, T>, weights: Option<&[T]>, loss: f64) {
        let rows = y.rows() as f64;
        self.loss += loss * rows;
        self.rows += rows;
        for entry in &mut self.entries {
            let weights = weights.filter(|_| entry.weighted);
            entry.state.update(y, p, weights);
        }
    }

    /// Updates loss and metrics with the rows of this rank in a step; `loss` is their sum in the loss over the rows of all ranks.
    pub(super) fn update_part(&mut self, y: Batch<'_, T>, p: Batch<'_, T>, weights: Option<&[T]>, loss: f64) {
        self.loss += loss;
        self.rows += y.rows() as f64;
        for entry in &mut self.entries {
            entry.state.update(y, p, weights.filter(|_| entry.weighted));
        }
    }

    /// Adds a term that does not depend on rows to the running loss.
    pub(super) fn add_loss(&mut self, loss: f64) {
        self.loss += loss;
    }

    /// The accumulators of the loss and of all metrics, in one vector.
    pub(super) fn numbers(&mut self) -> Vec<f64> {
        self.running().numbers.into_iter().flat_map(|(_, numbers)| numbers).collect()
    }

    /// Merges the accumulators of several ranks into this one's; `parts` holds the [`numbers`](Self::numbers) of each.
    pub(super) fn set_merged(&mut self, parts: &[Vec<f64>]) {
        self.reset();
        for part in parts {
            let (of_loss, mut rest) = part.split_at(part.len().min(2));
            if let [loss, rows] = of_loss {
                self.loss += loss;
                self.rows += rows;
            }
            for entry in &mut self.entries {
                let (numbers, others) = rest.split_at(entry.state.accumulators_mut().len().min(rest.len()));
                entry.state.merge(numbers);
                rest = others;
            }
        }
    }

    /// The key of the first metric that does not expose its accumulators and so cannot be merged.
    pub(super) fn hidden(&mut self) -> Option<&str> {
        let hidden = self.entries.iter_mut().position(|entry| entry.state.accumulators_mut().is_empty())?;
        self.entries.get(hidden).map(|entry| entry.key.as_str())
    }

    /// Writes the current values to the logs, under names with a prefix.
    pub(super) fn write(&self, prefix: &str, logs: &mut Logs) {
        logs.set(format!("{prefix}loss"), if self.rows == 0.0 { 0.0 } else { self.loss / self.rows });
        for RunningMetric { key, state, .. } in &self.entries {
            match state.results().as_slice() {
                [value] => logs.set(format!("{prefix}{key}"), *value),
                values => {
                    for (i, value) in values.iter().enumerate() {
                        logs.set(format!("{prefix}{key}_{i}"), *value);
                    }
                }
            }
        }
    }

    /// The accumulators of the loss and of each metric; empty for a metric that does not expose them.
    pub(super) fn running(&mut self) -> RunningPart {
        let loss = ("loss".to_string(), vec![self.loss, self.rows]);
        let metrics = self.entries.iter_mut().map(|RunningMetric { key, state, .. }| {
            let numbers = state.accumulators_mut().into_iter().map(|number| *number);
            (key.clone(), numbers.collect())
        });
        RunningPart { numbers: std::iter::once(loss).chain(metrics).collect() }
    }

    /// Continues with stored accumulators; a metric with another number of accumulators starts over.
    pub(super) fn continue_with(&mut self, stored: &RunningPart) {
        self.reset();
        for (name, numbers) in &stored.numbers {
            if let ("loss", [loss, rows]) = (name.as_str(), numbers.as_slice()) {
                (self.loss, self.rows) = (*loss, *rows);
            } else if let Some(entry) = self.entries.iter_mut().find(|entry| entry.key == *name) {
                let places = entry.state.accumulators_mut();
                if places.len() == numbers.len() {
                    places.into_iter().zip(numbers).for_each(|(place, number)| *place = *number);
                }
            }
        }
    }

    /// The names under which the values are written to the logs.
    pub(super) fn keys(&self) -> Vec<LogKey> {
        let key = |name: String, direction| LogKey { name, direction, by_batch: true };
        let mut keys = vec![key("loss".into(), Some(Direction::Down))];
        for RunningMetric { key: name, direction, state, .. } in &self.entries {
            match state.results().len() {
                1 => keys.push(key(name.clone(), *direction)),
                count => keys.extend((0..count).map(|i| key(format!("{name}_{i}"), *direction))),
            }
        }
        keys
    }
}
