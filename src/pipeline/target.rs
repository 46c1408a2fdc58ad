use super::Task;
use crate::preprocessing::Value;
use crate::preprocessing::missing_numbers::name_given_twice;
use crate::{Error, Result};
use serde::{Deserialize, Serialize};

/// The target of a [`Pipeline`](super::Pipeline): one or more columns of a table, and how they are encoded as targets of a network.
///
/// | target | columns | a prediction is |
/// |---|---|---|
/// | [`binary`](Self::binary) | one, of two values: numbers, booleans or strings | the probability of the positive label |
/// | [`multiclass`](Self::multiclass) | one, of several values | a probability for each label |
/// | [`regression`](Self::regression) | one, of numbers | a number |
/// | [`multi_regression`](Self::multi_regression) | several, of numbers | a number for each column |
/// | [`multilabel`](Self::multilabel) | several, of booleans or of 0 and 1 | a probability for each column |
///
/// Numbers may be transformed before they are learned; predictions are transformed back. Of a value `y`:
///
/// | option | default | |
/// |---|---|---|
/// | [`log`](Self::log) | false | `ln(1 + y)`, for numbers of at least 0 |
/// | [`standardize`](Self::standardize) | true | then `(y − μ)/σ`, by the training rows |
/// | [`clamp`](Self::clamp) | false | predictions are limited to the range of the training rows |
///
/// ```
/// use perceptra::pipeline::Target;
///
/// let default = Target::binary("loan_status").positive("Charged Off");
/// let price = Target::regression("price").log(true).clamp(true);
/// assert_eq!((default.columns(), price.columns()), (&["loan_status".to_string()][..], &["price".to_string()][..]));
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Target {
    pub(super) task: Task,
    pub(super) columns: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) positive: Option<Value>,
    #[serde(default)]
    pub(super) log: bool,
    #[serde(default)]
    pub(super) standardize: bool,
    #[serde(default)]
    pub(super) clamp: bool,
}

impl Target {
    fn of(task: Task, columns: Vec<String>) -> Target {
        Target { task, columns, positive: None, log: false, standardize: task.is_regression(), clamp: false }
    }

    /// One of two classes. The positive label is [given](Self::positive); otherwise it is the last of the two in their order:
    /// 1 of 0 and 1, true of false and true, of strings the one that is later in the alphabet.
    pub fn binary(column: impl Into<String>) -> Target {
        Target::of(Task::Binary, vec![column.into()])
    }

    /// One of several classes: every distinct value of the column is one, in ascending order.
    pub fn multiclass(column: impl Into<String>) -> Target {
        Target::of(Task::Multiclass, vec![column.into()])
    }

    /// A target of one number.
    pub fn regression(column: impl Into<String>) -> Target {
        Target::of(Task::Regression, vec![column.into()])
    }

    /// A target of several numbers.
    pub fn multi_regression(columns: impl IntoIterator<Item = impl Into<String>>) -> Target {
        Target::of(Task::MultiRegression, columns.into_iter().map(Into::into).collect())
    }

    /// Labels of which any number apply to a row, one column of booleans, or of 0 and 1, for each.
    pub fn multilabel(columns: impl IntoIterator<Item = impl Into<String>>) -> Target {
        Target::of(Task::Multilabel, columns.into_iter().map(Into::into).collect())
    }

    /// The label with the probability that a binary target predicts.
    #[must_use]
    pub fn positive(mut self, label: impl Into<Value>) -> Target {
        self.positive = Some(label.into());
        self
    }

    /// Whether the logarithm `ln(1 + y)` of numbers is learned. Defaults to false.
    #[must_use]
    pub fn log(mut self, log: bool) -> Target {
        self.log = log;
        self
    }

    /// Whether numbers are scaled to mean 0 and variance 1. Defaults to true for numbers.
    #[must_use]
    pub fn standardize(mut self, standardize: bool) -> Target {
        self.standardize = standardize;
        self
    }

    /// Whether predicted numbers are limited to the range of the training rows. Defaults to false.
    #[must_use]
    pub fn clamp(mut self, clamp: bool) -> Target {
        self.clamp = clamp;
        self
    }

    /// The kind of the task.
    pub fn task(&self) -> Task {
        self.task
    }

    /// The columns of the table.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// Returns an error for options that do not go with the task.
    pub(super) fn check(&self) -> Result<()> {
        let refuse = |argument, value: String, expected: &str| {
            Err(Error::argument(format!("Target of {}", self.columns.join(", ")), argument, value, expected))
        };
        if let Some(name) = name_given_twice(&self.columns) {
            return refuse("columns", format!("\"{name}\" twice"), "each column once");
        }
        if self.columns.is_empty() {
            return refuse("columns", "empty".into(), "the names of the columns to predict");
        }
        if let (Some(label), false) = (&self.positive, self.task == Task::Binary) {
            return refuse("positive", label.to_string(), "none: it is for Target::binary");
        }
        if !self.task.is_regression() {
            let given = [("log", self.log), ("standardize", self.standardize), ("clamp", self.clamp)];
            if let Some((argument, _)) = given.into_iter().find(|(_, given)| *given) {
                return refuse(argument, "true".into(), "false: it is for numbers, as in Target::regression");
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_that_do_not_go_with_the_task_are_refused() {
        let message = |target: Target| target.check().unwrap_err().to_string();
        assert!(message(Target::binary("a").log(true)).contains("Target::regression"));
        assert!(message(Target::multiclass("a").positive("b")).contains("Target::binary"));
        assert!(message(Target::multilabel(["a", "a"])).contains("twice"));
        assert!(message(Target::multi_regression(Vec::<String>::new())).contains("names of the columns"));
        assert!(Target::regression("a").log(true).standardize(false).clamp(true).check().is_ok());
    }
}
