//! The fitted state of a target.

use super::super::{Target, Task};
use super::number_target::NumberTarget;
use crate::preprocessing::Value;
use serde::{Deserialize, Serialize};

/// A [`Target`] after the fit, with the labels or the distribution of the numbers of the training rows.
///
/// ```
/// use perceptra::prelude::*;
///
/// let table = Table::new()
///     .with_numbers("income", (0..80).map(f64::from))?
///     .with_booleans("paid", (0..80).map(|row| row % 40 + row % 7 > 20))?;
/// let pipeline = Pipeline::new(Target::binary("paid")).members(1).options(Fit::new().epochs(2).verbose(0)).seed(1);
/// let fitted = pipeline.fit(&table)?;
/// let target = fitted.target();
/// assert_eq!((target.labels(), target.positive_label()), (&[false.into(), true.into()][..], Some(&true.into())));
/// assert_eq!(target.outputs(), 1);
/// # Ok::<(), perceptra::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FittedTarget {
    pub(super) target: Target,
    /// The classes in ascending order; of a binary target the negative and the positive one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) labels: Vec<Value>,
    /// The statistics of each column of numbers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) numbers: Vec<NumberTarget>,
}

/// The form in which the classes of a multiclass target are passed to a loss.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum ClassForm {
    /// A column for each class, 1 for the class of the row.
    OneHot,
    /// One column with the index of the class.
    Index,
}

impl FittedTarget {
    /// The description.
    pub fn target(&self) -> &Target {
        &self.target
    }

    /// The kind of the task.
    pub fn task(&self) -> Task {
        self.target.task
    }

    /// The labels of the classes in the order of their probabilities; of a binary target the negative and the positive one;
    /// empty for other tasks.
    pub fn labels(&self) -> &[Value] {
        &self.labels
    }

    /// The label with the probability that a binary target predicts.
    pub fn positive_label(&self) -> Option<&Value> {
        if self.task() == Task::Binary { self.labels.get(1) } else { None }
    }

    /// The number of outputs that a network needs: one for a binary target, one for each class, number or label otherwise.
    pub fn outputs(&self) -> usize {
        match self.task() {
            Task::Binary | Task::Regression => 1,
            Task::Multiclass => self.labels.len(),
            Task::MultiRegression | Task::Multilabel => self.target.columns.len(),
        }
    }
}
