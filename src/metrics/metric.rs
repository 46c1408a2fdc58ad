//! The traits of all metrics.

use crate::items::{IntoItem, Item, Spec, invalid, snake_case};
use crate::outputs::Outputs;
use crate::{Batch, Error, Result, Scalar};

/// The direction in which a metric improves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Larger is better, as for accuracy.
    Up,
    /// Smaller is better, as for errors.
    Down,
}

/// The columns of targets and predictions that a metric will see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Width {
    /// Columns of `y`.
    pub targets: usize,
    /// Columns of the predictions.
    pub outputs: usize,
}

impl Width {
    /// Checks that targets and outputs can be compared column by column.
    pub(crate) fn matching(self, metric: &dyn Spec) -> Result<()> {
        if self.targets == self.outputs {
            return Ok(());
        }
        let advice = match (self.targets, self.outputs) {
            (1, _) => "encode the classes one-hot, or take the metric's sparse form",
            _ => "give it as many target columns as outputs",
        };
        let advice = format!("{} compares them column by column: {advice}", metric.class_name());
        Err(Error::Outputs { what: "y", expected: self.outputs, found: self.targets, advice })
    }

    /// Checks that the targets are one column of class indices.
    pub(crate) fn sparse(self, metric: &dyn Spec) -> Result<()> {
        if self.targets != 1 {
            let columns = format!("{} columns", self.targets);
            return Err(invalid(metric, "y", columns, "one column of class indices"));
        }
        if self.outputs == 1 {
            let expected = "an output for each class; for one probability take BinaryAccuracy or BinaryCrossentropy";
            return Err(invalid(metric, "outputs", 1, expected));
        }
        Ok(())
    }
}

/// A number computed over all samples of an epoch or an evaluation.
///
/// The metric is a plain description; [`start`](Metric::start) returns the running state.
///
/// ```
/// use perceptra::prelude::*;
/// use perceptra::metrics::{Metric, MetricState, Width};
/// use perceptra::{Batch, Result, Scalar, items::Spec};
///
/// /// The mean of `(p − y)²` for probabilities
/// #[derive(Debug)]
/// struct Brier;
///
/// impl Spec for Brier {}
///
/// impl<T: Scalar> Metric<T> for Brier {
///     fn start(&self, _: Width) -> Result<Box<dyn MetricState<T>>> {
///         Ok(Box::new(State { sum: 0.0, count: 0.0 }))
///     }
/// }
///
/// #[derive(Clone)]
/// struct State {
///     sum: f64,
///     count: f64,
/// }
///
/// impl<T: Scalar> MetricState<T> for State {
///     fn update(&mut self, y: Batch<'_, T>, p: Batch<'_, T>, weights: Option<&[T]>) {
///         for i in 0..y.rows() {
///             let weight = weights.map_or(1.0, |weights| weights[i].to_f64());
///             self.sum += weight * (p.at(i, 0) - y.at(i, 0)).to_f64().powi(2);
///             self.count += weight;
///         }
///     }
///
///     fn result(&self) -> f64 {
///         if self.count == 0.0 { 0.0 } else { self.sum / self.count }
///     }
///
///     fn reset(&mut self) {
///         *self = State { sum: 0.0, count: 0.0 };
///     }
///
///     fn accumulators_mut(&mut self) -> Vec<&mut f64> {
///         vec![&mut self.sum, &mut self.count]
///     }
/// }
///
/// let model = Sequential::new()
///     .add(Dense::new(1, Sigmoid))
///     .compile(Adam::default(), BinaryCrossentropy, metrics![Brier, Accuracy]);
/// ```
pub trait Metric<T: Scalar>: Spec {
    /// A fresh state.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`](crate::Error::Argument) if the metric does not support these widths.
    fn start(&self, width: Width) -> Result<Box<dyn MetricState<T>>>;

    /// The name the user gave, if any.
    fn given_name(&self) -> Option<String> {
        None
    }

    /// The key in history and logs: the given name, else the class name in snake case.
    fn key(&self) -> String {
        self.given_name().unwrap_or_else(|| snake_case(&self.class_name()))
    }

    /// The direction in which the metric improves; `None` if it is not known.
    fn direction(&self) -> Option<Direction> {
        None
    }

    /// The form of outputs that it expects; others are measured too, with a [`Warning`](crate::models::Warning).
    fn expects(&self, width: Width) -> Outputs {
        let _ = width;
        Outputs::Any
    }
}

/// The running state of a metric.
pub trait MetricState<T: Scalar>: Send {
    /// Adds one batch; without weights every sample counts once.
    fn update(&mut self, y: Batch<'_, T>, p: Batch<'_, T>, weights: Option<&[T]>);

    /// The value over all batches since the last reset.
    fn result(&self) -> f64;

    /// The values of a metric that has several, one per class or threshold; otherwise the only one.
    fn results(&self) -> Vec<f64> {
        vec![self.result()]
    }

    /// Resets the state.
    fn reset(&mut self);

    /// The numbers that make up the state, for a backup within an epoch, which stores them and replaces them when the
    /// fit is resumed. None by default: the metric of an epoch that is resumed then covers the rest of it.
    fn accumulators_mut(&mut self) -> Vec<&mut f64> {
        Vec::new()
    }

    /// Adds another state of the same metric, given by its [accumulators](MetricState::accumulators_mut): that of another rank of a
    /// [distributed](crate::distributed) fit. By default each number is added to its own, which is right for sums and counts.
    fn merge(&mut self, accumulators: &[f64]) {
        self.accumulators_mut().into_iter().zip(accumulators).for_each(|(mine, other)| *mine += other);
    }
}

/// The metrics that `compile` takes: [`metrics!`](macro@crate::metrics), an array or a vector of one type
/// (`["accuracy", "auc"]`), or `()` for none.
///
/// `M` distinguishes the implementations and is never written.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a list of metrics",
    label = "not a list of metrics",
    note = "pass `metrics![Accuracy, \"auc\"]`, an array or a vector of one type such as `[\"accuracy\"]`, or `()` for none"
)]
pub trait MetricList<T: Scalar, M> {
    /// The metrics as a list of items.
    fn into_list(self) -> Vec<Item<dyn Metric<T>>>;
}

impl<T: Scalar, M, I: IntoItem<dyn Metric<T>, M>, const N: usize> MetricList<T, M> for [I; N] {
    fn into_list(self) -> Vec<Item<dyn Metric<T>>> {
        self.into_iter().map(I::into_item).collect()
    }
}

impl<T: Scalar, M, I: IntoItem<dyn Metric<T>, M>> MetricList<T, M> for Vec<I> {
    fn into_list(self) -> Vec<Item<dyn Metric<T>>> {
        self.into_iter().map(I::into_item).collect()
    }
}

impl<T: Scalar> MetricList<T, ()> for () {
    fn into_list(self) -> Vec<Item<dyn Metric<T>>> {
        Vec::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::BatchBuffer;
    use nalgebra::DMatrix;
    use serde_json::{Value, json};

    #[test]
    fn the_numbers_of_a_state_are_all_of_it() -> Result<()> {
        let batch = |first: usize, columns: usize, y: bool, sparse: bool| {
            let value = |i: usize, j: usize| match (y, sparse) {
                (true, true) => ((i + first) % 3) as f64,
                (true, false) if columns == 1 => f64::from(u8::from((i + first).is_multiple_of(3))),
                (true, false) => f64::from(u8::from((i + first) % columns == j)),
                (false, _) => 0.05 + ((7 * i + 5 * j + 3 * first) % 10) as f64 / 11.0,
            };
            BatchBuffer::from_matrix(&DMatrix::from_fn(9, columns, value))
        };
        let weights = [0.5, 1.0, 2.0, 0.0, 1.0, 0.25, 3.0, 1.0, 1.0];
        let (mut tested, mut forms) = (0, 0);
        for entry in crate::metrics::all::<f64>() {
            let config = match entry.name {
                "PrecisionAtRecall" => json!({ "recall": 0.4 }),
                "RecallAtPrecision" => json!({ "precision": 0.4 }),
                "SensitivityAtSpecificity" => json!({ "specificity": 0.4 }),
                "SpecificityAtSensitivity" => json!({ "sensitivity": 0.4 }),
                "R2Score" => json!({ "num_regressors": 2 }),
                "TopKCategoricalAccuracy" | "SparseTopKCategoricalAccuracy" => json!({ "k": 2 }),
                _ => Value::Null,
            };
            let metric = (entry.make)(config)?;
            let before = forms;
            for (targets, outputs) in [(1, 1), (3, 3), (1, 3)] {
                let Ok(mut whole) = metric.start(Width { targets, outputs }) else { continue };
                let sparse = targets < outputs;
                let mut resumed = metric.start(Width { targets, outputs })?;
                let update = |state: &mut dyn MetricState<f64>, first: usize| {
                    let (y, p) = (batch(first, targets, true, sparse), batch(first, outputs, false, sparse));
                    state.update(y.batch(), p.batch(), Some(&weights));
                };
                // The result must not depend on the previous contents of the state.
                update(&mut *resumed, 5);
                update(&mut *whole, 0);
                let numbers: Vec<f64> = whole.accumulators_mut().into_iter().map(|number| *number).collect();
                let places = resumed.accumulators_mut();
                assert!(!numbers.is_empty() && places.len() == numbers.len(), "{}", entry.name);
                places.into_iter().zip(numbers).for_each(|(place, number)| *place = number);
                update(&mut *whole, 1);
                let mut rest = metric.start(Width { targets, outputs })?;
                update(&mut *rest, 1);
                let rest: Vec<f64> = rest.accumulators_mut().into_iter().map(|number| *number).collect();
                let mut merged = metric.start(Width { targets, outputs })?;
                update(&mut *merged, 0);
                merged.merge(&rest);
                for (merged, whole) in merged.results().into_iter().zip(whole.results()) {
                    approx::assert_relative_eq!(merged, whole, max_relative = 1e-12);
                }
                update(&mut *resumed, 1);
                let bits = |state: &dyn MetricState<f64>| -> Vec<u64> {
                    state.results().into_iter().map(f64::to_bits).collect()
                };
                assert_eq!(bits(&*resumed), bits(&*whole), "{}", entry.name);
                forms += 1;
            }
            tested += usize::from(forms > before);
        }
        assert_eq!(tested, crate::metrics::all::<f64>().len());
        Ok(())
    }
}
