use serde::{Deserialize, Serialize};
use std::fmt;

/// The type of a prediction task. A [`Target`](crate::pipeline::Target) has one, and a [`Score`](super::Score) lists those that it
/// supports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Task {
    /// One of two classes; one of them is the positive class.
    Binary,
    /// One of several classes.
    Multiclass,
    /// One number.
    Regression,
    /// Several numbers.
    MultiRegression,
    /// Any number of labels at the same time, each of which applies or not.
    Multilabel,
}

impl Task {
    /// All tasks.
    pub const ALL: [Task; 5] =
        [Task::Binary, Task::Multiclass, Task::Regression, Task::MultiRegression, Task::Multilabel];

    /// Whether the targets are numbers.
    pub fn is_regression(self) -> bool {
        matches!(self, Task::Regression | Task::MultiRegression)
    }

    /// Whether each row has exactly one class.
    pub fn has_classes(self) -> bool {
        matches!(self, Task::Binary | Task::Multiclass)
    }
}

impl fmt::Display for Task {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Task::Binary => "binary classification",
            Task::Multiclass => "multi-class classification",
            Task::Regression => "regression",
            Task::MultiRegression => "regression of several numbers",
            Task::Multilabel => "multilabel classification",
        })
    }
}
